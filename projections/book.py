"""The claims of a journal side by side: one row a root and value, repeats folded into it.

Five rewrites of one story are one row of its root, seen through five texts. Two detectors mark what
only looks like a second witness: the same digits in another currency, and a figure that is
another's conversion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from domain.entries import Entry
from domain.events import ClaimStatement
from domain.values import DocumentHash, EventId, Money, PartyId, SourceId
from domain.words import NEGATIVE, SILENT, Attribute
from projections.agreement import (
    agree,
    comparable,
    day_of,
    money_of,
    party_key,
    share_of,
    swaps_currency,
    within,
)
from projections.claims import Claim, ClaimValue, Held, claims_of
from projections.directory import Directory
from projections.rules import Rules
from projections.sources.edges import (
    NO_REPEATS,
    Copied,
    Judged,
    Method,
    Repeats,
    copies,
)
from projections.times import View, happened

Tier = Literal["filing", "on_record", "report", "repeat"]
Flag = Literal["currency_substitution", "derived_figure", "drifted"]
Undone = Literal["corrected", "retracted"]

TIERS: tuple[Tier, ...] = ("filing", "on_record", "report", "repeat")
"""From the strongest to the weakest."""


@dataclass(frozen=True)
class Judgement:
    """That an analyst judged whether one claim repeats another; positions in the journal."""

    position: int
    """Of the judgement."""
    claim: int
    origin: int | None
    """None where the other claim is not in the view."""
    is_repeat: bool


@dataclass(frozen=True)
class Row:
    """What one root says of one attribute, in one value, with everybody who passed it on."""

    claim: Claim
    """The claim that stands for the row: the earliest, and of one day the root's own text."""
    tier: Tier
    via: tuple[SourceId, ...]
    """Through whom it was read: the claim's own chain, then those who repeat it."""
    repeats: tuple[int, ...] = ()
    """Positions of the other claims folded into this row."""
    flags: tuple[Flag, ...] = ()
    derived_from: int | None = None
    """Position of the claim that a substituted, drifted or converted figure came from."""
    undone: Undone | None = None
    """Whether the source itself corrected or retracted it."""
    events: tuple[EventId, ...] = ()
    """Ids of the entries folded into this row, its own claim's first."""
    method: Method | None = None
    """How it was found to repeat ``derived_from``; None where it stands for itself."""
    confidence: float | None = None
    """Share of figures in common, or of agreement, behind that."""
    judged: tuple[Judgement, ...] = ()
    """What analysts judged of the claims of this row."""
    days: tuple[date, date] | None = None
    """First and last day on which a deed may have been, as all who tell of it leave open."""

    @property
    def is_witness(self) -> bool:
        """Whether the row is a voice of its own: not a repeat, conversion or substitution."""
        return self.tier != "repeat" and self.derived_from is None and self.undone is None

    @property
    def is_principal(self) -> bool:
        """Whether a principal speaks: the company, a named investor, a filing."""
        return self.tier in _PRINCIPALS


_PRINCIPALS: tuple[Tier, ...] = ("filing", "on_record")
Belief = str
"""``confirmed``, ``rumored`` or ``source:SLUG``."""


def book(
    view: View,
    directory: Directory,
    rules: Rules,
    believe: Belief = "rumored",
    company: str | None = None,
) -> list[Row]:
    """Return the rows of a view, in the order in which they were first recorded.

    With a company: those about it and its rounds, and where its investors are from.
    """
    claims = claims_in(view, directory, company)
    repeats = Repeats(copied_in(claims, directory))
    return marked(rows_of(claims, directory), view, rules, believe, repeats)


def folded(
    view: View, directory: Directory, believe: Belief = "rumored", company: str | None = None
) -> list[Row]:
    """Return the rows of a view without looking for conflicts among them."""
    return believed(rows_of(claims_in(view, directory, company), directory), believe)


def marked(
    rows: list[Row],
    view: View,
    rules: Rules,
    believe: Belief = "rumored",
    repeats: Repeats = NO_REPEATS,
) -> list[Row]:
    """Return folded rows, all those on some attributes, with what takes them out of the vote."""
    rows = _undone(rows, view)
    rows = [_with_judgements(row, view) for row in rows] if view.repeats_judged else rows
    rows = _repeated(rows, view, repeats)
    return believed(_flagged(rows, rules), believe)


