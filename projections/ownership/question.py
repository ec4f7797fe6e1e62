"""Questions on ownership in plain words, and what would decide them.

=====================================================  =============================================
``founders > 50%`` · ``asml at least 15%``             what a holder, or several joined by ``+``, has
``american share < 25%`` · ``FR share >= 75%``         what belongs to a country
``founders have the majority``                         more than half
``asml is the largest`` · ``... the largest fund``     no less than everybody else (of that kind)
``asml > arthur-mensch``                               more than another holder
=====================================================  =============================================

``after ROUND`` (or ``at creation``) at the end asks of an earlier state than the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.errors import InvalidValue
from domain.values import PartyId
from domain.writing import parse_share
from projections.ownership import answer
from projections.ownership.assumptions import party_named
from projections.ownership.constraints import Row, Terms, all_of, scaled, total
from projections.ownership.entering import State
from projections.ownership.program import Program
from projections.ownership.study import Bounds, Study, Verdict

COUNTRIES = {
    "american": "US",
    "british": "GB",
    "chinese": "CN",
    "dutch": "NL",
    "emirati": "AE",
    "european": "EU",
    "french": "FR",
    "german": "DE",
    "japanese": "JP",
    "swiss": "CH",
}
"""What people call the holders of a country."""
_OPERATORS = {
    "at least": ">=",
    "at most": "<=",
    "more than": ">",
    "less than": "<",
    "over": ">",
    "under": "<",
    "≥": ">=",
    "≤": "<=",
}
_WORDS = "at least|at most|more than|less than|over|under"


@dataclass(frozen=True)
class Missing:
    """A fact that nobody gives, and how far it would narrow an answer."""

    text: str
    narrows: Fraction
    """By how much the bounds would come closer together, in the middle of what it may be."""
    group: int


@dataclass(frozen=True)
class Answer:
    """The verdict on a question, with what it rests on."""

    question: str
    state: State
    verdict: Verdict
    bounds: Bounds
    """Of what is asked about; of a comparison, of the first one's share."""
    would_decide: tuple[Missing, ...] = ()
    clash: tuple[int, ...] = ()
    """Groups that cannot hold together with what is asked, where it is contradicted."""
    said: tuple[int, ...] = ()
    """Positions of claims that say in words what is asked: they prove nothing of themselves."""


def ask(study: Study, text: str) -> Answer:
    """Return the verdict on a question.

    Raises:
        InvalidValue: it is no question of the forms above, or names nobody known.
    """
    words, state = _when(study, " ".join(text.split()).rstrip(" ?"))
    if match := re.fullmatch(r"(.+?) (?:is|are) (?:the )?largest(?: (.+))?", words, re.IGNORECASE):
        return _largest(study, text, state, _party(study, match[1]), match[2])
    if match := re.fullmatch(
        r"(.+?) (?:has|have|hold|holds) (?:the |a )?majority", words, re.IGNORECASE
    ):
        return _compared(study, text, state, match[1], ">", Fraction(1, 2))
    found = re.fullmatch(
        rf"(.+?)(?: holds?)?(?: ?(>=|<=|>|<|≥|≤) ?| ({_WORDS}) )(.+)", words, re.IGNORECASE
    )
    if found is None:
        msg = (
            f"{text!r} is no question that can be answered; ask for example 'founders > 50%', "
            "'american share < 25%' or 'asml is the largest'"
        )
        raise InvalidValue(msg)
    sign = found[2] or found[3].lower()
    sign = _OPERATORS.get(sign, sign)
    if re.match(r"\d", found[4]):
        return _compared(study, text, state, found[1], sign, parse_share(found[4]).lower)
    return _against(study, text, state, (_party(study, found[1]), sign, _party(study, found[4])))


def _when(study: Study, words: str) -> tuple[str, State]:
    match = re.fullmatch(r"(.+?) (?:after (\S+)|at (creation))", words, re.IGNORECASE)
    if match is None:
        return words, study.last
    return match[1], study.state((match[2] or match[3]).lower())


