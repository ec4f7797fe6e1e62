"""Commands, states and what they are made of never change."""

from __future__ import annotations

from dataclasses import is_dataclass
from types import ModuleType

import pytest

from domain import (
    document,
    entries,
    errors,
    judging,
    party,
    rates,
    round,  # noqa: A004
    source,
)

MODULES = (document, entries, errors, judging, party, rates, round, source)


def classes_of(module: ModuleType) -> list[type]:
    """Return the dataclasses that a module defines."""
    found = [one for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)]
    return [one for one in found if one.__module__ == module.__name__]


@pytest.mark.parametrize(
    "kind",
    [kind for module in MODULES for kind in classes_of(module)],
    ids=lambda kind: kind.__name__,
)
def test_a_command_or_state_never_changes(kind: type) -> None:
    assert vars(kind)["__dataclass_params__"].frozen