def copied_in(claims: Sequence[Claim], directory: Directory) -> dict[DocumentHash, Copied]:
    """Return the documents behind claims that have the figures of an earlier one."""
    publishers = {name: told.publisher for name, told in directory.documents.items()}
    tiers = _tiers(claims, directory)
    principals = {event for event, tier in tiers.items() if tier in _PRINCIPALS}
    return copies(claims, publishers, principals)


def believed(rows: Iterable[Row], believe: Belief) -> list[Row]:
    """Return the rows that a belief lets through."""
    return [row for row in rows if _is_believed(row, believe)]


def supersedes(later: Row, row: Row, rules: Rules) -> bool:
    """Whether a row is its root's own later and other word on the same thing."""
    said, before = later.claim.published, row.claim.published
    return (
        later.claim.root == row.claim.root
        and later.is_witness
        and later.claim.modality not in SILENT
        and said is not None
        and (before is None or said.latest > before.latest)
        and comparable(row.claim, later.claim)
        and agree(row.claim, later.claim, rules) is False
        and not _are_two_deeds(row, later)
    )


def _are_two_deeds(one: Row, other: Row) -> bool:
    """Whether two rows may tell of two deeds: of other days, buyers or terms."""
    if not _is_deed(one.claim):
        return False
    if other_side(one.claim.value) != other_side(other.claim.value):
        return True
    if one.days is None or other.days is None:
        return False
    return one.days[1] < other.days[0] or other.days[1] < one.days[0]


def _is_deed(claim: Claim) -> bool:
    """Whether a claim tells of what the same parties can do twice: a sale, a loan, a payment."""
    return claim.attribute in _DEEDS or (claim.attribute == "amount" and claim.scope in _LEGS)


_DEEDS = frozenset({"secondary_sale", "ticket"})
_LEGS = frozenset({"ticket", "tranche", "extension"})


def has_own_word(row: Row, roots: Mapping[int, SourceId | None]) -> bool:
    """Whether a row is a voice of its own, though its currency may be in doubt.

    A figure in a doubtful currency counts where its root is another one than the claim it is
    doubted against: then it may be the other one that is wrong. ``roots`` are those of all rows, by
    position.
    """
    return row.is_witness or (
        row.flags == ("currency_substitution",)
        and row.tier != "repeat"
        and row.undone is None
        and row.claim.root != roots.get(row.derived_from or 0, row.claim.root)
    )


def company_of(subject: str) -> str:
    """Return the company that a subject is, or is a round of."""
    return subject.split("/", maxsplit=1)[0]


def _is_believed(row: Row, believe: Belief) -> bool:
    if believe == "confirmed":
        return row.is_principal
    kind, _, source = believe.partition(":")
    return kind != "source" or row.claim.root == source


def claims_in(view: View, directory: Directory, company: str | None) -> list[Claim]:
    """Return the claims of a view, repeats too, in the order in which they were recorded."""
    found: dict[EventId, tuple[Claim, ...]] = {}
    told = [entry for entry in view.entries if happened(entry, view.times.true_on)]
    cut = {
        one
        for one, origins in view.repeats_judged.items()
        if not any(told.is_repeat for told in origins.values())
    }
    for entry in sorted(told, key=_about_claims):
        earlier = found if not view.heirs else {**found, **_inherited(view, found)}
        claims = (
            _in_own_voice(_merged(claim, directory), cut) for claim in claims_of(entry, earlier)
        )
        found[entry.event_id] = tuple(
            claim
            for claim in claims
            if company is None
            or claim.attribute == "country"
            or company_of(claim.subject) == company
        )
    return [claim for entry in told for claim in found[entry.event_id]]


def _in_own_voice(claim: Claim, cut: AbstractSet[EventId]) -> Claim:
    """Return a claim that was judged to repeat nobody as its reader's own."""
    if not claim.via or claim.event_id not in cut:
        return claim
    return replace(claim, root=claim.via[0], via=())


def _about_claims(entry: Entry) -> bool:
    """Put what is said about claims after the claims, which an amendment may have moved."""
    return isinstance(entry.event, ClaimStatement)


def _inherited(
    view: View, found: Mapping[EventId, tuple[Claim, ...]]
) -> dict[EventId, tuple[Claim, ...]]:
    """Return the claims of replaced entries: those of what took their place."""
    return {old: found[view.heir(old)] for old in view.heirs if view.heir(old) in found}


