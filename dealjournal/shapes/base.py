"""What every shape is, and what every answer begins with."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Base of every shape."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Header(Shape):
    """What every answer begins with."""

    journal: str
    """Name of the journal's file."""
    true_on: str
    """Day to which things had happened (EDTF)."""
    said_until: str | None
    """Last day of publication (EDTF); null for everything said."""
    known_until: str
    """Last entry the answer could use, ``@POSITION``; pinning it repeats the answer for ever."""
    believe: str
    """``confirmed``, ``rumored`` or ``source:SLUG``."""
    rules: dict[str, str]
    """Version of the projections and their settings."""
