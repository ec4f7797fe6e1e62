"""What an entry says, as a sentence in English or French.

English puts what is said after "says that" in the present, and what is to come in the infinitive:
"expects the round to raise 600M USD". French uses verbs in -er alone, whose present and
subjunctive are the same: "dit que le tour lève", "s'attend à ce que le tour lève".
Words that texts use are kept as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Literal, assert_never

from domain.values import Money, Multiple, PartialDate, PartyId, ShareInterval
from domain.words import PROSPECTIVE, SILENT, Attribute
from projections.book import company_of
from projections.claims import Claim, Held, Words
from projections.english import ENGLISH
from projections.french import FRENCH
from projections.vocabulary import Vocabulary, when

Language = Literal["en", "fr"]

_Plain = Money | ShareInterval | Multiple | PartialDate | Words
"""Values that are about no party."""
_VOCABULARIES: dict[Language, Vocabulary] = {"en": ENGLISH, "fr": FRENCH}
_OF_HOLDERS: frozenset[Attribute] = frozenset(
    {
        "secondary_sale",
        "majority",
        "control",
        "country_share",
        "rank",
        "seat",
        "option_pool",
        "cap_table",
    }
)
"""Attributes that are said of a company after a round."""
_RUMORS = ("round_rumored.v1", "investor_rumored.v1")
_UNITS = (Decimal(10) ** 9, Decimal(10) ** 6, Decimal(10) ** 3)
_SHARE_DIGITS = 4
_VOWELS = tuple("aàâeéèêiîoôuûœAÀÂEÉÈÊIÎOÔUÛŒ")
_RANK = re.compile(r"number (\d+)(?: among (.+))?")
_SHARES = re.compile(r"(\d+) shares")


@dataclass(frozen=True)
class Names:
    """How sources and parties are called; the projections themselves know only slugs."""

    source: Callable[[str], str]
    party: Callable[[str], str]


def sentence(claims: Sequence[Claim], names: Names, language: Language) -> str:
    """Return what the claims of one entry say."""
    writer = _Writer(names, _VOCABULARIES[language], is_french=language == "fr")
    text = f"{writer.speaker(claims[0])} {writer.speech(claims)}"
    return text if text.endswith((".", "?", "!")) else f"{text}."


class _Writer:
    def __init__(self, names: Names, words: Vocabulary, *, is_french: bool) -> None:
        self._names = names
        self._words = words
        self._is_french = is_french

    def speaker(self, claim: Claim) -> str:
        """Return who speaks and through whom."""
        root = self._names.source(claim.root) if claim.root else self._words.somebody
        via = ", ".join(self._names.source(one) for one in claim.via)
        return f"{root} (via {via})" if via else root

    def speech(self, claims: Sequence[Claim]) -> str:
        """Return what is said."""
        first, words = claims[0], self._words
        subject, modality = self._subject(first), first.modality
        if first.attribute in ("note", "question") and isinstance(first.value, Words):
            about = self._of(subject) if self._is_french else subject
            opener = words.openers[first.attribute]
            return f"{opener} {words.about} {about}{words.colon} {first.value.text}"
        if modality in SILENT or first.value is None:
            opener = words.openers[modality if modality in SILENT else "nothing"]
            noun = f"{words.nouns[first.attribute]} {self._of(subject)}"
            return f"{opener} {subject if first.attribute == 'note' else noun}"
        phrases = self._phrases(claims)
        if first.event_type in _RUMORS and modality == "asserts":
            modality = "reports_talks"
        if modality not in PROSPECTIVE:
            if modality == "denies":
                phrases = [_with_verb(one, words.denied) for one in phrases]
            return f"{self._that(modality, subject)} {_listed(phrases, words.and_)}"
        if first.attribute == "status":
            return f"{self._that('stage', subject)} {_listed(phrases, words.and_)}"
        if self._is_french:
            return f"{self._that(modality, subject)} {_listed(phrases, words.and_)}"
        phrases = [_with_verb(one, words.infinitives) for one in phrases]
        return f"{words.openers[modality]} {subject} to {_listed(phrases, words.and_)}"

    # ── of what ──────────────────────────────────────────────────────────────────────────────────

    def _subject(self, claim: Claim) -> str:
        """Return the subject of what is said: the round, or its company where it is of holders."""
        company = self._names.party(company_of(claim.subject))
        name = claim.subject.partition("/")[2]
        if not name:
            return company
        of_holders = claim.attribute in _OF_HOLDERS or (
            claim.attribute == "stake" and isinstance(claim.value, Held)
        )
        around = self._words.round.format(name)
        return f"{company}, {self._words.after} {around}," if of_holders else around

    def _of(self, noun: str) -> str:
        """Return "of" something; French contracts it."""
        if not self._is_french:
            return f"of {noun}"
        if noun.startswith("le "):
            return f"du {noun.removeprefix('le ')}"
        return f"d'{noun}" if noun.startswith(_VOWELS) else f"de {noun}"

    def _that(self, opener: str, noun: str) -> str:
        """Return an opener and its subject; the French "que" loses its vowel before another."""
        text = self._words.openers[opener]
        if self._is_french and noun.startswith(_VOWELS):
            return f"{text.removesuffix('e')}'{noun}"
        return f"{text} {noun}"

    # ── what ─────────────────────────────────────────────────────────────────────────────────────

    def _phrases(self, claims: Sequence[Claim]) -> list[str]:
        """Return a verb and what follows for each claim; a day and a ticket go with what has it."""
        told = {claim.attribute: claim.value for claim in claims}
        phrases = []
        for claim in claims:
            match claim.attribute, claim.value:
                case "announced" | "closed", _ if "status" in told:
                    pass
                case "ticket", _ if "investor" in told or "lead_investor" in told:
                    pass
                case "status", Words(text=stage):
                    day = told.get("announced") or told.get("closed")
                    dated = f" {self._value(day)}" if isinstance(day, PartialDate) else ""
                    phrases.append(f"{self._words.stages[stage]}{dated}")
                case "investor" | "lead_investor", Held() as held:
                    ticket = told.get("ticket")
                    amount = self._amount_of(ticket) if isinstance(ticket, Held) else ""
                    phrases.append(self._investor(claim.attribute, held) + amount)
                case attribute, Held() as held:
                    phrases.append(self._holding(attribute, held))
                case attribute, (
                    Money() | ShareInterval() | Multiple() | PartialDate() | Words()
                ) as value:
                    phrase = self._words.phrases[attribute].format(self._value(value))
                    phrases.append(phrase + self._part(claim))
                case _:
                    pass
        return phrases

    def _value(self, value: _Plain) -> str:
        """Return a value in words."""
        match value:
            case Money():
                return self._money(value)
            case ShareInterval():
                return self._share(value)
            case Multiple():
                about = f" ({value.of})" if value.of else ""
                return f"{self._hedged(value.qualifier, self._number(value.ratio))}{about}"
            case PartialDate():
                return when(value.edtf, self._words)
            case Words():
                return self._meaning(value.text)
            case _:
                assert_never(value)

    def _investor(self, attribute: Attribute, held: Held) -> str:
        roles = [one for one in held.roles if (attribute, one) != ("lead_investor", "lead")]
        named = ", ".join(self._meaning(role) for role in roles)
        return self._words.phrases[attribute].format(self._parties(held.parties)) + _noted(named)

    def _holding(self, attribute: Attribute, held: Held) -> str:
        """Return what is said of holders."""
        words, who, what = self._words, self._parties(held.parties), self._meaning(held.words)
        amount, notes = self._amount_of(held), _noted(what, held.note)
        match attribute:
            case "stake" | "ticket":
                return words.counts.format(who) + amount + notes
            case "country_share":
                group, _, more = what.partition(": ")
                group = words.group.format(group)
                return words.counts.format(group) + amount + _noted(self._meaning(more))
            case "rank":
                return words.ranks.format(who) + self._rank(held)
            case "seat":
                return words.phrases[attribute].format(who, what) + _noted(held.note)
            case "secondary_sale":
                buyers = f" {words.to} {self._parties(held.others)}" if held.others else ""
                return words.phrases[attribute].format(who) + buyers + amount + notes
            case _:
                return words.phrases[attribute].format(who) + amount + notes

    def _rank(self, held: Held) -> str:
        words = self._words
        match = _RANK.fullmatch(held.words or "")
        place = among = ""
        if match:
            place = f" {words.first}" if match[1] == "1" else f" {words.place.format(match[1])}"
            among = f" {words.among} {self._meaning(match[2])}" if match[2] else ""
        behind = f" {words.behind} {self._parties(held.others)}" if held.others else ""
        return place + among + behind

    def _amount_of(self, held: Held) -> str:
        if held.figure is None:
            return ""
        shares = f" {self._words.of_the_shares}" if isinstance(held.figure, ShareInterval) else ""
        each = f" {self._words.each}" if held.each else ""
        return f" {self._words.for_} {self._value(held.figure)}{shares}{each}"

    def _part(self, claim: Claim) -> str:
        basis = f" {claim.basis}-money" if claim.basis != "unspecified" else ""
        return basis + (f" {self._words.parts[claim.scope]}" if claim.scope else "")

    def _parties(self, parties: Sequence[PartyId]) -> str:
        return _listed([self._names.party(party) for party in parties], self._words.and_)

    def _meaning(self, text: str | None) -> str:
        """Return a word of ours, or words of a text, in the language where it has them."""
        if text is None or text == "unspecified":
            return ""
        if shares := _SHARES.fullmatch(text):
            return f"{shares[1]} {self._words.shares}"
        return self._words.meanings.get(text, text)

    # ── figures ──────────────────────────────────────────────────────────────────────────────────

    def _money(self, money: Money) -> str:
        amount = self._amount(money.amount)
        if money.upper is not None:
            amount = self._words.between.format(amount, self._amount(money.upper))
        return f"{self._hedged(money.qualifier, amount)} {money.currency}"

    def _amount(self, amount: Decimal) -> str:
        for unit, name in zip(_UNITS, self._words.units, strict=True):
            if amount >= unit:
                return f"{self._number(amount / unit)}{name}"
        return self._number(amount)

    def _share(self, share: ShareInterval) -> str:
        lower = self._percent(share.lower, ROUND_FLOOR)
        upper = self._percent(share.upper, ROUND_CEILING)
        match share.qualifier:
            case "at_least" | "more_than":
                bounds = lower
            case "at_most" | "less_than":
                bounds = upper
            case _:
                bounds = lower if lower == upper else self._words.between.format(lower, upper)
        return f"{self._hedged(share.qualifier, bounds)} %"

    def _percent(self, share: Fraction, rounding: str) -> str:
        context = Context(prec=_SHARE_DIGITS, rounding=rounding)
        number = context.divide(Decimal(share.numerator * 100), Decimal(share.denominator))
        return self._number(number)

    def _hedged(self, qualifier: str, figure: str) -> str:
        hedge = self._words.hedges.get(qualifier)
        return f"{hedge} {figure}" if hedge else figure

    def _number(self, number: Decimal) -> str:
        text = format(number.normalize(), "f")
        return text.replace(".", ",") if self._is_french else text


def _with_verb(phrase: str, forms: Mapping[str, str]) -> str:
    """Return a phrase with another form of its verb."""
    verb, space, rest = phrase.partition(" ")
    return forms.get(verb, verb) + space + rest


def _listed(texts: Sequence[str], last: str) -> str:
    if len(texts) <= 1:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def _noted(*notes: str | None) -> str:
    text = ", ".join(note for note in notes if note)
    return f" ({text})" if text else ""
