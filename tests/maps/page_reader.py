"""Reading a finished page as data."""

import json
import re
from html.parser import HTMLParser
from typing import Any


class PageReader(HTMLParser):
    """Takes a page apart: scripts, data blocks, styles and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.data: dict[str, Any] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside: tuple[str, dict[str, str | None]] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._inside = (tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is None:
            self.text += data
            return
        tag, attributes = self._inside
        if attributes.get("type") == "application/json":
            block = json.loads(data)
            self.data[str(attributes["id"])] = block
            texts = block.get("texts") if isinstance(block, dict) else None
            if isinstance(texts, dict):
                translate(block, texts)
        else:
            (self.scripts if tag == "script" else self.styles).append(data)

    @property
    def policy(self) -> str:
        for tag, attributes in self.tags:
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy":
                return str(attributes["content"])
        raise AssertionError("the page has no Content-Security-Policy")

    @property
    def layers(self) -> list[dict[str, Any]]:
        """The GeoJSON that folium put into the page, one collection a route."""
        found = re.findall(r"^\s*geo_json_\w+_add\((\{.*\})\);$", "\n".join(self.scripts), re.MULTILINE)
        return [json.loads(text) for text in found]


def translate(data: Any, texts: dict[str, dict[str, str]]) -> None:
    """Give every record in `data` the translations that the page tells once for all, as its script does."""
    for part in list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else ():
        translate(part, texts)
    if isinstance(data, dict):
        for name, text in list(data.items()):
            for language, own in texts.get(text, {}).items() if isinstance(text, str) else ():
                data.setdefault(f"{name}_{language}", own)


PAYLOADS = (
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "`;window.hit=1;`",
    "${window.hit=1}",
    '"><svg onload=window.hit=1>',
    "'); window.hit=1; ('",
    "</title></style><iframe srcdoc='<script>parent.hit=1</script>'>\u2028<!--<script>",
)
"""Texts that have run in folium pages. Each must be shown letter by letter."""
