"""Old stored shapes to today's: pure functions from dict to dict, one a retired stored name.

An upcast never looks anything up and never refuses: what an old version wrote stays readable. It
names the next shape, which may itself be old; :func:`upcast` follows the chain to today's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Step = tuple[str, Callable[[dict[str, object]], dict[str, object]]]
Upcasts = Mapping[str, Step]
"""Retired stored name -> (the name that took its place, how to rewrite the data)."""

UPCASTS: Upcasts = {}
"""No stored shape has been retired yet."""


def upcast(
    name: str, data: dict[str, object], upcasts: Upcasts = UPCASTS
) -> tuple[str, dict[str, object]]:
    """Return today's name and data of a stored event; a name that is not retired passes through."""
    while name in upcasts:
        name, rewrite = upcasts[name][0], upcasts[name][1]
        data = rewrite(data)
    return name, data
