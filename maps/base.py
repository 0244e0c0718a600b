"""A folium map that opens without a network: from a USB stick, an email or a notebook."""

import html
import os
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.template import Template

from maps.assets import JQUERY_JS, LEAFLET_CSS, LEAFLET_JS, default_icon_script, text_for
from maps.basemap import load_basemap, load_labels
from maps.errors import AssetError
from maps.page import MAP_HERE, Page, read_template, save_text

MAX_ZOOM = 9
"""Closest zoom. The basemap's grid is 2 pixels wide there."""

_MAP_TEMPLATE = Template(
    """
    {% macro html(this, kwargs) %}<div class="folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
    {% macro script(this, kwargs) %}
    var {{ this.get_name() }} = L.map("{{ this.get_name() }}",
        {center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }}});
    {% endmacro %}
    """
)
"""folium's own template without its viewport (which forbids zooming the page), its header styles and switches."""


class OfflineMap:
    """
    A folium map with its own basemap, written as one self-contained page.

    Parameters
    ----------
    title
        Plain text: the page's title.
    language
        BCP 47 tag; ``maps/locale`` must have a catalogue of that name.
    basemap
        Whether land, frontiers, rivers and names are drawn underneath.

    Attributes
    ----------
    folium_map
        The map itself. Add layers with `add`, so that the same map gives the same bytes each time.
    page
        Title, styles, scripts and data around the map.

    Notes
    -----
    Texts given straight to folium's popups and tooltips are HTML: pass them through `maps.escape.escape_text` first.

    """

    def __init__(self, title: str, *, language: str = "en", basemap: bool = True) -> None:
        self.page = Page(title=title, language=language)
        self._basemap = basemap
        self._count = 0
        self._start: list[str] = []
        self._own_scripts: list[str] = []
        self._own_styles: list[str] = []
        self.folium_map: Any = folium.Map(
            location=[48.0, 35.0],
            zoom_start=4,
            tiles=None,
            zoom_control="topright",
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=1,
            wheel_px_per_zoom_level=90,
            max_bounds_viscosity=1.0,
            world_copy_jump=False,
        )
        # folium gives these to its tiles, and there are none
        self.folium_map.options.update({"zoomControl": False, "maxZoom": MAX_ZOOM, "minZoom": 2})
        self.folium_map._template = _MAP_TEMPLATE
        self.folium_map.default_js = [("leaflet", LEAFLET_JS)]
        self.folium_map.default_css = [("leaflet_css", LEAFLET_CSS)]
        self._name(self.folium_map)
        self.add_style(read_template("basemap.css"))
        if basemap:
            self.page.add_data("basemap", load_basemap())
            self.page.add_data("labels", load_labels())
            for name in ("elements.js", "labels.js", "basemap.js"):
                self.add_script(read_template(name))
            self.start(f"drawBasemap({self.name});")

    @property
    def name(self) -> str:
        """Name of the map's variable in JavaScript."""
        return str(self.folium_map.get_name())

    def _name(self, element: Any) -> None:
        """Number an element and those below it, instead of folium's random names."""
        self._count += 1
        element._id = str(self._count)
        for child in element._children.values():
            self._name(child)

    def add(self, layer: Any) -> str:
        """Add a folium layer and give back the name of its JavaScript variable."""
        self._name(layer)
        self.folium_map.add_child(layer)
        return str(layer.get_name())

    def add_style(self, css: str) -> None:
        """Add a style sheet after Leaflet's."""
        self._own_styles.append(css)

    def add_script(self, javascript: str) -> None:
        """Add functions; they are defined before the map is made."""
        self._own_scripts.append(javascript)

    def start(self, javascript: str) -> None:
        """Add statements to run once the map and its layers exist."""
        self._start.append(javascript)

    def to_html(self) -> str:
        """
        Write the page.

        Returns
        -------
        str
            One HTML document that requests nothing.

        Raises
        ------
        AssetError
            A layer asks for a library or file that is not among `maps.assets.ASSETS`.

        """
        figure: Any = self.folium_map.get_root()
        if not isinstance(figure, Figure):
            raise AssetError("the map has been moved out of its folium figure")
        parts = (figure.header, figure.html, figure.script)
        before = [part._children.copy() for part in parts]
        for child in figure._children.values():
            child.render()
        header = list(figure.header._children.values())
        html_text, script = str(figure.html.render()), str(figure.script.render())
        # Rendering hangs new elements into these parts each time; without this a second page would have them twice.
        for part, children in zip(parts, before, strict=True):
            part._children = children
        page = Page(self.page.title, self.page.language, self.page.body.replace(MAP_HERE, html_text))
        page.data.update(self.page.data)
        needs_jquery = "$(" in script or "$." in script
        for element in header:
            self._add_header(page, element)
        for css in self._own_styles:
            page.add_style(css)
        page.style_attributes = needs_jquery
        if needs_jquery:
            page.add_script(text_for(JQUERY_JS))
        if "L.marker(" in script:
            page.add_script(default_icon_script())
        for own in self._own_scripts:
            page.add_script(own)
        page.add_script(script)
        for statement in self._start:
            page.add_script(statement)
        return page.to_html()

    @staticmethod
    def _add_header(page: Page, element: Element) -> None:
        """Put the checked copy of one thing that folium wants in the page's head."""
        if isinstance(element, JavascriptLink):
            page.add_script(text_for(element.url))
        elif isinstance(element, CssLink):
            page.add_style(text_for(element.url))
        else:
            text = str(element.render()).strip()
            if text and not text.startswith("<meta http-equiv"):
                raise AssetError(f"a layer puts its own text in the page's head: {text[:80]!r}")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """
        Write the page to a file, whole or not at all.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        OSError
            The file cannot be written; an older file of that name is untouched.

        """
        return save_text(self.to_html(), path)

    def _repr_html_(self) -> str:
        """Show the map in a notebook, in a frame of its own."""
        return (
            f'<iframe title="{html.escape(self.page.title)}" srcdoc="{html.escape(self.to_html())}" '
            'width="100%" height="720" style="border:0"></iframe>'
        )