def _party(study: Study, name: str) -> PartyId:
    shares, directory = study.shares, study.evidence.directory
    wanted = name.strip().removeprefix("the ")
    party = party_named(wanted, directory) or party_named(name, directory)
    if party is None:
        msg = f"no party is called {name!r}; name a holder as 'ownership' shows it"
        raise InvalidValue(msg)
    if not set(shares.atoms(party)).intersection(shares.holders()):
        msg = f"nobody says that {directory.party_name(party)} holds shares"
        raise InvalidValue(msg)
    return party


# ── a share and a number ─────────────────────────────────────────────────────────────────────────


def _compared(  # noqa: PLR0913 - the parts of a question
    study: Study, text: str, state: State, who: str, sign: str, share: Fraction
) -> Answer:
    if match := re.fullmatch(r"(.+?) (?:share|holders|capital)", who.strip(), re.IGNORECASE):
        code = COUNTRIES.get(match[1].lower(), match[1].upper())
        held = answer.country(study, code, state)
        shared = _national(study, code, state)
        said = _said(study, state, "country_share", ())
    else:
        parties = tuple(_party(study, name) for name in re.split(r" ?\+ ?| and ", who))
        held = answer.together(study, parties, state)
        terms = all_of(study.shares.held_by(party, state.place) for party in parties)
        shared = (terms, terms)
        said = _said(study, state, "majority", parties)
    verdict = judged(held.bounds, sign, share, contradictory=study.is_contradictory)
    return Answer(
        question=text,
        state=state,
        verdict=verdict,
        bounds=held.bounds,
        would_decide=missing(study, state, shared, held.bounds)
        if verdict == "undetermined"
        else (),
        clash=held.bounds.groups if verdict == "contradicted" else (),
        said=said,
    )


def judged(bounds: Bounds, sign: str, share: Fraction, *, contradictory: bool = False) -> Verdict:
    """Return what bounds say of "more than" (>), "at least" (>=), "less than", "at most" a share."""
    lower, upper = bounds.lower, bounds.upper
    match sign:
        case ">":
            holds, fails = lower > share, upper <= share
        case ">=":
            holds, fails = lower >= share, upper < share
        case "<":
            holds, fails = upper < share, lower >= share
        case _:
            holds, fails = upper <= share, lower > share
    if fails:
        return "contradicted"
    if holds:
        return "assumed" if bounds.assumptions else "proved"
    del contradictory
    return "undetermined"


def _national(study: Study, code: str, state: State) -> tuple[Terms, Terms]:
    low, high = [], []
    for holder in study.shares.holders():
        held, home = study.shares.held(holder, state.place), study.shares.country_of(holder)
        if home == code:
            low.append(held)
        if home in {code, None}:
            high.append(held)
    return all_of(low), all_of(high)


def _said(study: Study, state: State, what: str, parties: Iterable[PartyId]) -> tuple[int, ...]:
    atoms = {atom for party in parties for atom in study.shares.atoms(party)}
    return tuple(
        position
        for group in study.groups
        if group.attribute == what and group.state == state.place
        if not atoms or atoms.intersection(group.parties)
        for position in group.claims
    )


# ── one holder and others ────────────────────────────────────────────────────────────────────────


def _largest(study: Study, text: str, state: State, party: PartyId, among: str | None) -> Answer:
    kind = None if among in {None, "holder", "shareholder"} else among
    rivals = study.shares.rivals(party, kind)
    if rivals is None:
        msg = f"{among!r} is no kind of holder; ask for the largest fund, company or person"
        raise InvalidValue(msg)
    atoms = study.shares.atoms(party)
    mine = study.shares.held_by(party, state.place)
    larger = [
        total((mine, 1), (study.shares.held(rival, state.place), -1))
        for rival in rivals
        if study.shares.held(rival, state.place)
    ]
    return _decided(study, text, state, (atoms, mine), larger)


