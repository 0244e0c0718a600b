"""What ``tables/ferries.csv`` and ``tables/passages.csv`` know of the links of a service or passage."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geodata.errors import EditError
from geodata.tables import read_table
from geodata.vocabulary import Mode


def set_ferries(links: pd.DataFrame) -> pd.DataFrame:
    """
    Links with ``operator`` and ``sailing_h`` on every ferry of ``ferries.csv``.

    The published hours are shared out by km over the links that bear one of the names of the service; harbour
    approaches that several services use have none.

    Raises
    ------
    EditError
        No ferry link bears such a name.

    """
    links = links.copy()
    ferry = links["mode"] == Mode.FERRY
    for row in read_table("ferries").itertuples(index=False):
        names = [name.strip() for name in row.lines.split(";")]
        here = ferry & links["name"].isin(names)
        missing = sorted(set(names) - set(links.loc[here, "name"]))
        if missing:
            raise EditError(f"ferries.csv, {row.ferry}: no ferry is named {', '.join(missing)}")
        links.loc[here, "operator"] = f"{row.operator} ({row.operator_class})"
        km = links.loc[here, "length_km"]
        links.loc[here, "sailing_h"] = row.sailing_h * km / km.sum()
    return links


def set_passages(links: pd.DataFrame) -> pd.DataFrame:
    """
    Links with ``max_draught_m`` and ``locks`` at sea as ``passages.csv`` has them; locks stand on the longest link.

    Raises
    ------
    EditError
        No link bears the name of a passage.

    """
    links = links.copy()
    for row in read_table("passages").itertuples(index=False):
        named = (links["passage"] == row.passage) | ((links["passage"] == "") & (links["name"] == row.passage))
        if not named.any():
            raise EditError(f"passages.csv: no link has the passage or name {row.passage}")
        at_sea = named & (links["mode"] == Mode.SEA)
        if at_sea.any() and not np.isnan(row.max_draught_m):
            links.loc[at_sea, "max_draught_m"] = row.max_draught_m
        if at_sea.any() and not np.isnan(row.locks):
            links.loc[links.loc[at_sea, "length_km"].idxmax(), "locks"] = int(row.locks)
    return links
