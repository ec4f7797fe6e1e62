"""Finding a quote in a document: exactly, then but for typography, then 90 % alike.

A likeness that changes a digit is no likeness: "500 million" is never a drifted "600 million".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz

from dealjournal.naming import did_you_mean
from domain.errors import InvalidValue
from domain.values import DocumentHash, Quote
from domain.words import Anchor

LEAST_LIKENESS = 90
"""Least likeness of a drifted quote: rapidfuzz's partial ratio, 0 to 100."""
CONTEXT = 32
"""Characters of context kept on each side of a quote."""
_LONGEST_FUZZY = 2_000_000
_LONGEST_FUZZY_QUOTE = 2_000
"""Characters of a text and of a quote that are compared for likeness; more takes too long."""

_TYPOGRAPHY = str.maketrans(
    {
        "‘": "'",  # noqa: RUF001 - what texts contain
        "’": "'",
        "‛": "'",  # noqa: RUF001
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "‐": "-",  # noqa: RUF001
        "‑": "-",  # noqa: RUF001
        "–": "-",
        "—": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)


@dataclass(frozen=True)
class Wanted:
    """A quote as it was typed, with what tells its place from others like it."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None


def normalised(text: str) -> str:
    """Return a text in plain typography and lower case, of the same length."""
    composed = text.translate(_TYPOGRAPHY)
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in composed)


def anchor(text: str, wanted: Wanted, document: DocumentHash) -> Quote:
    """Return a quote with its place in a text.

    Raises:
        InvalidValue: the text does not say it, with the nearest passage.
    """
    exact = unicodedata.normalize("NFC", wanted.exact) if wanted.exact not in text else wanted.exact
    start = _find(text, exact, wanted)
    if start is None:
        start = _find(normalised(text), normalised(exact), wanted)
    if start is not None:
        return _quote(text, start, start + len(exact), document, "exact")
    return _drifted(text, wanted, document)


def orphan(wanted: Wanted, document: DocumentHash) -> Quote:
    """Return a quote of a document whose text was not captured."""
    return Quote(exact=wanted.exact, document=document, anchor="orphan")


def _find(text: str, exact: str, wanted: Wanted) -> int | None:
    """Return where a text says it without cutting a number: where the hints point, else first."""
    places = [
        match.start()
        for match in re.finditer(re.escape(exact), text)
        if not _cuts_a_number(text, match.start(), match.end())
    ]
    return max(
        places,
        key=lambda place: (_agreement(text, place, len(exact), wanted), -place),
        default=None,
    )


def _agreement(text: str, place: int, length: int, wanted: Wanted) -> int:
    before = text.endswith(wanted.prefix, 0, place)
    after = text.startswith(wanted.suffix, place + length)
    return 4 * (place == wanted.start) + 2 * before + after


def _drifted(text: str, wanted: Wanted, document: DocumentHash) -> Quote:
    plain, exact = normalised(text), normalised(wanted.exact)
    found = None
    longest = min(len(plain), _LONGEST_FUZZY_QUOTE)
    if len(plain) <= _LONGEST_FUZZY and len(exact) <= longest:
        found = fuzz.partial_ratio_alignment(exact, plain, score_cutoff=LEAST_LIKENESS)
    if found is not None:
        start, end = found.dest_start, found.dest_end
        if _digits(plain[start:end]) == _digits(exact) and not _cuts_a_number(plain, start, end):
            quote = _quote(text, start, end, document, "drifted")
            return Quote.model_validate({**dict(quote), "exact": wanted.exact})
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    near = did_you_mean(wanted.exact, lines)[:300]
    msg = f"the document does not say {_short(wanted.exact)!r}{near}"
    raise InvalidValue(msg)


def _quote(text: str, start: int, end: int, document: DocumentHash, how: Anchor) -> Quote:
    return Quote(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
        document=document,
        anchor=how,
    )


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _cuts_a_number(text: str, start: int, end: int) -> bool:
    """Whether a passage begins or ends within a number: 600 in 1600 is another figure."""
    return any(
        re.search(r"\d[.,]?$", text[max(0, place - 2) : place])
        and re.match(r"[.,]?\d", text[place : place + 2])
        for place in (start, end)
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - a line's worth
