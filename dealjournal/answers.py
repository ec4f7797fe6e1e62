"""Every answer that scripts can rely on, by the name of its schema."""

from __future__ import annotations

from dealjournal.crediting import Sources
from dealjournal.shapes import (
    Bisect,
    Check,
    Checkpoints,
    Claims,
    Companies,
    Diff,
    Doctor,
    ExchangeRates,
    Investors,
    Log,
    Map,
    Rounds,
    Rumors,
    Show,
    Timeline,
    Verify,
    Why,
    Written,
)
from dealjournal.shapes.base import Shape
from dealjournal.shapes.ownership import Ask, Assumptions, Ownership

ANSWERS: dict[str, type[Shape]] = {
    "claims": Claims,
    "rounds": Rounds,
    "investors": Investors,
    "why": Why,
    "show": Show,
    "companies": Companies,
    "log": Log,
    "timeline": Timeline,
    "rumors": Rumors,
    "sources": Sources,
    "diff": Diff,
    "bisect": Bisect,
    "map": Map,
    "ownership": Ownership,
    "ask": Ask,
    "assumptions": Assumptions,
    "check": Check,
    "verify": Verify,
    "checkpoint": Checkpoints,
    "doctor": Doctor,
    "rates": ExchangeRates,
    "written": Written,
}
"""Every answer by the name of its schema."""
