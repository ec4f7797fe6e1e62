"""Questions on ownership in plain words.

===================================================  ==========================================
``founders > 50%`` · ``asml at least 15%``           what holders have, joined by ``+``
``american share < 25%`` · ``FR share >= 75%``       what belongs to a country
``founders have the majority``                       more than half
``asml is the largest`` · ``... the largest fund``   no less than everybody else (of that kind)
``asml > arthur-mensch``                             more than another holder
===================================================  ==========================================

``after ROUND`` (or ``at creation``) at the end asks of an earlier state than the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.errors import InvalidValue
from domain.values import PartyId
from domain.writing import parse_share
from projections.ownership import answer
from projections.ownership.assumptions import UnknownName, party_named, unknown_party
from projections.ownership.constraints import Terms, all_of, total
from projections.ownership.countries import CODES, no_country
from projections.ownership.deciding import (
    Decision,
    Missing,
    compared,
    judged,
    largest,
    missing,
    resting,
)
from projections.ownership.entering import State
from projections.ownership.relations import label_of
from projections.ownership.shares import OTHERS
from projections.ownership.study import Bounds, Study, Verdict

COUNTRIES = {
    "american": "US",
    "british": "GB",
    "chinese": "CN",
    "dutch": "NL",
    "emirati": "AE",
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
    if study.is_empty(state):
        name = study.evidence.directory.party_name(study.evidence.company)
        msg = f"the ledger of {name} counts no shares {label_of(state)}: nobody holds any to ask of"
        raise InvalidValue(msg)
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
    if re.match(r"\d|.+%$", found[4]):
        return _compared(study, text, state, found[1], sign, _one_share(found[4]))
    return _against(study, text, state, (_party(study, found[1]), sign, _party(study, found[4])))


def _one_share(text: str) -> Fraction:
    share = parse_share(text)
    if share.lower != share.upper:
        msg = f"{text!r} is a range; a question compares with one share: ask of each end"
        raise InvalidValue(msg)
    return share.lower


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
        raise unknown_party(wanted, directory)
    if not set(shares.atoms(party)).intersection(shares.holders()):
        msg = f"nobody says that {directory.party_name(party)} holds shares"
        known = (one for one in shares.holders() if not one.startswith(OTHERS))
        raise UnknownName(msg, wanted, map(directory.party_name, known))
    return party


# ── a share and a number ─────────────────────────────────────────────────────────────────────────


def _compared(
    study: Study, text: str, state: State, who: str, sign: str, share: Fraction
) -> Answer:
    if match := re.fullmatch(r"(.+?) (?:share|holders|capital)", who.strip(), re.IGNORECASE):
        code = _code(match[1])
        bounds = answer.country(study, code, state).bounds
        ends = answer.of_country(study, code, state)
        atoms: tuple[PartyId, ...] = ()
        said = _said(study, state, "country_share", ())
    else:
        parties = tuple(_party(study, name) for name in re.split(r" ?\+ ?| and ", who))
        _refuse_overlap(study, parties)
        bounds = answer.together(study, parties, state).bounds
        held = all_of(study.shares.held_by(party, state.place) for party in parties)
        ends = held, held
        atoms = tuple(atom for party in parties for atom in study.shares.atoms(party))
        said = _said(study, state, "majority", parties)
    verdict = judged(bounds, sign, share)
    decide: tuple[Missing, ...] = ()
    if verdict == "undetermined":
        decide = missing(study, state, ends, study.counting(atoms))
    clash: tuple[int, ...] = ()
    if verdict == "contradicted":
        clash = _against_it(study, state, ends, sign, study.counting(atoms))
    return Answer(text, state, verdict, bounds, decide, clash, said)


def _refuse_overlap(study: Study, parties: tuple[PartyId, ...]) -> None:
    """Refuse a sum that counts somebody's shares twice."""
    counted: set[PartyId] = set()
    for party in parties:
        atoms = study.shares.atoms(party)
        twice = counted.intersection(atoms)
        if twice:
            name = study.evidence.directory.party_name(min(twice))
            msg = f"the shares of {name} would be counted twice; name everybody once"
            raise InvalidValue(msg)
        counted.update(atoms)


def _code(word: str) -> str:
    code = COUNTRIES.get(word.lower(), word.upper())
    if code not in CODES:
        raise InvalidValue(no_country(word))
    return code


def _against_it(
    study: Study, state: State, ends: tuple[Terms, Terms], sign: str, active: frozenset[int]
) -> tuple[int, ...]:
    """Return the groups that prove the one bound which contradicts what is asked."""
    low, high = ends
    program = study.program(state)
    best = program.largest(high, active) if ">" in sign else program.smallest(low, active)
    return program.groups_of(best.certificate) if best.certificate else ()


def _said(study: Study, state: State, what: str, parties: Iterable[PartyId]) -> tuple[int, ...]:
    atoms = {atom for party in parties for atom in study.shares.atoms(party)}
    return tuple(
        position
        for group in study.groups
        if group.attribute == what
        and group.state == state.place
        and (not atoms or atoms.intersection(group.parties))
        for position in group.claims
    )


# ── one holder and others ────────────────────────────────────────────────────────────────────────


def _largest(study: Study, text: str, state: State, party: PartyId, among: str | None) -> Answer:
    shares = study.shares
    rivals = shares.rivals(party, None if among in {"holder", "shareholder"} else among)
    if rivals is None:
        msg = f"{among!r} is no kind of holder; ask for the largest fund, company or person"
        raise InvalidValue(msg)
    atoms, mine = shares.atoms(party), shares.held_by(party, state.place)
    there = [rival for rival in rivals if shares.held(rival, state.place)]
    differences = [total((mine, 1), (shares.held(rival, state.place), -1)) for rival in there]
    active = study.counting(atoms)
    decision = largest(study, state, differences, active)
    widest = max(there, key=lambda rival: (study.of((rival,), state).upper, rival), default=party)
    return _decided(study, text, state, (party, widest), decision, active)


def _against(study: Study, text: str, state: State, asked: tuple[PartyId, str, PartyId]) -> Answer:
    one, sign, other = asked
    left, right = (study.shares.held_by(party, state.place) for party in (one, other))
    terms = total((left, 1), (right, -1)) if ">" in sign else total((right, 1), (left, -1))
    active = study.counting((*study.shares.atoms(one), *study.shares.atoms(other)))
    decision = compared(study, state, terms, active, strictly="=" not in sign)
    return _decided(study, text, state, (one, other), decision, active)


def _decided(
    study: Study,
    text: str,
    state: State,
    asked: tuple[PartyId, PartyId],
    decision: Decision,
    active: frozenset[int],
) -> Answer:
    held, other = (study.shares.held_by(party, state.place) for party in asked)
    bounds = resting(study, study.between(held, held, state, active), decision.groups)
    decide: tuple[Missing, ...] = ()
    if decision.verdict == "undetermined":
        difference = total((held, 1), (other, -1))
        decide = missing(study, state, (difference, difference), active, asked)
    clash = decision.groups if decision.verdict == "contradicted" else ()
    said = _said(study, state, "rank", asked)
    return Answer(text, state, decision.verdict, bounds, decide, clash, said)
