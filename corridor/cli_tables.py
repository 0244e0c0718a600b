"""Routes on the screen: the comparison, who is best at what, one route leg by leg; and the file of the map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.cli_network import console

if TYPE_CHECKING:
    from rich.table import Table

    from corridor import Route, Scenario

NARROW = 70
"""Terminals of fewer columns than this get tables without rules, and the way of a route under its name."""


def _under(scenario: Scenario) -> str:
    """The scenario as a title tells it; "" for the baseline."""
    return "" if str(scenario) == "baseline" else f", {scenario}"


def _figure_columns(table: Table, columns: tuple[str, ...], footers: tuple[str, ...] = ("", "", "", "")) -> None:
    """Add columns of figures; where the terminal has fewer than NARROW columns, rules give way to words."""
    for column, footer in zip(columns, footers, strict=True):
        table.add_column(column, justify="right", footer=footer, no_wrap=True)
    if console().width < NARROW:
        table.box, table.padding, table.pad_edge = None, (0, 1, 0, 0), False


def comparison(routes: list[Route]) -> Table:
    """Routes side by side, with what each is the best at."""
    from rich.markup import escape
    from rich.table import Table

    import corridor as co

    first = routes[0]
    title = f"{first.origin} → {first.destination}, {first.shipment}"
    title += _under(first.scenario)
    table = Table(title=escape(title), title_style="bold", header_style="bold", show_lines=True)
    narrow = console().width < NARROW
    table.add_column("Corridor", min_width=13, overflow="fold")
    if not narrow:
        table.add_column("Via, kilometres by mode", ratio=1, overflow="fold")
    _figure_columns(table, ("km", "Days", "USD/t", "CO2e\nkg/t"))
    for row, route in zip(co.compare(routes).itertuples(), routes, strict=True):
        by_mode = ", ".join(f"{name} {km:,.0f}" for name, km in route.km_by_mode().items())
        badge = f"\n[green]{row.best_at}[/green]" if row.best_at else ""
        name = f"[bold]{escape(row.corridor)}[/bold]{badge}"
        way = f"{escape(row.via or 'direct')}\n[dim]{by_mode}[/dim]"
        table.add_row(
            *([f"{name}\n{way}\n"] if narrow else [name, way]),
            f"{row.distance_km:,.0f}", f"{row.days:.1f}", f"{row.cost_usd_per_t:,.0f}", f"{row.co2e_kg_per_t:,.0f}",
        )  # fmt: skip
    return table


def verdict(routes: list[Route], better: dict[str, Route]) -> list[str]:
    """Who is best at what, in sentences, and where another way than these is better yet."""
    from rich.markup import escape

    from corridor.compare import best_at

    figures = {
        "cheapest": lambda route: f"{route.cost_usd_per_t:,.0f} USD/t",
        "fastest": lambda route: f"{route.days:.0f} days",
        "lowest CO2e": lambda route: f"{route.co2e_kg_per_t:,.0f} kg CO2e/t",
        "shortest": lambda route: f"{route.distance_km:,.0f} km",
    }
    lines = [
        f"{badge[0].upper()}{badge[1:]}: [bold]{escape(route.corridor or 'direct')}[/bold], {figures[badge](route)}."
        for route, badges in zip(routes, best_at(routes), strict=True)
        for badge in badges
    ]
    for route in routes:
        if route.subsidy_usd:
            before, less = route.cost_usd_per_t, route.subsidy_usd / route.shipment.tonnes
            lines.append(
                f"{escape(route.corridor)}: {before:,.0f} USD/t, {before - less:,.0f} after the Kazakh subsidy if paid."
            )
    for badge, way in better.items():
        modes = " and ".join(way.km_by_mode())
        name = f"{modes} via {', '.join(way.via)}" if way.via else modes
        lines.append(
            f"[dim]Of all ways the {badge} is by {escape(name)}: {way.distance_km:,.0f} km, {way.days:.0f} days,"
            f" {way.cost_usd_per_t:,.0f} USD/t, {way.co2e_kg_per_t:,.0f} kg CO2e/t.[/dim]"
        )
    return lines


def leg_table(found: Route) -> Table:
    """One route leg by leg, with totals."""
    from rich.markup import escape
    from rich.table import Table

    tonnes = found.shipment.tonnes
    title = f"{found.origin} → {found.destination}, {found.shipment}"
    title += _under(found.scenario)
    caption = f"via {', '.join(found.via)}" if found.via else None
    table = Table(
        title=escape(title + (f": {found.corridor}" if found.corridor else "")),
        title_style="bold",
        header_style="bold",
        show_footer=True, caption=escape(caption) if caption else None,
    )  # fmt: skip
    table.add_column("Leg", footer="Total", overflow="fold")
    totals = (found.distance_km, found.days, found.cost_usd_per_t, found.co2e_kg_per_t)
    footers = tuple(f"{total:,.{digits}f}" for total, digits in zip(totals, (0, 1, 2, 1), strict=True))
    _figure_columns(table, ("km", "Days", "USD/t", "CO2e\nkg/t"), footers)
    for leg in found.legs:
        what = {
            "transfer": f"{escape(leg.layer.replace('>', ' → '))} at {escape(leg.origin)}",
            "access": f"{escape(leg.layer)} at {escape(leg.origin)}"
            if not leg.distance_km
            else f"road {escape(leg.origin)} → {escape(leg.destination)}",
        }.get(leg.kind, f"[bold]{leg.mode}[/bold] {escape(leg.origin)} → {escape(leg.destination)}")
        if leg.borders:
            what += f" [dim](borders {escape(', '.join(border.name for border in leg.borders))})[/dim]"
        table.add_row(
            what, f"{leg.distance_km:,.0f}" if leg.distance_km else "", f"{leg.time_h / 24:.1f}",
            f"{leg.cost_usd / tonnes:,.2f}", f"{leg.co2e_kg / tonnes:,.1f}",
        )  # fmt: skip
    return table


def print_notes(routes: list[Route]) -> None:
    """What a planner should know of what the routes pass."""
    from rich.markup import escape

    screen = console()
    for note in dict.fromkeys(note for found in routes for note in found.notes):
        about = dict.fromkeys(found.corridor or "other way" for found in routes if note in found.notes)
        where = f"[yellow]{escape(', '.join(about))}:[/yellow] " if len(routes) > 1 else ""
        screen.print(f"{where}{escape(note)}", soft_wrap=True)
    screen.print(
        "[dim]Planning estimates, not offers; every rate has its range and origin in corridor/assumptions.[/dim]",
        soft_wrap=True,
    )


def write_map(routes: list[Route], file: Path) -> None:
    """Write the page of the map; a folder that is not there is made."""
    from corridor.draw import draw_map

    write_page(draw_map(routes), file)


def write_page(page: Any, file: Path) -> None:
    """Write a page, an `OfflineMap`; a folder that is not there is made."""
    if file.parent != Path() and not file.parent.exists():
        file.parent.mkdir(parents=True)
    page.save(file)


def say_map(file: Path | None) -> None:
    """Say where the page is and how large."""
    from rich.markup import escape

    if file:
        size = f"{file.stat().st_size / 1000:,.0f} kB"
        console().print(
            f"Map written to [bold]{escape(str(file))}[/bold] ({size}): open it in any browser.", soft_wrap=True
        )
