"""Figures as people write them: money, shares, multiples, dates; English and French.

Each reader takes the words and gives a value that keeps them; what could mean two things is
refused with the two readings, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from domain.errors import InvalidValue
from domain.values import Money, Multiple, PartialDate, ShareInterval, check_currency
from domain.words import Qualifier, ShareBasis

_T = TypeVar("_T")
_LONGEST = 200

_QUALIFIERS: dict[str, Qualifier] = {
    "~": "about",
    "≈": "about",
    "c.": "about",
    "ca.": "about",
    "about": "about",
    "around": "about",
    "roughly": "about",
    "approximately": "about",
    "some": "about",
    "environ": "about",
    "d'environ": "about",
    "autour de": "about",
    "quelque": "about",
    ">=": "at_least",
    "≥": "at_least",
    "at least": "at_least",
    "au moins": "at_least",
    "<=": "at_most",
    "≤": "at_most",
    "up to": "at_most",
    "at most": "at_most",
    "jusqu'à": "at_most",
    "au plus": "at_most",
    ">": "more_than",
    "over": "more_than",
    "above": "more_than",
    "more than": "more_than",
    "plus de": "more_than",
    "plus d'": "more_than",
    "<": "less_than",
    "under": "less_than",
    "below": "less_than",
    "less than": "less_than",
    "moins de": "less_than",
    "moins d'": "less_than",
    "nearly": "nearly",
    "almost": "nearly",
    "close to": "nearly",
    "près de": "nearly",
    "presque": "nearly",
    "quasiment": "nearly",
}
_SCALES: dict[str, int] = {
    **dict.fromkeys(("k", "thousand", "mille"), 3),
    **dict.fromkeys(("m", "mn", "mm", "mio", "million", "millions"), 6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 9),
    **dict.fromkeys(("md", "mds", "mrd", "milliard", "milliards"), 9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 12),
}
_CURRENCIES: dict[str, str] = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "us$": "USD",
    "usd$": "USD",
    "$us": "USD",
    "$": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "us dollars": "USD",
    "dollars us": "USD",
    "dollars américains": "USD",
    "£": "GBP",
    "pounds": "GBP",
    "livres": "GBP",
    "livres sterling": "GBP",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "hk$": "HKD",
    "s$": "SGD",
    "₹": "INR",
    "₩": "KRW",
    "swiss francs": "CHF",
    "francs suisses": "CHF",
    "yuan": "CNY",
    "yen": "JPY",
    "yens": "JPY",
}
_AMBIGUOUS = {"¥": "JPY or CNY", "kr": "SEK, NOK or DKK"}


def _alternatives(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) for word in ordered)


_NUMBER = r"\d(?:[\d., ]*\d)?"
_UNIT = rf"(?:{_alternatives(_SCALES)})(?![^\W\d_])"
_CURRENCY = rf"{_alternatives((*_CURRENCIES, *_AMBIGUOUS))}|[a-z]{{3}}(?![^\W\d_])"


def _figure_pattern(end: str) -> str:
    return (
        rf"(?P<pre{end}>{_CURRENCY})? ?(?P<number{end}>{_NUMBER}) ?(?P<scale{end}>{_UNIT})?"
        rf"(?: ?(?:of |de |d')?(?P<post{end}>{_CURRENCY}))?"
    )


_QUALIFIER = rf"(?P<qualifier>{_alternatives(_QUALIFIERS)})"
_ONE = re.compile(rf"(?:{_QUALIFIER} ?)?{_figure_pattern('')}")
_RANGE = re.compile(
    rf"(?:between |from |entre |de )?{_figure_pattern('_low')}"
    rf" ?(?:-|–|—| to | and | et | à ) ?{_figure_pattern('_high')}"
)


class _Figure(NamedTuple):
    amount: Decimal
    currency: str | None


_NEGATIVE = re.compile(r"(?:^|[^\d\w\s]|\s)[-−]\s?\d")


def parse_money(text: str) -> Money:
    """Read money as people write it: "~600M USD", "€385m", "2,15 Md€", "500-600M EUR".

    Raises:
        InvalidValue: no amount, no currency or an unknown one, a negative amount, or a number
            that could be read in two ways.
    """
    words = _folded(text)
    if match := _RANGE.fullmatch(words):
        return _money_range(text, match)
    if _NEGATIVE.search(words):
        msg = f"{text!r} is negative; an amount is zero or more"
        raise InvalidValue(msg)
    match = _ONE.fullmatch(words)
    if match is None:
        msg = f"{text!r} is no amount of money; write for instance '~600M USD' or '2,15 Md€'"
        raise InvalidValue(msg)
    figure = _figure(text, match, "", match["scale"])
    if figure.currency is None:
        msg = f"{text!r} names no currency; add one, such as EUR or USD"
        raise InvalidValue(msg)
    return _built(
        Money,
        amount=figure.amount,
        currency=figure.currency,
        qualifier=_qualifier(match["qualifier"]),
        text=text.strip(),
    )


def _money_range(text: str, match: re.Match[str]) -> Money:
    scale = match["scale_low"] or match["scale_high"]
    low = _figure(text, match, "_low", scale)
    high = _figure(text, match, "_high", match["scale_high"])
    currency = high.currency or low.currency
    if currency is None or (low.currency or currency) != currency:
        msg = f"{text!r} needs one currency for both ends, such as '500-600M EUR'"
        raise InvalidValue(msg)
    return _built(
        Money,
        amount=low.amount,
        upper=high.amount,
        currency=currency,
        qualifier="between",
        text=text.strip(),
    )


def _figure(text: str, match: re.Match[str], end: str, scale: str | None) -> _Figure:
    before, after = match[f"pre{end}"], match[f"post{end}"]
    if before and after and _currency(text, before) != _currency(text, after):
        msg = f"{text!r} names two currencies for one figure; keep the one the text uses"
        raise InvalidValue(msg)
    code = before or after
    amount = _number(match[f"number{end}"], scaled=scale is not None, text=text)
    return _Figure(
        amount * 10 ** _SCALES.get(scale or "", 0),
        _currency(text, code) if code else None,
    )


def _currency(text: str, words: str) -> str:
    if words in _AMBIGUOUS:
        msg = f"{text!r}: {words} can be {_AMBIGUOUS[words]}; write the code"
        raise InvalidValue(msg)
    try:
        return _CURRENCIES.get(words) or check_currency(words.upper())
    except ValueError as error:
        msg = f"{text!r}: {error}"
        raise InvalidValue(msg) from None


def _qualifier(words: str | None) -> Qualifier:
    return _QUALIFIERS[words] if words else "exact"


def _folded(text: str) -> str:
    if len(text) > _LONGEST:
        msg = (
            f"this is too long for one figure ({len(text)} characters); "
            "quote the words that carry it"
        )
        raise InvalidValue(msg)
    words = text.strip().lower()
    for old, new in (("’", "'"), ("\u00a0", " "), ("\u202f", " "), ("\u2009", " ")):
        words = words.replace(old, new)
    return re.sub(r"\s+", " ", words)


_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?P<mark>[ ,.])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<rest>\d+))?"
)
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_MOST_DIGITS = 28
_THREE = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")


def _number(digits: str, *, scaled: bool, text: str) -> Decimal:
    """Read digits with a decimal comma or point, or grouped in threes.

    "1,375 million" could be 1.375 or 1375 million, and is refused; so is "1.500" with no scale.
    "1.375 billion" is read with its point, as English texts write it; "1,500 USD" in thousands.
    """
    if len(digits) > _MOST_DIGITS:
        msg = f"{text!r} has too many digits for one figure; round it"
        raise InvalidValue(msg)
    if match := _THREE.fullmatch(digits):
        if scaled == (match[1] == ","):
            whole, _, rest = digits.partition(match[1])
            msg = f"{text!r} could be {whole}{rest} or {whole}.{rest}; write one of these"
            raise InvalidValue(msg)
        return Decimal(digits if match[1] == "." else digits.replace(",", ""))
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    if match := _GROUPED.fullmatch(digits):
        return Decimal(f"{match['whole'].replace(match['mark'], '')}.{match['rest'] or 0}")
    msg = f"{text!r}: {digits!r} is no number; write 1500, 1 500 or 1.5"
    raise InvalidValue(msg)


_PERCENT = r" ?(?:%|percent|per cent|pour cent|p\. ?c\.)"
_SHARE = re.compile(rf"(?:{_QUALIFIER} ?)?(?P<number>\d+(?:[.,]\d+)?){_PERCENT}")
_SHARES = re.compile(
    rf"(?:between |entre )?(?P<low>\d+(?:[.,]\d+)?)(?:{_PERCENT})?"
    rf" ?(?:-|–|—| to | and | et | à ) ?(?P<high>\d+(?:[.,]\d+)?){_PERCENT}"
)


def parse_share(text: str, basis: ShareBasis = "unspecified") -> ShareInterval:
    """Read a share of a whole: "11%", "> 50 %", "10.5-11.5%", "~40 %".

    Raises:
        InvalidValue: not a percentage, or more than 100 %.
    """
    words = _folded(text)
    if match := _SHARES.fullmatch(words):
        lower, upper = _percent(match["low"], text), _percent(match["high"], text)
        return _built(
            ShareInterval,
            lower=lower,
            upper=upper,
            qualifier="between",
            basis=basis,
            text=text.strip(),
        )
    match = _SHARE.fullmatch(words)
    if match is None:
        msg = f"{text!r} is no share; write for instance '11%', '> 50%' or '10.5-11.5%'"
        raise InvalidValue(msg)
    share, qualifier = _percent(match["number"], text), _qualifier(match["qualifier"])
    return _built(
        ShareInterval,
        lower=Fraction(0) if qualifier in _NO_FLOOR else share,
        upper=Fraction(1) if qualifier in _NO_CEILING else share,
        lower_open=qualifier == "more_than",
        upper_open=qualifier == "less_than",
        qualifier=qualifier,
        basis=basis,
        text=text.strip(),
    )


_NO_FLOOR = ("at_most", "less_than")
_NO_CEILING = ("at_least", "more_than")


def _percent(digits: str, text: str) -> Fraction:
    share = Fraction(digits.replace(",", ".")) / 100
    if share > 1:
        msg = f"{text!r} is more than the whole; a share is at most 100 %"
        raise InvalidValue(msg)
    return share


_TIMES = {"double": 2, "doubler": 2, "triple": 3, "tripler": 3, "quadruple": 4, "quadrupler": 4}
_MULTIPLE = re.compile(
    rf"(?:{_QUALIFIER} ?)?(?:(?:x|×) ?(?P<after>\d+(?:[.,]\d+)?)"
    rf"|(?P<before>\d+(?:[.,]\d+)?) ?(?:x|×|times|fois)|(?P<word>{_alternatives(_TIMES)}))"
)


def parse_multiple(text: str) -> Multiple:
    """Read a ratio: "3x", "nearly triple", "quasiment tripler", "> 2.5 times".

    Raises:
        InvalidValue: not a ratio.
    """
    match = _MULTIPLE.fullmatch(_folded(text))
    if match is None:
        msg = f"{text!r} is no multiple; write for instance '3x' or 'nearly triple'"
        raise InvalidValue(msg)
    digits = match["after"] or match["before"]
    ratio = Decimal(digits.replace(",", ".")) if digits else Decimal(_TIMES[match["word"]])
    return _built(
        Multiple, ratio=ratio, qualifier=_qualifier(match["qualifier"]), text=text.strip()
    )


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?[~?%]?", re.ASCII)
_SEASONS = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)}
_QUARTERS = {33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3)}
_DECEMBER = 12


def parse_date(
    text: str, *, words: str | None = None, relative_to: date | None = None
) -> PartialDate:
    """Read an EDTF date: year, month, day, season (21-24), quarter (33-36), an interval of these.

    A trailing ``~``, ``?`` or ``%`` is kept; it does not widen the days that the date spans.
    Seasons are those of the northern hemisphere by whole months; winter (24) begins in December of
    its year. ``words`` are the words of the text and ``relative_to`` the day they count from.

    Raises:
        InvalidValue: not of these forms, or no such day.
    """
    start, slash, end = text.strip().partition("/")
    first = _span(start, text)
    last = _span(end, text) if slash else first
    if last[1] < first[0]:
        msg = f"{text!r} ends before it begins"
        raise InvalidValue(msg)
    return _built(
        PartialDate,
        edtf=text.strip(),
        earliest=first[0],
        latest=last[1],
        text=words,
        relative_to=relative_to,
    )


def _span(text: str, whole: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text)
    if match is None:
        msg = f"{whole!r} is no date; write 2024, 2024-05, 2024-05-09, 2023-21 (spring) or 2024~"
        raise InvalidValue(msg)
    year = int(match[1])
    try:
        if match[3]:
            exact = date(year, int(match[2]), int(match[3]))
            return exact, exact
        begin, months = _months(int(match[2])) if match[2] else (1, 12)
        return _first(year, begin), _first(year, begin + months) - timedelta(days=1)
    except (ValueError, KeyError):
        msg = f"{whole!r} is no possible date"
        raise InvalidValue(msg) from None


def _months(month: int) -> tuple[int, int]:
    if 1 <= month <= _DECEMBER:
        return month, 1
    return {**_SEASONS, **_QUARTERS}[month]


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _built(kind: type[_T], **fields: object) -> _T:
    """Build a value; turn what pydantic refuses into a sentence."""
    try:
        return kind(**fields)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise InvalidValue(reason.removeprefix("Value error, ")) from None
