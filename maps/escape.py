"""
Text from tables made harmless for the place it goes to.

``html.escape`` alone is not enough: folium puts popup texts into JavaScript template literals, where a backtick or
``${`` ends the string. These two functions are the only ways by which a caller's text enters a page.
"""

import html
import json

_ALSO = {ord(c): f"&#{ord(c)};" for c in "`$\\{}"}
_IN_SCRIPT = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def escape_text(text: object) -> str:
    """Make text safe as HTML content, as a quoted attribute and inside a JavaScript template literal."""
    return html.escape(str(text), quote=True).translate(_ALSO)


def json_for_script(value: object) -> str:
    """
    Write JSON that can stand inside a ``<script>`` element.

    Raises
    ------
    ValueError
        A number is NaN or infinite: JSON has no word for it, so the caller must have decided what it means.

    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_IN_SCRIPT)
