"""What was said, one sentence an entry: the order, the repeats, and the words in two languages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings

from dealjournal.reading import Asked, Reading
from domain.events import (
    CapTableFiled,
    ControlReported,
    ConvertibleConverted,
    ConvertibleIssued,
    GroupShareReported,
    HoldersRanked,
    Holding,
    MajorityReported,
    OptionPoolReported,
    PartyFounded,
    PartyLocated,
    RoleReported,
    SeatReported,
    SecondarySaleReported,
    Terms,
    TermsReported,
)
from domain.values import Multiple, PartyId, RoundId
from domain.words import ATTRIBUTES, Instrument, Modality, RoundKind, Scope, Stage
from domain.writing import parse_money, parse_multiple, parse_share
from projections.claims import claims_of
from projections.english import ENGLISH
from projections.french import FRENCH
from projections.sentences import Names, sentence
from projections.times import Times
from projections.vocabulary import when
from tests.projections.histories import histories
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    CAST,
    JUNE,
    KNOWN,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    REUTERS,
    RULES,
    SEED,
    SERIES_B,
    TODAY,
    WSJ,
    amount,
    announced,
    cancelled,
    closed,
    courted,
    denied,
    joined,
    journal,
    no_comment,
    noted,
    passed,
    question,
    retracted,
    rumored,
    said,
    stake,
    unknown,
    valuation,
    voided,
)

if TYPE_CHECKING:
    from domain.events import Event
    from projections.sentences import Language
    from projections.timeline import Told

NAMES = Names(KNOWN.source_name, KNOWN.party_name)


def told(*events: Event, language: Language = "en", believe: str = "rumored") -> list[Told]:
    """Return the sentences of a small journal; the cast stands before it."""
    asked = Asked(Times(TODAY), believe)
    reading = Reading("journal.db", journal(*CAST, *events), asked, RULES)
    return reading.told_of(MISTRAL, language)


def say(event: Event, language: Language = "en") -> str:
    """Return what one entry says, without who says it."""
    (entry,) = journal(event)
    text = sentence(list(claims_of(entry, {})), NAMES, language)
    return text.removeprefix("Wsj ").removeprefix("Mistral AI ")


def terms(modality: Modality = "asserts", **figures: object) -> TermsReported:
    """Return a report of terms."""
    return TermsReported(
        round=SERIES_B, terms=Terms.model_validate(figures), **said(modality=modality)
    )


# ── a small journal in both languages ────────────────────────────────────────────────────────────

STORY: tuple[Event, ...] = (
    rumored("nearing_close", modality="expects"),
    amount("~600M USD", modality="expects", at=1),
    valuation("6bn USD", modality="targets", at=2),
    courted(LIGHTSPEED, "lead", "returning", at=3),
    amount("~600M USD", via=(BLOG,), on="2024-05-10", modality="expects"),
    valuation("> 6bn USD", via=(BLOG,), on="2024-05-10", modality="targets"),
    passed(NVIDIA, by=REUTERS, on="2024-05-11"),
    announced(occurred=JUNE),
    amount("600M EUR", by=PRESS_OFFICE, on=JUNE, at=1),
    joined(LIGHTSPEED, "lead", ticket="120M EUR", by=PRESS_OFFICE, on=JUNE, at=2),
    valuation("5.8bn EUR", basis="post", by=REUTERS, on=JUNE, at=3),
    unknown("stake", by=REUTERS, on=JUNE, at=4),
    no_comment("valuation", on=JUNE, at=5),
    noted("the founders keep control", by=REUTERS, on=JUNE, at=6),
)
ENGLISH_STORY = """\
2024-05-09  Wsj reports that the series-b round nears its close.
2024-05-09  Wsj expects the series-b round to raise about 600M USD.
2024-05-09  Wsj says the aim is for the series-b round to value the company at 6bn USD.
2024-05-09  Wsj reports talks for the series-b round to be led by Lightspeed (returning).
2024-05-10  Wsj (via Blog) expects the series-b round to raise about 600M USD. [as 2]
2024-05-10  Wsj (via Blog) says the aim is for the series-b round to value the company at more \
than 6bn USD.
2024-05-11  Reuters denies that the series-b round counts Nvidia among its investors.
2024-06-11  Mistral AI says that the series-b round is announced on 11 June 2024.
2024-06-11  Mistral AI says that the series-b round raises 600M EUR.
2024-06-11  Mistral AI says that the series-b round is led by Lightspeed for 120M EUR.
2024-06-11  Reuters says that the series-b round values the company at 5.8bn EUR post-money.
2024-06-11  Reuters says that nobody can tell the stake of the series-b round.
2024-06-11  Mistral AI declines to comment on the valuation of the series-b round.
2024-06-11  Reuters notes about Mistral AI: the founders keep control.
"""
FRENCH_STORY = """\
2024-05-09  Wsj rapporte que le tour series-b touche à sa fin.
2024-05-09  Wsj s'attend à ce que le tour series-b lève environ 600 M USD.
2024-05-09  Wsj dit que le but est que le tour series-b valorise l'entreprise à 6 Md USD.
2024-05-09  Wsj fait état de discussions pour que le tour series-b compte Lightspeed pour chef \
de file (déjà présent).
2024-05-10  Wsj (via Blog) s'attend à ce que le tour series-b lève environ 600 M USD. [as 2]
2024-05-10  Wsj (via Blog) dit que le but est que le tour series-b valorise l'entreprise à plus \
de 6 Md USD.
2024-05-11  Reuters dément que le tour series-b compte Nvidia parmi ses investisseurs.
2024-06-11  Mistral AI dit que le tour series-b est annoncé le 11 juin 2024.
2024-06-11  Mistral AI dit que le tour series-b lève 600 M EUR.
2024-06-11  Mistral AI dit que le tour series-b compte Lightspeed pour chef de file pour 120 M EUR.
2024-06-11  Reuters dit que le tour series-b valorise l'entreprise à 5,8 Md EUR post-money.
2024-06-11  Reuters dit que l'on ignore la participation du tour series-b.
2024-06-11  Mistral AI ne commente pas la valorisation du tour series-b.
2024-06-11  Reuters note à propos de Mistral AI : the founders keep control.
"""


@pytest.mark.parametrize(("language", "golden"), [("en", ENGLISH_STORY), ("fr", FRENCH_STORY)])
def test_a_small_journal_reads_as_a_story(language: Language, golden: str) -> None:
    lines = [
        f"{one.published.edtf if one.published else ''}  {one.text}"
        + (f" [as {one.repeats - len(CAST)}]" if one.repeats else "")
        for one in told(*STORY, language=language)
    ]
    assert "".join(f"{line}\n" for line in lines) == golden


# ── which entries, in which order ────────────────────────────────────────────────────────────────


def test_entries_stand_in_the_order_in_which_they_were_said() -> None:
    events = (
        amount("600M EUR", on=JUNE),
        amount("105M EUR", of=SEED, on=MAY),
        amount("385M EUR", by=REUTERS, on=MAY),
        amount("700M EUR", by=BLOOMBERG, on=None),
        amount("500M EUR", by=BLOG, on="2024-06", occurred="2024-05"),
    )
    found = told(*events)
    assert [one.position - len(CAST) for one in found] == [2, 3, 1, 5, 4]
    assert found[3].occurred is not None
    assert found[3].occurred.edtf == "2024-05"
    assert [one.attributes for one in found] == [("amount",)] * 5


def test_an_entry_that_only_repeats_names_what_it_repeats() -> None:
    events = (
        amount("600M EUR", via=(BLOG,), on=JUNE),
        amount("600M EUR", on=MAY),
        announced(occurred=JUNE, by=REUTERS),
        announced(occurred="2024-06-12", by=REUTERS, on="2024-06-13"),
    )
    found = {one.position - len(CAST): one.repeats for one in told(*events)}
    assert found == {1: len(CAST) + 2, 2: None, 3: None, 4: None}


def test_other_companies_voided_entries_and_those_not_believed_are_not_told() -> None:
    mistake = amount("600M EUR")
    events = (
        amount("600M EUR", of=RoundId("nvidia/seed")),
        mistake,
        voided(mistake),
        rumored(),
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
        retracted(mistake),
    )
    assert [one.position - len(CAST) for one in told(*events)] == [4, 5]
    assert [one.position - len(CAST) for one in told(*events, believe="confirmed")] == [5]
    assert [one.position - len(CAST) for one in told(*events, believe="source:wsj")] == [4]


def test_a_denial_of_a_claim_says_what_it_denies() -> None:
    claim = amount("600M EUR")
    _, denial = told(claim, denied(claim, on=JUNE))
    assert denial.text == "Mistral AI denies that the series-b round raises 600M EUR."


@settings(max_examples=60)
@given(histories())
def test_every_entry_that_claims_something_is_told_once(events: list[Event]) -> None:
    reading = Reading("journal.db", journal(*events), Asked(Times(TODAY)), RULES)
    rows = [row for row, _ in reading.rows_of(MISTRAL)]
    expected = {place for row in rows for place in (row.claim.position, *row.repeats)}
    for language in ("en", "fr"):
        found = reading.told_of(MISTRAL, language)  # type: ignore[arg-type]
        assert sorted(one.position for one in found) == sorted(expected)
        for one in found:
            assert one.text[-1] in ".?!"
            assert "{" not in one.text


# ── every kind of entry ──────────────────────────────────────────────────────────────────────────

AFTER = {"company": MISTRAL, "after": SERIES_B}
FOUNDERS = (PartyId("arthur"), PartyId("guillaume"), PartyId("timothee"))

SENTENCES: list[tuple[Event, str, str]] = [
    (
        closed(occurred="2024-06", by=WSJ),
        "says that the series-b round is closed in June 2024.",
        "dit que le tour series-b est clos en juin 2024.",
    ),
    (
        closed(by=WSJ),
        "says that the series-b round is closed.",
        "dit que le tour series-b est clos.",
    ),
    (
        closed(by=WSJ, modality="denies"),
        "denies that the series-b round is closed.",
        "dément que le tour series-b soit clos.",
    ),
    (
        rumored(modality="asserts"),
        "reports that the series-b round is in talks.",
        "rapporte que le tour series-b est en discussion.",
    ),
    (
        cancelled(paused=True),
        "says that the series-b round is paused.",
        "dit que le tour series-b est suspendu.",
    ),
    (
        amount("468M EUR", scope="equity"),
        "says that the series-b round raises 468M EUR in equity.",
        "dit que le tour series-b lève 468 M EUR en actions.",
    ),
    (
        amount("2-2.5bn USD", modality="opines"),
        "thinks that the series-b round raises between 2bn and 2.5bn USD.",
        "pense que le tour series-b lève entre 2 Md et 2,5 Md USD.",
    ),
    (
        amount("1500 EUR", modality="estimates"),
        "estimates that the series-b round raises 1.5k EUR.",
        "estime que le tour series-b lève 1,5 k EUR.",
    ),
    (
        amount("nearly 500 EUR", modality="derives"),
        "works out that the series-b round raises nearly 500 EUR.",
        "calcule que le tour series-b lève près de 500 EUR.",
    ),
    (
        terms(
            debt_amount=parse_money("132M EUR"), instrument="convertible_note", modality="expects"
        ),
        "expects the series-b round to include 132M EUR of debt and use convertible notes.",
        (
            "s'attend à ce que le tour series-b comporte 132 M EUR de dette et passe par des "
            "obligations convertibles."
        ),
    ),
    (
        terms(multiple=parse_multiple("nearly triple")),
        "says that the series-b round multiplies the earlier valuation by nearly 3.",
        "dit que le tour series-b multiplie la valorisation précédente par près de 3.",
    ),
    (
        terms(multiple=Multiple.model_validate({**dict(parse_multiple("3x")), "of": "the seed"})),
        "says that the series-b round multiplies the earlier valuation by 3 (the seed).",
        "dit que le tour series-b multiplie la valorisation précédente par 3 (the seed).",
    ),
    (
        terms(stake=parse_share("10.5-11.5%")),
        "says that the series-b round sells between 10.5 and 11.5 % of the shares.",
        "dit que le tour series-b cède entre 10,5 et 11,5 % du capital.",
    ),
    (
        terms(stake=parse_share("at most 10%")),
        "says that the series-b round sells at most 10 % of the shares.",
        "dit que le tour series-b cède au plus 10 % du capital.",
    ),
    (
        TermsReported(round=SERIES_B, kind="series_b", **said()),
        "says that the series-b round counts as a Series B.",
        "dit que le tour series-b compte comme une série B.",
    ),
    (
        joined(LIGHTSPEED, "returning", "new"),
        "says that the series-b round counts Lightspeed among its investors (returning, new).",
        (
            "dit que le tour series-b compte Lightspeed parmi ses investisseurs (déjà présent, "
            "nouveau)."
        ),
    ),
    (
        joined(LIGHTSPEED, "co_lead"),
        "says that the series-b round is led by Lightspeed (co-lead).",
        "dit que le tour series-b compte Lightspeed pour chef de file (co-chef de file).",
    ),
    (
        courted(LIGHTSPEED, modality="asserts"),
        "reports talks for the series-b round to count Lightspeed among its investors.",
        (
            "fait état de discussions pour que le tour series-b compte Lightspeed parmi ses "
            "investisseurs."
        ),
    ),
    (
        stake("31.8%", LIGHTSPEED),
        "says that Mistral AI counts Lightspeed for 31.8 % of the shares.",
        "dit que Mistral AI compte Lightspeed pour 31,8 % du capital.",
    ),
    (
        stake("> 50%", LIGHTSPEED, after=SERIES_B, modality="expects"),
        (
            "expects Mistral AI, after the series-b round, to count Lightspeed for more than "
            "50 % of the shares."
        ),
        (
            "s'attend à ce que Mistral AI, après le tour series-b, compte Lightspeed pour plus de "
            "50 % du capital."
        ),
    ),
    (
        SecondarySaleReported(
            **AFTER, sellers=FOUNDERS, amount=parse_money("1M EUR"), each=True, **said()
        ),
        (
            "says that Mistral AI, after the series-b round, lets arthur, guillaume and timothee "
            "sell shares for 1M EUR each."
        ),
        (
            "dit que Mistral AI, après le tour series-b, laisse arthur, guillaume et timothee "
            "céder des titres pour 1 M EUR chacun."
        ),
    ),
    (
        SecondarySaleReported(
            **AFTER, sellers=FOUNDERS[:1], buyers=(NVIDIA,), words="quelques actions", **said()
        ),
        (
            "says that Mistral AI, after the series-b round, lets arthur sell shares to Nvidia "
            "(quelques actions)."
        ),
        (
            "dit que Mistral AI, après le tour series-b, laisse arthur céder des titres à Nvidia "
            "(quelques actions)."
        ),
    ),
    (
        MajorityReported(company=MISTRAL, holders=FOUNDERS[:2], **said()),
        "says that Mistral AI leaves the majority with arthur and guillaume.",
        "dit que Mistral AI laisse la majorité à arthur et guillaume.",
    ),
    (
        MajorityReported(company=MISTRAL, holders=FOUNDERS[:1], basis="votes", **said()),
        "says that Mistral AI leaves the majority with arthur (of the votes).",
        "dit que Mistral AI laisse la majorité à arthur (des voix).",
    ),
    (
        ControlReported(company=MISTRAL, holders=FOUNDERS[:1], words="largement", **said()),
        "says that Mistral AI leaves the control with arthur (largement).",
        "dit que Mistral AI laisse le contrôle à arthur (largement).",
    ),
    (
        GroupShareReported(company=MISTRAL, group="US", words="growing", **said()),
        "says that Mistral AI counts the group US (growing).",
        "dit que Mistral AI compte le groupe US (croissante).",
    ),
    (
        GroupShareReported(company=MISTRAL, group="FR", share=parse_share("75%"), **said()),
        "says that Mistral AI counts the group FR for 75 % of the shares.",
        "dit que Mistral AI compte le groupe FR pour 75 % du capital.",
    ),
    (
        HoldersRanked(company=MISTRAL, holder=NVIDIA, rank=1, among="funds", **said()),
        "says that Mistral AI ranks Nvidia first among funds.",
        "dit que Mistral AI classe Nvidia au premier rang parmi les fonds.",
    ),
    (
        HoldersRanked(company=MISTRAL, holder=NVIDIA, rank=4, behind=FOUNDERS, **said()),
        "says that Mistral AI ranks Nvidia number 4 behind arthur, guillaume and timothee.",
        "dit que Mistral AI classe Nvidia au rang 4 derrière arthur, guillaume et timothee.",
    ),
    (
        HoldersRanked(company=MISTRAL, holder=NVIDIA, behind=FOUNDERS[:1], **said()),
        "says that Mistral AI ranks Nvidia behind arthur.",
        "dit que Mistral AI classe Nvidia derrière arthur.",
    ),
    (
        SeatReported(company=MISTRAL, holder=NVIDIA, body="board", **said()),
        "says that Mistral AI gives Nvidia a seat on the board.",
        "dit que Mistral AI accorde à Nvidia un siège au conseil d'administration.",
    ),
    (
        ConvertibleIssued(**AFTER, holder=NVIDIA, principal=parse_money("15M EUR"), **said()),
        "says that the series-b round uses convertible notes and counts Nvidia for 15M EUR.",
        (
            "dit que le tour series-b passe par des obligations convertibles et compte Nvidia pour "
            "15 M EUR."
        ),
    ),
    (
        ConvertibleConverted(**AFTER, holder=NVIDIA, **said()),
        "says that the series-b round counts Nvidia (converted).",
        "dit que le tour series-b compte Nvidia (converti).",
    ),
    (
        OptionPoolReported(company=MISTRAL, share=parse_share("10%"), **said()),
        "says that Mistral AI sets aside 10 % of the shares for options.",
        "dit que Mistral AI réserve 10 % du capital aux options.",
    ),
    (
        CapTableFiled(
            company=MISTRAL,
            total_shares=1_500_000,
            holdings=(Holding(holder=NVIDIA, share=parse_share("95.3%")),),
            **said(),
        ),
        "says that Mistral AI files its table of holders (1500000 shares, nvidia 95.3%).",
        "dit que Mistral AI dépose sa table de capitalisation (1500000 actions, nvidia 95.3%).",
    ),
    (
        CapTableFiled(company=MISTRAL, **said()),
        "says that Mistral AI files its table of holders.",
        "dit que Mistral AI dépose sa table de capitalisation.",
    ),
    (
        PartyFounded(party=MISTRAL, **said(occurred="2023-05~")),
        "says that Mistral AI places its founding in May 2023 or so.",
        "dit que Mistral AI place sa création en mai 2023 environ.",
    ),
    (
        PartyFounded(party=MISTRAL, **said()),
        "mentions the founding of Mistral AI.",
        "évoque la création de Mistral AI.",
    ),
    (
        RoleReported(party=MISTRAL, role="member", at="a committee", **said()),
        "says that Mistral AI has the role: member, a committee.",
        "dit que Mistral AI porte ce titre : member, a committee.",
    ),
    (
        PartyLocated(party=MISTRAL, country="FR", **said()),
        "says that Mistral AI has its home in: FR.",
        "dit que Mistral AI se trouve dans ce pays : FR.",
    ),
    (
        question(),
        "asks about the series-b round: Who leads?",
        "demande à propos du tour series-b : Who leads?",
    ),
    (
        no_comment(None),
        "declines to comment on the series-b round.",
        "ne commente pas le tour series-b.",
    ),
]


@pytest.mark.parametrize(
    ("event", "english", "french"),
    SENTENCES,
    ids=[one.type for one, *_ in SENTENCES],  # type: ignore[attr-defined]
)
def test_an_entry_reads_like_a_sentence(event: Event, english: str, french: str) -> None:
    assert say(event) == english
    assert say(event, "fr") == french


def test_a_speaker_nobody_named_and_a_sentence_with_its_own_end() -> None:
    (entry,) = journal(noted("what now?"))
    claim = replace(next(claims_of(entry, {})), root=None)
    assert sentence([claim], NAMES, "en") == "Somebody notes about Mistral AI: what now?"
    assert sentence([claim], NAMES, "fr").startswith("Quelqu'un note à propos de Mistral AI : ")


def test_what_an_entry_leaves_open_beside_a_value_is_not_told() -> None:
    (entry,) = journal(terms(debt_amount=parse_money("132M EUR"), instrument="safe"))
    debt, instrument = claims_of(entry, {})
    text = sentence([debt, replace(instrument, value=None)], NAMES, "en")
    assert text == "Wsj says that the series-b round includes 132M EUR of debt."


def test_french_drops_a_vowel_before_another() -> None:
    alan = PartyId("alan")
    names = Names(KNOWN.source_name, lambda slug: "Alan" if slug == alan else slug)
    for event, text in (
        (
            PartyFounded(party=alan, **said(occurred="2016")),
            "dit qu'Alan place sa création en 2016.",
        ),
        (PartyFounded(party=alan, **said()), "évoque la création d'Alan."),
    ):
        (entry,) = journal(event)
        assert sentence(list(claims_of(entry, {})), names, "fr") == f"Wsj {text}"


# ── words for all that may come ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_a_language_has_words_for_every_word_of_ours(words: object) -> None:
    meanings, openers = words.meanings, words.openers  # type: ignore[attr-defined]
    assert set(meanings) >= {*get_args(RoundKind), *get_args(Instrument)}
    assert set(openers) >= set(get_args(Modality))
    assert set(words.nouns) == set(ATTRIBUTES)  # type: ignore[attr-defined]
    assert set(words.stages) == set(get_args(Stage))  # type: ignore[attr-defined]
    assert set(words.parts) == set(get_args(Scope))  # type: ignore[attr-defined]


def test_english_has_an_infinitive_for_every_verb() -> None:
    phrases = (*ENGLISH.phrases.values(), *ENGLISH.stages.values(), ENGLISH.counts, ENGLISH.ranks)
    assert {phrase.partition(" ")[0] for phrase in phrases} == set(ENGLISH.infinitives)


@pytest.mark.parametrize(
    ("edtf", "english", "french"),
    [
        ("2024", "in 2024", "en 2024"),
        ("2024-05", "in May 2024", "en mai 2024"),
        ("2024-05-09", "on 9 May 2024", "le 9 mai 2024"),
        ("2024-05-01", "on 1 May 2024", "le 1er mai 2024"),
        ("2024-05~", "in May 2024 or so", "en mai 2024 environ"),
        ("2023-21", "in spring 2023", "au printemps 2023"),
        ("2023-34~", "in the second quarter of 2023 or so", "au deuxième trimestre 2023 environ"),
        ("2023-12/2024-01", "in 2023-12/2024-01", "en 2023-12/2024-01"),
    ],
)
def test_dates_read_with_their_preposition(edtf: str, english: str, french: str) -> None:
    assert (when(edtf, ENGLISH), when(edtf, FRENCH)) == (english, french)
