"""The command line: every command is a function of a file beside this one."""

from __future__ import annotations

import io
import re
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from corridor.cli_assumptions import assumptions
from corridor.cli_network import network_app
from corridor.cli_network_pages import network_map, network_terminals
from corridor.cli_places import places
from corridor.cli_reach import hinterland, reach
from corridor.cli_report import figure, report
from corridor.cli_routes import compare, distance, frontier, route
from corridor.cli_scenarios import months, scenarios, studies
from corridor.cli_sweep import sweep
from corridor.cli_uncertainty import uncertainty
from corridor.cli_verify import verify
from corridor.errors import CorridorError, NoRouteError
from geodata.errors import GeodataError

app = typer.Typer(
    name="corridor",
    help="Compare export paths between the Kazakh steppe and Belgium: days, dollars and carbon.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    (compare, "compare Kostanay Ghent --close Aktau --avoid-country RU --map out/kostanay-ghent.html"),
    (frontier, "frontier Kostanay Ghent --avoid-country RU"),
    (uncertainty, "uncertainty Kostanay Ghent --avoid-country RU --draws 20000 --seed 1"),
    (route, "route Kostanay Ghent --minimize time_h --avoid-country RU"),
    (distance, "distance Poti Constanta --mode sea"),
    (months, "months Kostanay Ghent --scenario no-russia-belarus"),
    (scenarios, "scenarios caspian-winter"),
    (studies, "studies --json"),
    (sweep, "sweep flaxseed-kostanay-ghent --out flaxseed.parquet"),
    (report, "report flaxseed-kostanay-ghent --out out/report"),
    (figure, "figure tornado Kostanay Ghent --minimize time_h --out tornado.svg"),
    (reach, "reach Kostanay --by time --within 240"),
    (hinterland, "hinterland Ghent --via Aktau,Kuryk,Novorossiysk,Riga"),
    (places, "places кост"),
    (assumptions, "assumptions Aktau"),
    (verify, "verify --mode rail"),
)
"""Every command with an example, in the order of the help."""
for command, example in COMMANDS:
    app.command(epilog=f"Example: corridor {example}")(command)
network_app.command("map", epilog="Example: corridor network map --map network.html")(network_map)
network_app.command("terminals", epilog="Example: corridor network terminals --map terminals.html")(network_terminals)
app.add_typer(network_app, name="network")


def main() -> NoReturn:
    """Run the command line; a known error is one sentence on stderr: exit 1 for no route, 2 for bad input."""
    from maps.errors import MapError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
    try:
        app([_west(argument) for argument in sys.argv[1:]], standalone_mode=True)
    except NoRouteError as error:
        _fail(error, 1)
    except (CorridorError, GeodataError, MapError) as error:
        _fail(error, 2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        _fail(CorridorError(f"cannot write or read{where}: {error.strerror or error}"), 2)
    sys.exit(0)


def _west(argument: str) -> str:
    """An argument as click is to see it: a point west of Greenwich, ``-1.55,47.22``, is no option."""
    return f" {argument}" if re.match(r"-\d+(\.\d*)?\s*[,;]", argument) else argument


def _fail(error: Exception, code: int) -> NoReturn:
    print(f"Error: {error}", file=sys.stderr)
    sys.exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"corridor {version('trade-corridor')}")
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


if __name__ == "__main__":
    main()