def _against(study: Study, text: str, state: State, asked: tuple[PartyId, str, PartyId]) -> Answer:
    one, sign, other = asked
    left, right = (study.shares.held_by(party, state.place) for party in (one, other))
    terms = total((left, 1), (right, -1)) if ">" in sign else total((right, 1), (left, -1))
    atoms = (*study.shares.atoms(one), *study.shares.atoms(other))
    return _decided(study, text, state, (atoms, left), [terms])


def _decided(
    study: Study,
    text: str,
    state: State,
    asked: tuple[Sequence[PartyId], Terms],
    differences: Sequence[Terms],
) -> Answer:
    """Return whether differences are never negative, can be, or cannot all be otherwise."""
    atoms, held = asked
    active = study.counting(atoms)
    bounds = study.between(held, held, state, active)
    program = study.program(state)
    more = [Row(terms) for terms in differences]
    proof = Program(study.shares.constraints, study.founded, more).clash(active)
    used: tuple[int, ...] = ()
    if proof is not None:
        verdict: Verdict = "contradicted"
        used = tuple(
            sorted({row.group for row in _rows(study, proof.multipliers) if row.group is not None})
        )
    else:
        proofs = [program.smallest(terms, active).certificate for terms in differences]
        proved = all(one is not None and one.bound <= 0 for one in proofs)
        numbers = {n for one in proofs if one is not None for n in program.groups_of(one)}
        assumed = any(study.groups[number].assumptions for number in numbers)
        verdict = ("assumed" if assumed else "proved") if proved else "undetermined"
        used = tuple(sorted(numbers)) if proved else ()
    decide = ()
    if verdict == "undetermined":
        decide = missing(study, state, (held, held), bounds)
    told = [study.groups[number] for number in used]
    if told:
        bounds = Bounds(
            bounds.lower,
            bounds.upper,
            tuple(sorted({*bounds.claims, *(one for group in told for one in group.claims)})),
            tuple(dict.fromkeys((*bounds.assumptions, *(t for g in told for t in g.assumptions)))),
            tuple(sorted({*bounds.groups, *used})),
        )
    clash = used if verdict == "contradicted" else ()
    return Answer(text, state, verdict, bounds, decide, clash, _said(study, state, "rank", atoms))


def _rows(study: Study, numbers: Iterable[int]) -> list[Row]:
    rows = study.shares.constraints.rows
    return [rows[number] for number in numbers if number < len(rows)]


# ── what would decide ────────────────────────────────────────────────────────────────────────────


def missing(
    study: Study, state: State, ends: tuple[Terms, Terms], bounds: Bounds
) -> tuple[Missing, ...]:
    """Return the figures whose knowledge would narrow bounds, the one that narrows most first.

    Each figure that the bounds rest on is taken to be known, in the middle of what it may be.
    """
    found = []
    for group in bounds.groups:
        parts = [
            part
            for part in study.shares.constraints.parts.get(group, ())
            if part.span.upper is not None and part.span.lower < part.span.upper
        ]
        if not parts:
            continue
        known = tuple(
            Row(total((part.part, 1), (scaled(part.whole, _middle(part.span)), -1)), equal=True)
            for part in parts
        )
        then = study.between(*ends, state, study.counting(()), known)
        if then.width < bounds.width:
            sentence = study.groups[group].sentence
            found.append(Missing(f"exactly {_asked(sentence)}", bounds.width - then.width, group))
    return tuple(sorted(found, key=lambda one: (-one.narrows, one.group)))


def _middle(span: tuple[Fraction, Fraction | None]) -> Fraction:
    lower, upper = span
    return (lower + (upper if upper is not None else Fraction(1))) / 2


def _asked(sentence: str) -> str:
    return re.sub(
        r"^new shares are .* of all", "what part of all shares the new ones are", sentence
    )