def _merged(claim: Claim, directory: Directory) -> Claim:
    """Return a claim under the slugs that merged parties and rounds are shown by."""
    if not directory.same:
        return claim
    value = claim.value
    if isinstance(value, Held):
        parties = tuple(PartyId(directory.shown(party)) for party in value.parties)
        value = replace(value, parties=parties)
    return replace(claim, subject=directory.shown(claim.subject), value=value)


# ── who speaks ───────────────────────────────────────────────────────────────────────────────────


def _tiers(claims: Sequence[Claim], directory: Directory) -> Mapping[EventId, Tier]:
    investors: dict[str, set[PartyId]] = defaultdict(set)
    for claim in claims:
        if claim.attribute in ("investor", "lead_investor", "ticket") and isinstance(
            claim.value, Held
        ):
            investors[claim.subject].update(claim.value.parties)
    return {claim.event_id: _tier(claim, directory, investors) for claim in claims}


def _tier(claim: Claim, directory: Directory, investors: Mapping[str, set[PartyId]]) -> Tier:
    """Return how near to the deal the root of a claim is."""
    if claim.root is None:
        return "report"
    profile = directory.sources.get(claim.root)
    if profile and profile.kind == "regulator":
        return "filing"
    principal = directory.speaks_for(claim.root)
    if principal is not None:
        principal = PartyId(directory.shown(principal))
        if principal == company_of(claim.subject) or principal in investors.get(claim.subject, ()):
            return "on_record"
    return "report"


# ── one row a root and value ─────────────────────────────────────────────────────────────────────


def rows_of(claims: Sequence[Claim], directory: Directory) -> list[Row]:
    """Return claims with repeats folded, in the order in which they were first recorded."""
    tiers = _tiers(claims, directory)
    groups: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[_row_key(claim)].append(claim)
    rows = [
        _row(part, tiers)
        for group in groups.values()
        for deed in _by_day(group)
        for part in _by_basis(deed)
    ]
    return sorted(rows, key=lambda row: row.claim.position)


def _by_day(group: list[Claim]) -> Iterator[list[Claim]]:
    """Part deeds of days that cannot be the same; one of no day goes with the first."""
    dated = [(claim.occurred, claim) for claim in group if claim.occurred and _is_deed(claim)]
    days: list[tuple[date, list[Claim]]] = []
    for day, claim in sorted(dated, key=lambda one: (one[0].latest, directness(one[1]))):
        if days and day.earliest <= days[-1][0]:
            days[-1][1].append(claim)
        else:
            days.append((day.latest, [claim]))
    if len(days) <= 1:
        yield group
        return
    told = {id(claim) for _, claim in dated}
    days[0][1].extend(claim for claim in group if id(claim) not in told)
    yield from (claims for _, claims in days)


def _by_basis(group: list[Claim]) -> Iterator[list[Claim]]:
    """Part pre-money from post-money; a figure with no basis goes with the first that has one."""
    told = sorted(group, key=directness)
    bases = list(dict.fromkeys(claim.basis for claim in told if claim.basis != "unspecified"))
    if len(bases) <= 1:
        yield group
        return
    for place, basis in enumerate(bases):
        wanted = (basis, "unspecified") if place == 0 else (basis,)
        yield [claim for claim in group if claim.basis in wanted]


def _row(group: list[Claim], tiers: Mapping[EventId, Tier]) -> Row:
    first, *others = sorted(group, key=directness)
    via = dict.fromkeys(first.via)
    for claim in others:
        via.update(dict.fromkeys(claim.via))
    return Row(
        claim=first,
        tier=tiers[first.event_id],
        via=tuple(via),
        repeats=tuple(sorted({claim.position for claim in others} - {first.position})),
        events=tuple(dict.fromkeys(claim.event_id for claim in (first, *others))),
        days=_days_of(group) if _is_deed(first) else None,
    )


def _days_of(group: Iterable[Claim]) -> tuple[date, date] | None:
    """Return what the days that claims give of one deed have in common; None where none does."""
    told = [claim.occurred for claim in group if claim.occurred]
    if not told:
        return None
    return max(day.earliest for day in told), min(day.latest for day in told)


Directness = tuple[date, int, tuple[str, ...], str, str, int, EventId]


