"""What ``corridor frontier`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.cli_network import console, print_json

if TYPE_CHECKING:
    from corridor import Dominated, Front, Route


def print_metrics(route: Route) -> None:
    """The field's measures of a route, one a line."""
    from rich.table import Table

    from corridor.metrics import MEANINGS, metrics_record

    table = Table(box=None, header_style="bold", title="Measures", title_justify="left")
    for column in ("Measure", "Value", "Meaning"):
        table.add_column(column, justify="right" if column == "Value" else "left")
    for name, value in metrics_record(route).items():
        shown = "–" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)
        table.add_row(name, shown, f"[dim]{MEANINGS[name]}[/dim]")
    console().print(table)


def print_frontier(front: Front, dominated: list[Dominated], *, as_json: bool) -> None:
    """The front as a table with what the other corridors lose to it, or as JSON."""
    first = front[0]
    if as_json:
        from corridor.metrics import metrics_record

        print_json(
            {
                "origin": first.origin.name,
                "destination": first.destination.name,
                "within": front.within,
                "routes": [{**route.record(), "name": route.name, "metrics": metrics_record(route)} for route in front],
                "dominated": [one.record() for one in dominated],
            }
        )
        return
    from rich.markup import escape
    from rich.table import Table

    from corridor.compare import best_at

    screen = console()
    title = f"{first.origin} → {first.destination}, {first.shipment.tonnes:,.0f} t of {first.shipment.commodity}"
    table = Table(title=escape(title), title_style="bold", header_style="bold", show_lines=True)
    table.add_column("Corridor", min_width=13)
    table.add_column("Via, kilometres by mode", ratio=1)
    for column in ("Days", "USD/t", "CO2e\nkg/t"):
        table.add_column(column, justify="right", no_wrap=True)
    for route, badges in zip(front, best_at(front), strict=True):
        shown = ", ".join(badge for badge in badges if badge != "shortest")
        badge = f"\n[green]{shown}[/green]" if shown else ""
        by_mode = ", ".join(f"{name} {km:,.0f}" for name, km in route.km_by_mode().items())
        table.add_row(
            f"[bold]{escape(route.corridor or 'other way')}[/bold]{badge}",
            f"{escape(' · '.join(route.via) or 'direct')}\n[dim]{by_mode}[/dim]",
            f"{route.days:.1f}", f"{route.cost_usd_per_t:,.0f}", f"{route.co2e_kg_per_t:,.0f}",
        )  # fmt: skip
    screen.print(table)
    told = "No way is as good as one of these in days, dollars and CO2e and better in one"
    left_out = f"ways much like them, or better by no more than {front.within:.1%}, are left out"
    screen.print(f"[dim]{told}; {left_out}.[/dim]")
    if dominated:
        screen.print("Corridors that another way beats in everything:")
    for one in dominated:
        screen.print(f"  {one}", soft_wrap=True, markup=False)
