"""Tables of the site, rendered from the tables of the package when the site is built, so that they cannot go stale."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

import pandas as pd

import corridor as co
from corridor.catalogue import shipped_catalogue
from geodata.verify import compare_distances, error_quantiles, known_deviations, published_distances

TITLES = {
    "haul.csv": "Moving: speed and price by kilometre",
    "stops.csv": "Standing: loading, transfers, frontiers, discharge",
    "vessels.csv": "Parcels that fill ships and trains",
    "emissions.csv": "Emissions",
    "policy.csv": "Duties and subsidies",
    "values.csv": "Interest and the price of carbon",
}


def assumption_tables() -> str:
    """Every row that prices a link: value, range, unit, source, year, confidence."""
    table = co.load_rates().table
    shares = table["confidence"].value_counts()
    general = table["source"].str.contains("general knowledge").mean()
    parts = [
        f"{len(table)} rows: {', '.join(f'{shares.get(name, 0)} of {name}' for name in ('high', 'medium', 'low'))}"
        f" confidence; {general:.0%} rest on general knowledge alone or in part."
    ]
    for file, rows in table.groupby("file", sort=False):
        title = TITLES.get(str(file), str(file))
        cells = (
            (
                f"`{row.quantity}`",
                " ".join(part for part in (row.kind, row.layer) if part != "any"),
                " ".join(part for part in (row.area, row.terminal) if part) or "anywhere",
                f"**{row.base:g}** ({row.low:g} … {row.high:g}) {row.unit}",
                f"{row.confidence}, {row.year}",
                _source(row.source) + (f"; {_text(row.note)}" if row.note else ""),
            )
            for row in rows.itertuples()
        )
        head = ("what", "of", "where", "value (low … high)", "confidence, year", "source")
        parts += [f"## {title}", _table(head, cells)]
    return "\n\n".join(parts)


def commodity_table() -> str:
    """Commodities with what the model takes of them."""
    cells = (
        (
            cargo.name,
            cargo.hs_code,
            f"{cargo.stowage_m3_per_t:g}",
            f"{cargo.value_usd_per_t:g}",
            _source(cargo.source),
            cargo.year,
        )
        for cargo in shipped_catalogue().commodities.values()
    )
    return _table(("commodity", "HS", "m³/t", "USD/t", "source", "year"), cells)


def verification_tables() -> str:
    """Sizes of error, then every published distance beside the network's own."""
    network = co.load_network()
    checked = compare_distances(network, published_distances())
    sizes = (
        (name, size["rows"], *(f"{size[key]:.1%}" for key in ("median", "p95", "max")))
        for name, size in error_quantiles(checked).items()
    )
    parts = [_table(("rows", "count", "median", "95 %", "largest"), sizes), "## Every distance", _distances(checked)]
    reasons = known_deviations().reset_index(drop=True)
    deviating = compare_distances(network, reasons)
    parts += ["## Published, believed and not met", _distances(deviating)]
    if "reason" in reasons:
        parts.append(
            "\n".join(
                f"* {_text(row['from'])} – {_text(row['to'])}: {_text(row['reason'])}"
                for row in reasons.to_dict("records")
            )
        )
    return "\n\n".join(parts)


def passages() -> str:
    """Straits, canals and tunnels that can be closed by their names."""
    return ", ".join(sorted(co.load_network().links_by("passage")))


def data_card() -> str:
    """The data card of the shipped network, its title left to the page."""
    text = (files("geodata") / "shipped" / "README.md").read_text("utf-8")
    return text.partition("\n")[2].replace("{{", "{ {").replace("{%", "{ %")


def _distances(checked: pd.DataFrame) -> str:
    cells = (
        (
            _text(row["from"]),
            _text(row["to"]),
            row["mode"],
            f"{row['published_km']:,.0f}",
            f"{row['computed_km']:,.0f}",
            f"{row['error']:+.1%}" + (" (fitted)" if row["fitted"] else ""),
            _source(row["source"]),
        )
        for row in checked.to_dict("records")
    )
    return _table(("from", "to", "mode", "published km", "network km", "error", "source"), cells)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in lines)


def _source(text: str) -> str:
    """A source as text in which web addresses are links, shown as the name of their server."""
    words = []
    for word in text.split():
        if word.startswith(("http://", "https://")):
            address = word.rstrip(",;")
            words.append(f"[{address.split('/')[2]}](<{address}>)" + word[len(address) :])
        else:
            words.append(_text(word))
    return " ".join(words)


def _text(text: object) -> str:
    """Text with no markup in it."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_{}[]<>|#$~" else sign for sign in str(text))
    return " ".join(escaped.split())