def directness(claim: Claim) -> Directness:
    """Order claims by day, then by hands they went through, then as their text has them.

    The order of recording is nothing to go by: it must not decide what is shown.
    """
    return (
        claim.published.latest if claim.published else date.max,
        len(claim.via),
        claim.via,
        claim.root or "",
        claim.document or "",
        claim.quote.start or 0 if claim.quote else 0,
        claim.event_id,
    )


def _row_key(claim: Claim) -> object:
    """Return what claims of one row share: root, subject, attribute, value but for hedges."""
    kind = claim.modality if claim.modality in NEGATIVE | SILENT else "says"
    return (
        claim.root,
        claim.subject,
        claim.attribute,
        claim.scope,
        kind,
        party_key(claim),
        value_key(claim),
        claim.document if claim.attribute in ("note", "question") else None,
    )


def value_key(claim: Claim) -> object:
    """Return what two claims share that give the same value, whatever their hedges."""
    return _figure_key(claim), other_side(claim.value)


def other_side(value: ClaimValue | None) -> object:
    """Return who is on the other side of a deed, and on what terms."""
    return (value.others, value.note) if isinstance(value, Held) else None


def _figure_key(claim: Claim) -> object:
    money = money_of(claim)
    if money is not None:
        return money.amount, money.upper, money.currency, _open_side(money)
    share = share_of(claim.value)
    if share is not None:
        return share.lower, share.upper, share.lower_open, share.upper_open, share.basis
    match claim.value:
        case Held(words=words):
            return words
        case value:
            return getattr(value, "edtf", None) or getattr(value, "ratio", None) or value


def _open_side(money: Money) -> str:
    """Return which side a figure leaves open: "up to 500" is another figure than "500"."""
    match money.qualifier:
        case "at_least" | "more_than":
            return "floor"
        case "at_most" | "less_than":
            return "ceiling"
        case _:
            return ""


# ── what takes a row out of the vote ─────────────────────────────────────────────────────────────


def _undone(rows: Iterable[Row], view: View) -> list[Row]:
    """Mark rows that their own source corrected or retracted."""
    return [_mark_undone(row, view.taken_back) for row in rows] if view.taken_back else list(rows)


def _mark_undone(row: Row, undone: Mapping[tuple[EventId, str | None], Undone]) -> Row:
    for event in row.events:
        for attribute in (row.claim.attribute, None):
            if (event, attribute) in undone:
                return replace(row, undone=undone[event, attribute])
    return row


def _with_judgements(row: Row, view: View) -> Row:
    """Return a row with what was judged of its claims."""
    return replace(
        row,
        judged=tuple(
            Judgement(
                told.position,
                view.positions[event],
                view.positions.get(origin),
                told.is_repeat,
            )
            for event in row.events
            for origin, told in view.repeats_judged.get(event, {}).items()
        ),
    )


def _repeated(rows: Sequence[Row], view: View, repeats: Repeats) -> list[Row]:
    """Demote rows that repeat another: as an analyst judged, else as figures and agreement tell."""
    judged = view.repeats_judged
    places = {
        (event, row.claim.attribute): row.claim.position for row in rows for event in row.events
    }
    heads = _heads_of_circles(rows, view, places)
    return [
        row
        if row.is_principal or _place(row) in heads
        else _judged_repeat(row, view, places) or _found_repeat(row, rows, judged, repeats) or row
        for row in rows
    ]


def _place(row: Row) -> tuple[int, Attribute]:
    return row.claim.position, row.claim.attribute


def _heads_of_circles(
    rows: Sequence[Row], view: View, places: Mapping[tuple[EventId, Attribute], int]
) -> frozenset[tuple[int, Attribute]]:
    """Return the earliest row of each circle of rows that were judged to repeat each other.

    Somebody said it first: were all of them repeats, nobody would have said it.
    """
    known = {_place(row): row for row in rows}
    nexts = {
        _place(row): (found.derived_from, row.claim.attribute)
        for row in rows
        if (found := _judged_repeat(row, view, places)) and found.derived_from is not None
    }
    heads = set()
    for start in nexts:
        met: dict[tuple[int, Attribute], None] = {}
        place: tuple[int, Attribute] | None = start
        while place is not None and place not in met:
            met[place] = None
            place = nexts.get(place)
        if place == start:
            heads.add(min(met, key=lambda one: directness(known[one].claim)))
    return frozenset(heads)


