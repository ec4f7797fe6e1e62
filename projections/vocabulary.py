"""What sentences need of a language, and its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Vocabulary:
    """What one language says; ``{}`` stands for a value or a name."""

    somebody: str
    about: str
    round: str
    after: str
    and_: str
    colon: str
    for_: str
    each: str
    of_the_shares: str
    shares: str
    group: str
    counts: str
    ranks: str
    first: str
    place: str
    among: str
    behind: str
    to: str
    between: str
    openers: Mapping[str, str]
    """How a modality, or a special kind of entry, begins."""
    nouns: Mapping[str, str]
    """Attributes as nouns."""
    phrases: Mapping[str, str]
    """Attributes as a verb and what follows."""
    infinitives: Mapping[str, str]
    """Verbs of phrases in the infinitive; English alone."""
    denied: Mapping[str, str]
    """Verbs of phrases after a denial, where they differ."""
    stages: Mapping[str, str]
    parts: Mapping[str | None, str]
    """Parts of a round that an amount is."""
    hedges: Mapping[str, str]
    units: tuple[str, str, str]
    """Milliards, millions, thousands."""
    meanings: Mapping[str, str]
    """Kinds, instruments, roles, bodies and bases."""
    on: str
    in_: str
    or_so: str
    first_day: str
    months: tuple[str, ...]
    parts_of_year: Mapping[str, str]
    """Seasons and quarters by their EDTF number; ``{}`` stands for the year."""


def when(edtf: str, words: Vocabulary) -> str:
    """Return a date with its preposition: "on 10 December 2023", "en mai 2023"."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([~?%]?)", edtf)
    if match is None:
        return f"{words.in_} {edtf}"
    year, month, day, hedge = match.groups()
    if month in words.parts_of_year:
        named = words.parts_of_year[month].format(year)
    elif day:
        number = words.first_day if day == "01" else str(int(day))
        named = f"{words.on} {number} {words.months[int(month) - 1]} {year}"
    elif month:
        named = f"{words.in_} {words.months[int(month) - 1]} {year}"
    else:
        named = f"{words.in_} {year}"
    return f"{named} {words.or_so}" if hedge else named


def series(article: str) -> dict[str, str]:
    """Return the names of the lettered series."""
    return {f"series_{letter}": f"{article} {letter.upper()}" for letter in "abcdefghij"}
