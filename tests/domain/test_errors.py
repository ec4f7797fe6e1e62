"""The tree of refusals, and what an input's flaws look like."""

from __future__ import annotations

import pytest

from domain import errors
from domain.errors import (
    ConcurrentWrite,
    DamagedJournal,
    DealJournalError,
    Flaw,
    InvalidInput,
    InvalidValue,
    JournalError,
    NameTaken,
    NotTheSameSource,
    Place,
    Refusal,
    UnknownEntity,
    UnknownEntry,
)

TREE: dict[type[Exception], tuple[type[Exception], ...]] = {
    InvalidValue: (DealJournalError, ValueError),
    Refusal: (DealJournalError,),
    UnknownEntity: (Refusal,),
    NameTaken: (Refusal,),
    UnknownEntry: (Refusal,),
    NotTheSameSource: (Refusal,),
    InvalidInput: (DealJournalError,),
    JournalError: (DealJournalError,),
    DamagedJournal: (JournalError,),
    ConcurrentWrite: (DealJournalError,),
}


@pytest.mark.parametrize(("error", "bases"), TREE.items())
def test_an_error_stands_where_the_tree_says(
    error: type[Exception], bases: tuple[type[Exception], ...]
) -> None:
    assert error.__bases__ == bases
    assert errors.__doc__ is not None
    assert f"── {error.__name__} " in errors.__doc__


def test_the_tree_is_complete() -> None:
    defined = {
        one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)
    }
    assert defined == {DealJournalError, *TREE}


def test_an_invalid_input_says_each_flaw_and_its_place() -> None:
    first = Flaw(Place("talks.yaml", 3, 7), "'5M' names no currency")
    second = Flaw(Place("talks.yaml", 9, 1), "this key is not known")
    error = InvalidInput((first, second))
    assert error.flaws == (first, second)
    assert str(error) == (
        "talks.yaml:3:7: '5M' names no currency\ntalks.yaml:9:1: this key is not known"
    )