def _judged_repeat(
    row: Row, view: View, places: Mapping[tuple[EventId, Attribute], int]
) -> Row | None:
    """Return a row as the repeat that it was judged to be, of what its origin speaks of too."""
    for origin, told in view.repeats_judged.get(row.claim.event_id, {}).items():
        place = places.get((origin, row.claim.attribute))
        if told.is_repeat and (place is not None or origin not in view.positions):
            return replace(row, tier="repeat", derived_from=place, method="analyst")
    return None


def _found_repeat(row: Row, rows: Sequence[Row], judged: Judged, repeats: Repeats) -> Row | None:
    """Return a row as the repeat that its figures, or its source's agreement, show it to be."""
    claim = row.claim
    copied = repeats.copied.get(claim.document) if claim.document and not claim.via else None
    alike = repeats.voices.get(claim.root, {}) if claim.root else {}
    cut = {one for one, told in judged.get(claim.event_id, {}).items() if not told.is_repeat}
    before = [
        peer
        for peer in (rows if copied or alike else ())
        if _is_before(peer, row) and not cut.intersection(peer.events)
    ]
    before.sort(key=lambda peer: directness(peer.claim))
    for peer in before:
        if copied and copied.said.intersection(peer.events):
            return _as_repeat(row, peer, "fingerprint", copied.likeness.share)
        agreement = alike.get(peer.claim.root) if peer.claim.root else None
        if agreement and not peer.is_principal:
            return _as_repeat(row, peer, "statistical", agreement.share)
    return None


def _as_repeat(row: Row, origin: Row, method: Method, confidence: float) -> Row:
    return replace(
        row,
        tier="repeat",
        derived_from=origin.claim.position,
        method=method,
        confidence=confidence,
    )


def _is_before(peer: Row, row: Row) -> bool:
    return (
        peer.claim.root != row.claim.root
        and peer.undone is None
        and comparable(row.claim, peer.claim)
        and directness(peer.claim) < directness(row.claim)
    )


def _flagged(rows: list[Row], rules: Rules) -> list[Row]:
    groups: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.claim.topic].append(row)
    return [_flag(row, groups[row.claim.topic], rules) for row in rows]


def _flag(row: Row, peers: list[Row], rules: Rules) -> Row:
    """Mark a row whose figure came from another one; at most one origin is named."""
    if row.claim.quote is not None and row.claim.quote.anchor == "drifted":
        row = replace(row, flags=("drifted",))
    if row.undone or row.claim.modality in NEGATIVE | SILENT:
        return row
    others = [peer for peer in peers if _may_be_origin(row, peer)]
    if row.method is not None and row.derived_from is not None:
        return _drifted_repeat(row, others, rules)
    for flag, origin in (
        ("currency_substitution", _swapped_from(row, others)),
        ("drifted", _drifted_from(row, others, rules)),
        ("derived_figure", _converted_from(row, others, rules)),
    ):
        if origin is not None:
            flags = tuple(dict.fromkeys((*row.flags, cast("Flag", flag))))
            return replace(row, flags=flags, derived_from=origin.claim.position)
    return row


def _drifted_repeat(row: Row, others: Sequence[Row], rules: Rules) -> Row:
    """Mark a repeat that tells otherwise what it repeats: that is the repeater's own doing."""
    for origin in others:
        if origin.claim.position == row.derived_from and _differs(row, origin, rules):
            flag: Flag = "currency_substitution" if _swaps(row, origin) else "drifted"
            return replace(row, flags=tuple(dict.fromkeys((*row.flags, flag))))
    return row


def _may_be_origin(row: Row, peer: Row) -> bool:
    return (
        peer is not row
        and peer.undone is None
        and peer.claim.modality not in NEGATIVE | SILENT
        and comparable(row.claim, peer.claim)
    )


def _swapped_from(row: Row, others: Sequence[Row]) -> Row | None:
    """Return the claim whose digits a row repeats in another currency; None when it came first.

    The currency that counts is that of the root's own text, else of the strongest and then the
    earliest claim with these digits.
    """
    alike = [
        peer
        for peer in others
        if _earliest(peer) <= _latest(row) and (_same_figure(row, peer) or _swaps(row, peer))
    ]
    own = [peer for peer in alike if peer.claim.root == row.claim.root and not peer.claim.via]
    known = own if row.claim.via and own else [row, *alike]
    origin = min(known, key=_strength)
    return origin if _swaps(row, origin) else None


