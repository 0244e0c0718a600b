"""A page that lists other pages: small, offline, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from maps.escape import escape_text
from maps.page import Page, read_template
from maps.words import Text, text_in


@dataclass(frozen=True)
class Entry:
    """One page listed: its file beside the index, what it is called, and files that belong to it as (name, file)."""

    file: str
    title: Text
    subtitle: str
    said: Sequence[str]
    files: Sequence[tuple[str, str]] = ()


def index_page(
    title: str, note: str, entries: Sequence[Entry], *, facts: Sequence[tuple[str, str]] = (), notes: Sequence[str] = ()
) -> str:
    """
    Write the page.

    Parameters
    ----------
    title, note, facts, notes
        Plain text, escaped here; `facts` are a term and what it means each.

    Returns
    -------
    str
        One HTML document that requests nothing and runs nothing.

    """
    page = Page(title=title, language="en", body=_body(title, note, entries, facts, notes))
    page.add_style(read_template("index_page.css"))
    return page.to_html()


def _body(
    title: str, note: str, entries: Sequence[Entry], facts: Sequence[tuple[str, str]], notes: Sequence[str]
) -> str:
    parts = [_tag("h1", title), _tag("p", note) if note else "", '<ul class="pages">']
    for entry in entries:
        files = " · ".join(_link(file, name) for name, file in entry.files)
        said = "".join(_tag("li", text) for text in entry.said)
        parts.append(
            f"<li><h2>{_link(entry.file, text_in(entry.title, 'en'))}</h2>{_tag('p', entry.subtitle)}"
            f"<ul>{said}</ul>" + (f'<p class="files">{files}</p>' if files else "") + "</li>"
        )
    parts.append("</ul>")
    if facts:
        parts.append("<dl>" + "".join(_tag("dt", term) + _tag("dd", text) for term, text in facts) + "</dl>")
    parts += ["<footer>", *(_tag("p", text) for text in notes if text), "</footer>"]
    return "<main>" + "\n".join(part for part in parts if part) + "</main>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape_text(text)}</{name}>"


def _link(file: str, text: str) -> str:
    return f'<a href="{quote(file)}">{escape_text(text)}</a>'
