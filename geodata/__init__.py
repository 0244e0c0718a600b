"""The world as a network: places, railways, roads, sea lanes and ferries between the steppe and Belgium."""
