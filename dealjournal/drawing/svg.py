"""SVG by its elements: every text is escaped, and the same picture is the same bytes."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dealjournal.plain import plain

_ILLEGAL = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
"""What is left after :func:`plain` that XML cannot hold."""
STYLE = """\
.page { fill: #fbfaf7; stroke: #d8d4ca; }
text { font-family: ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", Helvetica, Arial, \
sans-serif; font-size: 13px; fill: #23262b; }
.title { font-size: 20px; font-weight: 600; }
.quiet { fill: #636a74; }
.small { font-size: 11px; fill: #636a74; }
.strong { font-weight: 600; }
.rule { fill: none; stroke: #d8d4ca; }
.edge { fill: none; stroke: #23262b; stroke-linecap: square; }
@media (prefers-color-scheme: dark) {
.page { fill: #15181d; stroke: #333a44; }
text { fill: #e4e6ea; }
.quiet, .small { fill: #9aa3af; }
.rule { stroke: #333a44; }
.edge { stroke: #e4e6ea; }
}
"""
"""What every picture looks like, by day and by night."""
_LETTER = 0.56
"""Width of a letter of the fonts, in parts of its size; capitals and figures are wider."""
_WIDE = 1.05
_FIRST_WIDE = 0x1100


def page(width: int, height: int, title: str, description: str, style: str = "") -> Element:
    """Return an empty picture that screen readers can tell of; sizes are in pixels."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "aria-labelledby": "title desc",
        },
    )
    add(root, "title", title, id="title")
    add(root, "desc", description, id="desc")
    add(root, "style", STYLE + style)
    add(root, "rect", class_="page", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=10)
    return root


def add(parent: Element, name: str, text: str = "", /, **attributes: str | float) -> Element:
    """Add an element; ``class_`` is its class, and an underscore in a name is a hyphen."""
    told = {
        key.rstrip("_").replace("_", "-"): value if isinstance(value, str) else _number(value)
        for key, value in attributes.items()
    }
    made = SubElement(parent, name, told)
    if text:
        made.text = text if name == "style" else legal(text)
    return made


def legal(text: str) -> str:
    """Return a text that XML can hold and that turns no line around."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", plain(text))


def text_width(text: str, size: float = 13) -> float:
    """Return about how many pixels wide a text is, rather more than less."""
    wide = sum(ord(character) >= _FIRST_WIDE for character in text)
    return size * (_LETTER * (len(text) - wide) + _WIDE * wide)


def cut_text(text: str, room: float, size: float = 13) -> str:
    """Return as much of a text as has room."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def written(root: Element) -> str:
    """Return a picture as a text."""
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
