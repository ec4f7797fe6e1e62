"""The picture of odds and outcomes: a dot for each tenth, and all of it inside the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from dealjournal.drawing.reliability_svg import reliability_svg
from dealjournal.drawing.svg import text_width
from projections.sources.calibration import Bin

FOOT = (
    "true on 2026-11-28 · said until any day · known until @450 · believing source:financial-times"
    " · rules 1, ecb:2026-10-30, horizon 365 days"
)
BINS = [Bin(0.0, 0.0, 3), Bin(0.35, 0.5, 8), Bin(1.0, 1.0, 1)]


def drawn() -> ET.Element:
    """Return the picture of three tenths."""
    return ET.fromstring(reliability_svg(BINS, FOOT))  # noqa: S314 - our own text


def named(root: ET.Element, tag: str) -> list[ET.Element]:
    return [one for one in root.iter() if one.tag.rpartition("}")[2] == tag]


def test_each_tenth_has_a_dot_that_says_its_figures() -> None:
    dots = [one for one in named(drawn(), "circle") if one.get("class") == "bin"]
    assert len(dots) == len(BINS)
    assert [str(dot[0].text) for dot in dots][1] == "8 given 35%: 50% came true"


def test_no_line_runs_out_of_the_page() -> None:
    root = drawn()
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    lines = [one for one in named(root, "text") if one.get("text-anchor") is None]
    assert re.sub(r"\s+", " ", " ".join(str(one.text) for one in lines)).endswith(FOOT)
    for line in lines:
        right = float(line.attrib["x"]) + text_width(str(line.text), 13)
        assert right <= width
        assert float(line.attrib["y"]) < height