def _converted_from(row: Row, others: Sequence[Row], rules: Rules) -> Row | None:
    """Return the claim that a row's figure is a conversion of; None when there is none.

    A text may say itself that it converts. Else the figure must be a peer's at the day's rate, and
    the peer's figure must have been stated before anybody stated this one.
    """
    money = money_of(row.claim)
    if money is None or money.upper is not None:
        return None
    told = _tells_conversion(row)
    if row.is_principal and not told:
        return None
    found = [
        peer
        for peer in others
        if _earliest(peer) <= _latest(row)
        and not _tells_conversion(peer)
        and _is_conversion(row, peer, rules)
    ]
    if not found:
        return None
    near = [peer for peer in found if peer.claim.root == row.claim.root]
    origin = min(near or found, key=_strength)
    if told:
        return origin
    first = min((row, *(peer for peer in others if _same_figure(row, peer))), key=_strength)
    return origin if _strength(origin) < _strength(first) else None


def _drifted_from(row: Row, others: Sequence[Row], rules: Rules) -> Row | None:
    """Return the root's own claim that a repeat tells differently; None when there is none."""
    before = [peer for peer in others if _earliest(peer) <= _latest(row)]
    own = [
        peer
        for peer in before
        if peer.claim.root == row.claim.root and not peer.claim.via and not _tells_conversion(peer)
    ]
    if row.claim.via and own and all(_differs(row, peer, rules) for peer in own):
        return min(own, key=_strength)
    slips = [peer for peer in before if _slips(row, peer)]
    origin = min((row, *slips), key=_strength)
    return None if origin is row else origin


def _differs(row: Row, peer: Row, rules: Rules) -> bool:
    """Whether a repeat gives another figure than its root, however hedged either is."""
    mine, theirs = money_of(row.claim), money_of(peer.claim)
    if mine is None or theirs is None:
        return agree(row.claim, peer.claim, rules) is False
    if mine.currency != theirs.currency:
        return not _is_conversion(row, peer, rules)
    low, high = sorted((mine.amount, theirs.amount))
    return _open_side(mine) != _open_side(theirs) or not within(low, high, rules.tolerance_exact)


def _slips(row: Row, peer: Row) -> bool:
    """Whether two figures have the same digits a thousand or a million times apart."""
    mine, theirs = money_of(row.claim), money_of(peer.claim)
    if mine is None or theirs is None or not mine.amount or mine.currency != theirs.currency:
        return False
    return any(mine.amount == theirs.amount.scaleb(power) for power in _SLIPS)


_SLIPS = (-6, -3, 3, 6)


def _same_figure(row: Row, peer: Row) -> bool:
    mine, theirs = money_of(row.claim), money_of(peer.claim)
    return (
        mine is not None
        and theirs is not None
        and (mine.amount, mine.upper, mine.currency)
        == (theirs.amount, theirs.upper, theirs.currency)
    )


def _swaps(row: Row, peer: Row) -> bool:
    return swaps_currency(row.claim, peer.claim)


def _earliest(row: Row) -> date:
    return row.claim.published.earliest if row.claim.published else date.min


def _latest(row: Row) -> date:
    return row.claim.published.latest if row.claim.published else date.max


def _strength(row: Row) -> tuple[int, Directness]:
    """Order claims by tier, then by time: the smallest is where a figure is taken to come from."""
    return TIERS.index(row.tier), directness(row.claim)


def _tells_conversion(row: Row) -> bool:
    """Whether a text says itself that it converted its figure: then nothing else came from it."""
    money = money_of(row.claim)
    return row.claim.modality == "derives" or (
        money is not None and money.converted_from is not None
    )


def _is_conversion(row: Row, origin: Row, rules: Rules) -> bool:
    """Whether a figure is another's at the rate of its own day, or of the other's."""
    mine, theirs = money_of(row.claim), money_of(origin.claim)
    if mine is None or theirs is None or mine.currency == theirs.currency:
        return False
    if theirs.upper is not None or not theirs.amount or not mine.amount:
        return False
    if mine.converted_from is not None:
        given = mine.converted_from
        return (given.currency, given.amount) == (theirs.currency, theirs.amount)
    own = day_of(row.claim)
    days = (own, day_of(origin.claim)) if own else ()
    rates = [rules.rates.between(theirs.currency, mine.currency, day) for day in days if day]
    figures = [sorted((mine.amount, theirs.amount * rate.value)) for rate in rates if rate]
    return any(within(low, high, rules.tolerance_rate) for low, high in figures)
