"""What is assumed: a small language, the same for recorded assumptions and for "what if".

==================================================  ===============================================
``ROUND all equity``                                every euro of the round bought shares
``ROUND equity MONEY``                              so much of the round's money did
``ROUND valuation MONEY [pre|post]``                what the company was worth
``ROUND pool SHARE``                                set aside for employees, of all shares after it
``ROUND others MONEY``                              what the investors without a name paid
``PARTY pays MONEY in ROUND``                       one investor's ticket
``PARTY converts MONEY at MONEY in ROUND``          a convertible, and the valuation it converted at
``PARTY sells MONEY in ROUND``                      a secondary sale
``ROUND sales immaterial``                          sales that nobody gives a sum of moved nothing
``ROUND conversions immaterial``                    conversions of no sum made no shares
``PARTY holds SHARE after ROUND|at creation``       a holding
``PARTY each hold SHARE after ROUND|at creation``   the same of every member of a group
``PARTY equal``                                     the members of a group hold the same
``PARTY country CODE``                              where a holder is from
``CODE share SHARE after ROUND|at creation``        what belongs to a country
==================================================  ===============================================

An assumption takes the place of what is claimed of the same thing. Sums and shares in it are exact
unless they are hedged. One made with a question comes before recorded ones on the same thing, and a
later recorded one before an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from domain.errors import InvalidValue
from domain.events import AssumptionMade, AssumptionWithdrawn
from domain.values import EventId, Money, PartyId, RoundId, ShareInterval
from domain.words import ValuationBasis
from domain.writing import parse_money, parse_share
from projections.book import company_of
from projections.directory import Directory, folded
from projections.ownership.countries import CODES, no_country
from projections.times import View

Topic = Literal[
    "equity",
    "valuation",
    "pool",
    "ticket",
    "conversion",
    "secondary_sale",
    "small_sales",
    "small_conversions",
    "stake",
    "equal",
    "country",
    "country_share",
]


@dataclass(frozen=True)
class Assumed:
    """One assumption, read."""

    text: str
    topic: Topic
    party: PartyId | None = None
    """Whom it is about; of a ticket, None for the investors without a name."""
    round: RoundId | None = None
    """Of or after which round; of a stake, None for the creation."""
    money: Money | None = None
    """Its sum; of ``equity``, None for the whole amount."""
    at: Money | None = None
    """The valuation at which a convertible converted."""
    share: ShareInterval | None = None
    each: bool = False
    basis: ValuationBasis = "unspecified"
    country: str | None = None
    event: EventId | None = None
    """The entry that made it; None when it was only given with the question."""
    position: int | None = None
    author: str | None = None
    reason: str = ""


class UnknownName(InvalidValue):
    """Words name a party or a round that nobody knows; near names may be among the known ones."""

    def __init__(self, text: str, name: str, known: Iterable[str]) -> None:
        super().__init__(text)
        self.name = name
        self.known = tuple(known)


@dataclass(frozen=True)
class Unread:
    """A recorded assumption whose words are not of the language: it stays a note."""

    position: int
    text: str
    why: str


def recorded(
    view: View, company: str, directory: Directory, names: Directory
) -> tuple[tuple[Assumed, ...], tuple[Unread, ...]]:
    """Return the assumptions of a company that are in force, and those that cannot be read.

    One on a round of which nobody had spoken by then says nothing yet.

    Args:
        view: The entries that the read may use.
        company: Whose shares.
        directory: Every name that the view knows.
        names: Every name that the journal knew, said by then or not: an analyst may use them.
    """
    withdrawn = {
        view.heir(entry.event.assumption)
        for entry in view.entries
        if isinstance(entry.event, AssumptionWithdrawn)
    }
    rounds = directory.rounds_of(company)
    found, unread = [], []
    for entry in view.entries:
        event = entry.event
        if not isinstance(event, AssumptionMade) or entry.event_id in withdrawn:
            continue
        if event.attribute != "country" and company_of(directory.shown(event.subject)) != company:
            continue
        try:
            one = read(event.text, company, names)
        except InvalidValue as error:
            unread.append(Unread(entry.position, event.text, str(error)))
            continue
        if one.round is not None and one.round not in rounds:
            continue
        found.append(
            replace(
                one,
                event=entry.event_id,
                position=entry.position,
                author=entry.recorded_by,
                reason=event.reason,
            )
        )
    return tuple(reversed(found)), tuple(unread)


def in_force(assumed: Iterable[Assumed]) -> tuple[Assumed, ...]:
    """Return assumptions without those on a thing of which an earlier one speaks already."""
    found: dict[object, Assumed] = {}
    for one in assumed:
        found.setdefault((one.topic, one.party, one.round, one.each, _home(one)), one)
    return tuple(found.values())


def _home(one: Assumed) -> str | None:
    return one.country if one.topic == "country_share" else None


def read(text: str, company: str, directory: Directory) -> Assumed:
    """Return the assumption that words give.

    Raises:
        InvalidValue: they are not of the language, or name nobody known.
    """
    words = " ".join(text.split())
    for pattern, build in _FORMS:
        if match := re.fullmatch(pattern, words, re.IGNORECASE):
            return build(text, match, _Names(company, directory))
    msg = (
        f"{text!r} is no assumption that can be counted with; write for example "
        "'seed all equity', 'series-a pool 0-15%' or 'series-a valuation 1.9-2bn EUR post'"
    )
    raise InvalidValue(msg)


@dataclass(frozen=True)
class _Names:
    company: str
    directory: Directory

    def round(self, name: str) -> RoundId:
        """Return the round of a slug."""
        wanted = self.directory.shown(name if "/" in name else f"{self.company}/{name.lower()}")
        known = self.directory.rounds_of(self.company)
        if wanted not in known and name.lower() == "creation":
            msg = f"the creation is no round of {self.company}: write 'at creation'"
            raise UnknownName(msg, name, ())
        if wanted not in known:
            slugs = ", ".join(one.split("/")[1] for one in known) or "none"
            msg = f"{self.company} has no round {name!r}; it has: {slugs}"
            raise UnknownName(msg, name, [one.split("/")[1] for one in known])
        return RoundId(wanted)

    def party(self, name: str) -> PartyId:
        """Return the party of a name or slug."""
        found = party_named(name, self.directory)
        if found is None:
            raise unknown_party(name, self.directory)
        return found


def unknown_party(name: str, directory: Directory) -> UnknownName:
    """Return what to say of a name that no party is known by."""
    profiles = directory.parties.values()
    known = (one for profile in profiles for one in (*profile.names, profile.slug))
    return UnknownName(f"no party is called {name!r}", name, known)


def party_named(name: str, directory: Directory) -> PartyId | None:
    """Return the party that a slug or a name means; None when none or several are called so."""
    if name in directory.parties:
        return PartyId(directory.shown(name))
    found = directory.parties_by_name.get(folded(name), ())
    shown = {directory.shown(slug) for slug in found}
    return PartyId(shown.pop()) if len(shown) == 1 else None


Build = Callable[[str, "re.Match[str]", _Names], Assumed]


def _all_equity(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(text, "equity", round=names.round(match["round"]))


def _equity(text: str, match: re.Match[str], names: _Names) -> Assumed:
    money = parse_money(match["money"])
    return Assumed(text, "equity", round=names.round(match["round"]), money=money)


def _valuation(text: str, match: re.Match[str], names: _Names) -> Assumed:
    basis: ValuationBasis = "pre" if (match["basis"] or "post").lower() == "pre" else "post"
    money = parse_money(match["money"])
    if not money.amount and not money.upper:
        msg = f"{text!r}: a company that sells shares is worth more than nothing"
        raise InvalidValue(msg)
    return Assumed(text, "valuation", round=names.round(match["round"]), money=money, basis=basis)


def _pool(text: str, match: re.Match[str], names: _Names) -> Assumed:
    share = parse_share(match["share"])
    return Assumed(text, "pool", round=names.round(match["round"]), share=share)


def _ticket(text: str, match: re.Match[str], names: _Names) -> Assumed:
    party = match.groupdict().get("party")
    return Assumed(
        text,
        "ticket",
        party=names.party(party) if party else None,
        round=names.round(match["round"]),
        money=parse_money(match["money"]),
    )


def _conversion(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(
        text,
        "conversion",
        party=names.party(match["party"]),
        round=names.round(match["round"]),
        money=parse_money(match["money"]),
        at=parse_money(match["at"]),
    )


def _sale(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(
        text,
        "secondary_sale",
        party=names.party(match["party"]),
        round=names.round(match["round"]),
        money=parse_money(match["money"]),
    )


def _small_sales(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(text, "small_sales", round=names.round(match["round"]))


def _small_conversions(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(text, "small_conversions", round=names.round(match["round"]))


def _stake(text: str, match: re.Match[str], names: _Names) -> Assumed:
    after = match["round"]
    return Assumed(
        text,
        "stake",
        party=names.party(match["party"]),
        round=names.round(after) if after else None,
        share=parse_share(match["share"]),
        each=bool(match["each"]),
    )


def _equal(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(text, "equal", party=names.party(match["party"]))


def _country(text: str, match: re.Match[str], names: _Names) -> Assumed:
    return Assumed(
        text, "country", party=names.party(match["party"]), country=_code(match["country"])
    )


def _code(word: str) -> str:
    code = word.upper()
    if code not in CODES:
        raise InvalidValue(no_country(word))
    return code


def _country_share(text: str, match: re.Match[str], names: _Names) -> Assumed:
    after = match["round"]
    return Assumed(
        text,
        "country_share",
        round=names.round(after) if after else None,
        share=parse_share(match["share"]),
        country=_code(match["country"]),
    )


_ROUND = r"(?P<round>\S+)"
_FORMS: tuple[tuple[str, Build], ...] = (
    (
        rf"(?P<country>[A-Za-z]{{2}}) share (?P<share>.+) (?:at creation|after {_ROUND})",
        _country_share,
    ),
    (rf"{_ROUND} all equity", _all_equity),
    (rf"{_ROUND} sales immaterial", _small_sales),
    (rf"{_ROUND} conversions immaterial", _small_conversions),
    (rf"{_ROUND} equity (?P<money>.+)", _equity),
    (rf"{_ROUND} valuation (?P<money>.+?)(?: (?P<basis>pre|post))?", _valuation),
    (rf"{_ROUND} (?:option )?pool (?P<share>.+)", _pool),
    (rf"{_ROUND} others (?P<money>.+)", _ticket),
    (rf"(?P<party>.+) pays (?P<money>.+) in {_ROUND}", _ticket),
    (rf"(?P<party>.+) converts (?P<money>.+) at (?P<at>.+) in {_ROUND}", _conversion),
    (rf"(?P<party>.+) sells (?P<money>.+) in {_ROUND}", _sale),
    (
        rf"(?P<party>.+?) (?P<each>each )?holds? (?P<share>.+) (?:at creation|after {_ROUND})",
        _stake,
    ),
    (r"(?P<party>.+) equal", _equal),
    (r"(?P<party>.+) country (?P<country>[A-Za-z]{2})", _country),
)
