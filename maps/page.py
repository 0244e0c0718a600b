"""
One self-contained HTML page, put together from known pieces.

Each script and style sheet is hashed when it is added, and the page's Content-Security-Policy allows those hashes and
nothing else: even a text that slipped through every escape could not run. Searching the finished text for tags would
be wrong (jQuery contains ``<script>`` in a string).
"""

import base64
import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from maps.assets import LICENCES
from maps.errors import AssetError
from maps.escape import escape_text, json_for_script

MAP_HERE = "<!-- map -->"
"""Place in a page's body where the map goes."""


def read_template(name: str) -> str:
    """Read a file of ``maps/templates``."""
    return files("maps").joinpath("templates", name).read_text(encoding="utf-8")


_GAP = re.compile(r"{{ (\w+) }}")


def fill_frame(name: str, texts: Mapping[str, object]) -> str:
    """
    A page's frame: a template with a text in place of every ``{{ key }}``, each escaped for HTML.

    Raises
    ------
    AssetError
        The template has no place for the map, or one that no text fills.
    """
    template = read_template(name)
    if MAP_HERE not in template or not texts.keys() >= {*_GAP.findall(template)}:
        raise AssetError(f"the frame {name} has no place for the map, or one that no text fills")
    return _GAP.sub(lambda gap: escape_text(texts[gap[1]]), template)


def content_hash(text: str) -> str:
    """Write the CSP source expression of an inline script or style sheet, e.g. ``'sha256-...'``."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _unclosed(text: str, tag: str) -> str:
    """Refuse text that the browser would end early, or read in another state, inside `tag`."""
    lower = text.lower()
    if f"</{tag}" in lower or "<!--" in lower:
        raise AssetError(f"a {tag} contains '</{tag}' or '<!--' and cannot be inlined")
    return "\n" + text.replace("\r\n", "\n").strip() + "\n"


@dataclass
class Page:
    """
    The pieces of a page, in order.

    Attributes
    ----------
    title
        Plain text for the window and for search.
    language
        BCP 47 tag of the page's words, e.g. ``"en"``.
    body
        Trusted HTML.
    style_attributes
        Whether ``style="..."`` in markup works; folium's popups need it, nothing else here does.
    data
        Element id → JSON text already made safe; filled by `add_data`.

    """

    title: str
    language: str = "en"
    body: str = MAP_HERE
    style_attributes: bool = False
    _styles: list[str] = field(default_factory=list)
    _scripts: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)

    def add_style(self, css: str) -> None:
        """Add a style sheet; raises `AssetError` if it cannot be inlined."""
        self._styles.append(_unclosed(css, "style"))

    def add_script(self, javascript: str) -> None:
        """Add a script, run after those before it; raises `AssetError` if it cannot be inlined."""
        self._scripts.append(_unclosed(javascript, "script"))

    def add_data(self, name: str, value: Any) -> None:
        """Add data that scripts read with ``JSON.parse(document.getElementById(name).textContent)``."""
        self.data[name] = json_for_script(value)

    @property
    def policy(self) -> str:
        """Content-Security-Policy: the page's own scripts and styles, images in ``data:``, and nothing else."""
        scripts = " ".join(content_hash(script) for script in self._scripts) or "'none'"
        styles = " ".join(content_hash(style) for style in self._styles) or "'none'"
        return (
            f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; "
            + ("style-src-attr 'unsafe-inline'; " if self.style_attributes else "")
            + "base-uri 'none'; form-action 'none'"
        )

    def to_html(self) -> str:
        """
        Write the page.

        Raises
        ------
        AssetError
            Something in the body would load from elsewhere.

        """
        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        text = environment.from_string(read_template("page.html.jinja")).render(
            language=escape_text(self.language),
            title=escape_text(self.title),
            policy=escape_text(self.policy),
            licences=LICENCES,
            styles=self._styles,
            data=self.data,
            scripts=self._scripts,
            body=self.body,
        )
        check_self_contained(text)
        return text


class _OutsideFinder(HTMLParser):
    """Collects every tag that would load something from elsewhere."""

    _LOADING = frozenset({"src", "srcset", "data", "poster", "background", "action", "formaction", "manifest"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            loads = name in self._LOADING or (name == "href" and tag not in {"a", "area"})
            if loads and value is not None and not value.startswith(("data:", "#")):
                self.found.append(f"<{tag} {name}={value[:80]!r}>")


def check_self_contained(html: str) -> None:
    """Raise `AssetError` if any tag would load something from outside the page."""
    finder = _OutsideFinder()
    finder.feed(html)
    finder.close()
    if finder.found:
        raise AssetError(f"the page would load {', '.join(finder.found)}")


def save_text(text: str, path: str | os.PathLike[str]) -> Path:
    """
    Write a text file whole or not at all.

    The text goes to a temporary file in the same folder, is flushed to disk, and takes the name in one step; a reader
    sees the old file or the new one. An existing file is replaced.

    Raises
    ------
    OSError
        The folder is missing, read-only or full; it names `path`, and the old file, if any, is untouched.

    """
    target = Path(path)
    try:
        _replace(target, text)
    except OSError as error:
        error.filename = str(target)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return target


def _replace(target: Path, text: str) -> None:
    """Write beside a file, flush, and take its name."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
