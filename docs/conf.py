"""How Sphinx builds the site: no web fonts, no scripts or pictures from elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for tables.py
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # the program `corridor`
os.environ.setdefault("COLUMNS", "90")

SCRATCH = HERE / "_scratch"
SCRATCH.mkdir(exist_ok=True)  # where the commands shown are run
for table in (HERE.parent / "examples").glob("*.csv"):
    shutil.copy(table, SCRATCH)

from tables import assumption_tables, commodity_table, data_card, passages, verification_tables  # noqa: E402

project = "Corridor"
author = "The Corridor developers"
project_copyright = "The Corridor developers; data © OpenStreetMap contributors, ODbL"
release = version = version_of("trade-corridor")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinxcontrib.programoutput"]
exclude_patterns = ["_scratch"]

myst_enable_extensions = ["substitution", "colon_fence"]
myst_heading_anchors = 3
myst_substitutions = {
    "assumptions": assumption_tables(),
    "commodities": commodity_table(),
    "data_card": data_card(),
    "passages": passages(),
    "verification": verification_tables(),
}

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True
default_role = "code"

html_theme = "furo"
html_title = f"Corridor {version}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_show_sphinx = False
pygments_style = "default"
