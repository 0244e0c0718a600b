"""
Third-party JavaScript and CSS: taken from installed packages, checked, and made self-contained.

Nothing is copied into this repository. Leaflet and jQuery come from the PyPI packages XStatic-Leaflet and
XStatic-jQuery; every file is compared with a pinned sha256 before it enters a page.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from maps.errors import AssetError

LEAFLET_JS = "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js"
LEAFLET_CSS = "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css"
JQUERY_JS = "https://code.jquery.com/jquery-3.7.1.min.js"


@dataclass(frozen=True, slots=True)
class Asset:
    """
    One file of an installed package.

    Attributes
    ----------
    package, path
        Importable package and path inside it.
    sha256
        Of the file's bytes, in hexadecimal.

    """

    package: str
    path: str
    sha256: str


_LEAFLET = "xstatic.pkg.leaflet"

ASSETS: Mapping[str, Asset] = MappingProxyType(
    {
        LEAFLET_JS: Asset(
            _LEAFLET, "data/leaflet.js", "5819285cec137b229c94e1ee5ad73e8b6b84345a4367d60f75fe477fe0fb7b03"
        ),
        LEAFLET_CSS: Asset(
            _LEAFLET, "data/leaflet.css", "90b693d86392a4779c861b28cf307e7e59c3fb35328c4d8b95f58f814d38c722"
        ),
        JQUERY_JS: Asset(
            "xstatic.pkg.jquery",
            "data/jquery.min.js",
            "fc9a93dd241f6b045cbff0481cf4e1901becd0e12fb45166a8f17f95823f0b1a",
        ),
    }
)
"""Address that folium asks for → the checked copy that answers it."""

_IMAGES: Mapping[str, Asset] = MappingProxyType(
    {
        name: Asset(_LEAFLET, f"data/images/{name}", sha256)
        for name, sha256 in {
            "layers.png": "1dbbe9d028e292f36fcba8f8b3a28d5e8932754fc2215b9ac69e4cdecf5107c6",
            "layers-2x.png": "066daca850d8ffbef007af00b06eac0015728dee279c51f3cb6c716df7c42edf",
            "marker-icon.png": "574c3a5cca85f4114085b6841596d62f00d7c892c7b03f28cbfa301deb1dc437",
            "marker-icon-2x.png": "00179c4c1ee830d3a108412ae0d294f55776cfeb085c60129a39aa6fc4ae2528",
            "marker-shadow.png": "264f5c640339f042dd729062cfc04c17f8ea0f29882b538e3848ed8f10edb4da",
        }.items()
    }
)

LICENCES = """\
This page contains, unchanged except for the addresses of images:
Leaflet 1.9.3, (c) 2010-2022 Vladimir Agafonkin, (c) 2010-2011 CloudMade, BSD 2-Clause licence, https://leafletjs.com.
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met: 1. Redistributions of source code must retain the above copyright notice, this list of
conditions and the following disclaimer. 2. Redistributions in binary form must reproduce the above copyright notice,
this list of conditions and the following disclaimer in the documentation and/or other materials provided with the
distribution. THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED
WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR
PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT,
INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE
GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF
LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF
THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
Only where a layer needs it: jQuery 3.7.1, (c) OpenJS Foundation and other contributors, MIT licence,
https://jquery.org/license.
Natural Earth map data: public domain, https://www.naturalearthdata.com."""
"""Notice kept in every page, as the licences of the inlined libraries ask."""

_CSS_URL = re.compile(r"""url\(\s*(["']?)([^"')]*)\1\s*\)""")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def read_asset(asset: Asset) -> bytes:
    """
    Read one file and compare its sha256.

    Raises
    ------
    AssetError
        The package or file is missing, or the file differs from the one this version was tested with.

    """
    try:
        content = files(asset.package).joinpath(asset.path).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise AssetError(f"{asset.package}: {asset.path} is not installed") from error
    found = hashlib.sha256(content).hexdigest()
    if found != asset.sha256:
        raise AssetError(f"{asset.package}: {asset.path} has sha256 {found}, expected {asset.sha256}")
    return content


def image_uri(name: str) -> str:
    """Write one of Leaflet's images as a ``data:`` URI; raises `AssetError` for an unknown name."""
    if name not in _IMAGES:
        raise AssetError(f"no image {name!r} is known; known: {', '.join(_IMAGES)}")
    return "data:image/png;base64," + base64.b64encode(read_asset(_IMAGES[name])).decode("ascii")


def inline_css_urls(css: str) -> str:
    """
    Turn every ``url()`` into a ``data:`` URI; references inside the document (``#...``) stay.

    Raises
    ------
    AssetError
        A ``url()`` or ``@import`` points at anything else.

    """

    def inlined(match: re.Match[str]) -> str:
        url = match.group(2)
        if url.startswith(("#", "data:")):
            return match.group(0)
        if not url.startswith("images/"):
            raise AssetError(f"the style sheet would fetch {url!r}")
        return f"url({image_uri(url.removeprefix('images/'))})"

    if "@import" in css:
        raise AssetError("the style sheet would fetch another one (@import)")
    return _CSS_URL.sub(inlined, css)


@cache
def text_for(url: str) -> str:
    """
    Give the checked, self-contained text for an address that folium asks for.

    Raises
    ------
    AssetError
        The address is not one of `ASSETS`: the page would need a network.

    """
    if url not in ASSETS:
        raise AssetError(f"an offline page cannot contain {url}; known: {', '.join(ASSETS)}")
    text = read_asset(ASSETS[url]).decode("utf-8")
    return inline_css_urls(text) if url.endswith(".css") else _SOURCE_MAP.sub("", text)


def default_icon_script() -> str:
    """JavaScript that gives `L.Icon.Default` its images as data, so that a plain marker asks for nothing."""
    return (
        'L.Icon.Default.imagePath = "";\n'
        "L.Icon.Default.mergeOptions({"
        f'iconUrl: "{image_uri("marker-icon.png")}", '
        f'iconRetinaUrl: "{image_uri("marker-icon-2x.png")}", '
        f'shadowUrl: "{image_uri("marker-shadow.png")}"}});\n'
    )
