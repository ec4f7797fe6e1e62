"""Who and what a journal knows by name, and which slugs mean one party or one round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.entries import Entry
from domain.events import (
    AnyEvent,
    DocumentCaptured,
    DocumentDated,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    SourceAliased,
    SourceRegistered,
)
from domain.identifiers import Identifier
from domain.values import Commitment, DocumentHash, PartyId, PersonalText, RoundId, SourceId
from domain.writing import parse_date
from projections.directory import Directory, Profile, fold, folded, slug_of
from tests.projections.telling import (
    CAST,
    KNOWN,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MISTRAL,
    PRESS_OFFICE,
    REUTERS,
    SEED,
    SERIES_B,
    amount,
    journal,
    noted,
    stake,
)

SECRET = Commitment(commitment="c0" * 32)
LSVP, ACME = PartyId("lsvp"), PartyId("acme")
ARTICLE = DocumentHash("a1" * 32)


def known(*events: AnyEvent) -> Directory:
    """Return the names that a journal of these events gives."""
    return fold(journal(*events))


def named(name: PersonalText, *, preferred: bool = False, party: PartyId = MISTRAL) -> PartyNamed:
    """Return a further name of a party."""
    return PartyNamed(party=party, name=name, preferred=preferred)


def same(kept: str, other: str) -> PartiesJudgedSame:
    """Return that two parties are one."""
    return PartiesJudgedSame(party=PartyId(kept), other=PartyId(other))


def different(one: str, other: str, ordinal: int = 1) -> PartiesJudgedDifferent:
    """Return that two parties are two."""
    return PartiesJudgedDifferent(party=PartyId(one), other=PartyId(other), ordinal=ordinal)


def same_round(kept: str, other: str) -> RoundsJudgedSame:
    """Return that two rounds are one."""
    return RoundsJudgedSame(round=RoundId(kept), other=RoundId(other))


COMPANY = PartyRegistered(party=MISTRAL, name="Mistral AI", kind="company")
FUND = PartyRegistered(party=LIGHTSPEED, name="Lightspeed", kind="fund")

# ── names ────────────────────────────────────────────────────────────────────────────────────────


def test_a_party_is_known_by_its_name_and_its_aliases() -> None:
    directory = known(COMPANY, named("Mistral"), named("Mistral"))
    assert directory.parties == {
        MISTRAL: Profile(MISTRAL, "Mistral AI", ("Mistral AI", "Mistral"), "company")
    }
    assert directory.party_name(MISTRAL) == "Mistral AI"


def test_the_newest_preferred_name_is_shown_and_the_older_ones_are_kept() -> None:
    directory = known(COMPANY, named("Mistral SAS", preferred=True))
    assert directory.party_name(MISTRAL) == "Mistral SAS"
    assert directory.parties[MISTRAL].names == ("Mistral AI", "Mistral SAS")


def test_an_identifier_is_a_name_to_find_a_party_by() -> None:
    wikidata = Identifier(scheme="wikidata", value="Q122827900")
    directory = known(COMPANY, PartyIdentified(party=MISTRAL, identifier=wikidata))
    assert directory.party_name(MISTRAL) == "Mistral AI"
    assert directory.parties_by_name["q122827900"] == (MISTRAL,)


def test_a_party_known_only_by_description_is_shown_by_it() -> None:
    heads = PartyRegistered(
        party=ACME, description="the two heads of Alan", kind="group", members=(MISTRAL,)
    )
    assert known(heads).parties[ACME] == Profile(
        ACME, "the two heads of Alan", ("the two heads of Alan",), "group", (MISTRAL,)
    )
    assert known(PartyRegistered(party=ACME)).party_name(ACME) == "acme"


def test_an_erased_name_says_so() -> None:
    directory = known(PartyRegistered(party=ACME, name=SECRET), named(SECRET, party=ACME))
    assert directory.party_name(ACME) == "erased"
    assert directory.parties[ACME].names == ("erased",)


def test_names_of_parties_that_nobody_registered_are_passed_over() -> None:
    wikidata = Identifier(scheme="wikidata", value="Q1")
    directory = known(
        named("Mistral"),
        PartyIdentified(party=MISTRAL, identifier=wikidata),
        SourceAliased(source=REUTERS, alias="Thomson Reuters"),
        DocumentDated(document=ARTICLE, dated=parse_date("2024-05-09")),
    )
    assert directory == Directory()
    assert directory.party_name(MISTRAL) == "mistral-ai"
    assert directory.source_name(REUTERS) == "reuters"


def test_a_source_is_known_by_its_name_its_aliases_and_for_whom_it_speaks() -> None:
    directory = known(
        SourceRegistered(source=PRESS_OFFICE, name="Mistral", kind="company", speaks_for=MISTRAL),
        SourceRegistered(source=REUTERS, name="Reuters", kind="outlet", confidential=True),
        SourceAliased(source=REUTERS, alias="Thomson Reuters"),
    )
    assert directory.sources == {
        PRESS_OFFICE: Profile(PRESS_OFFICE, "Mistral", ("Mistral",), "company", speaks_for=MISTRAL),
        REUTERS: Profile(
            REUTERS, "Reuters", ("Reuters", "Thomson Reuters"), "outlet", confidential=True
        ),
    }
    assert directory.source_name(REUTERS) == "Reuters"
    assert directory.speaks_for(PRESS_OFFICE) == MISTRAL
    assert directory.speaks_for(REUTERS) is None
    assert directory.speaks_for(SourceId("nobody")) is None


def test_the_story_s_cast_is_known() -> None:
    assert KNOWN.speaks_for(LIGHTSPEED_BLOG) == LIGHTSPEED
    assert len(KNOWN.parties) + len(KNOWN.sources) == len(CAST)


def test_a_document_has_the_date_that_was_learnt_last() -> None:
    captured = DocumentCaptured(document=ARTICLE, publisher=REUTERS, title="Talks")
    dated = DocumentDated(document=ARTICLE, dated=parse_date("2024-05-09"))
    assert known(captured).documents == {ARTICLE: captured}
    assert known(captured, dated).documents == {
        ARTICLE: captured.model_copy(update={"published": parse_date("2024-05-09")})
    }


# ── finding ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Mistral AI", "mistralai"),
        ("MISTRAL-AI", "mistralai"),
        ("Cédric O", "cedrico"),
        ("Crédit Agricole S.A.", "creditagricolesa"),
        ("Straße", "strasse"),
        ("…", "..."),
        ("राम", "राम"),
        ("रमा", "रमा"),
        ("C++", "c++"),
        ("🚀", "🚀"),
    ],
)
def test_a_name_is_compared_without_case_accents_and_punctuation(name: str, key: str) -> None:
    assert folded(name) == key


@given(st.text())
def test_folding_a_name_twice_changes_nothing_more(name: str) -> None:
    assert folded(name.upper()) == folded(folded(name).upper())


def test_slugs_are_found_by_every_folded_name() -> None:
    directory = known(
        COMPANY,
        named("Mistral"),
        named("..."),
        PartyRegistered(party=ACME, name="MISTRAL"),
        SourceRegistered(source=REUTERS, name="Reuters"),
    )
    assert directory.parties_by_name == {
        "mistralai": (MISTRAL,),
        "mistral": (MISTRAL, ACME),
        "...": (MISTRAL,),
    }
    assert directory.sources_by_name == {"reuters": (REUTERS,)}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Mistral AI", "mistral-ai"),
        ("  Crédit Agricole (S.A.) ", "credit-agricole-s-a"),
        ("L'Agefi", "l-agefi"),
        ("株式会社", ""),
        ("a" * 130, "a" * 120),
        ("a" * 119 + " b", "a" * 119),
    ],
)
def test_a_name_suggests_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


# ── merges ───────────────────────────────────────────────────────────────────────────────────────


def test_a_slug_that_means_another_one_is_shown_as_that_one() -> None:
    directory = known(same("lightspeed", "lsvp"), same("lsvp", "lightspeed-ventures"))
    assert directory.shown("lsvp") == "lightspeed"
    assert directory.shown("lightspeed-ventures") == "lightspeed"
    assert directory.shown("lightspeed") == "lightspeed"
    assert directory.shown("nobody") == "nobody"


@pytest.mark.parametrize("parted", [("lightspeed", "lsvp"), ("lsvp", "lightspeed")])
def test_a_merge_is_undone_from_either_side(parted: tuple[str, str]) -> None:
    directory = known(same("lightspeed", "lsvp"), different(*parted))
    assert directory.shown("lsvp") == "lsvp"
    assert directory == Directory()


def test_parties_that_were_never_merged_can_be_judged_different() -> None:
    assert known(different("a", "b"), same("c", "b")).same == {"b": "c"}


def test_of_two_merges_of_one_pair_the_last_says_which_slug_is_kept() -> None:
    directory = known(same("lightspeed", "lsvp"), same("lsvp", "lightspeed"))
    assert directory.shown("lightspeed") == directory.shown("lsvp") == "lsvp"


def test_merges_in_a_circle_end() -> None:
    directory = known(same("a", "b"), same("b", "c"), same("c", "a"))
    assert {directory.shown(slug) for slug in "abc"} <= set("abc")
    rounds = known(same("b", "a"), same_round("a/y", "b/x"), same_round("b/x", "a/z"))
    assert rounds.shown("a/z") == "b/y"


def test_the_rounds_of_a_merged_company_are_shown_under_the_one_that_is_kept() -> None:
    directory = known(
        amount("5M EUR", of=RoundId("mistral/seed")),
        amount("600M EUR"),
        amount("5M EUR", of=SEED),
        same("mistral-ai", "mistral"),
    )
    assert directory.shown("mistral/seed") == SEED
    assert directory.rounds_of(MISTRAL) == (SEED, SERIES_B)
    assert directory.rounds_of("mistral") == ()
    assert directory.companies() == (MISTRAL,)


def test_a_round_is_followed_through_the_merges_of_its_company_and_its_own() -> None:
    directory = known(same("mistral-ai", "mistral"), same_round(SERIES_B, "mistral-ai/talks"))
    assert directory.shown("mistral/talks") == SERIES_B


def test_rounds_are_merged_and_parted_as_parties_are() -> None:
    merged = (
        amount("600M EUR"),
        amount("600M EUR", of=RoundId("mistral-ai/talks")),
        same_round(SERIES_B, "mistral-ai/talks"),
    )
    assert known(*merged).rounds_of(MISTRAL) == (SERIES_B,)
    parted = RoundsJudgedDifferent(round=SERIES_B, other=RoundId("mistral-ai/talks"), ordinal=1)
    assert known(*merged, parted).rounds_of(MISTRAL) == (SERIES_B, "mistral-ai/talks")


def test_companies_are_those_that_rounds_are_told_of() -> None:
    directory = known(
        COMPANY, FUND, noted("a note"), amount("5M EUR", of=RoundId("zeta/seed")), amount("5M EUR")
    )
    assert directory.companies() == (MISTRAL, "zeta")
    assert directory.rounds == ("zeta/seed", SERIES_B)
    assert known(stake("11%")).companies() == ()
    assert known(stake("11%", after=SERIES_B)).rounds == (SERIES_B,)


# ── folding ──────────────────────────────────────────────────────────────────────────────────────

EVENTS: tuple[AnyEvent, ...] = (
    *CAST,
    named("Mistral"),
    named("Mistral SAS", preferred=True),
    amount("600M EUR"),
    amount("5M EUR", of=SEED),
    DocumentCaptured(document=ARTICLE, publisher=REUTERS),
    DocumentDated(document=ARTICLE, dated=parse_date("2024-05-09")),
    SourceAliased(source=REUTERS, alias="Thomson Reuters"),
    same("lightspeed", "lsvp"),
    same("lsvp", "lightspeed"),
    different("lsvp", "lightspeed", 2),
    same_round(SERIES_B, SEED),
)


@given(st.permutations(journal(*EVENTS)), st.integers(0, len(EVENTS)))
def test_a_fold_can_stop_and_resume(entries: list[Entry], stop: int) -> None:
    assert fold(entries[stop:], start=fold(entries[:stop])) == fold(entries)


def test_resuming_changes_nothing_of_what_was_folded_before() -> None:
    entries = journal(*EVENTS)
    before = fold(entries[:-3])
    fold(entries[-3:], start=before)
    assert before == fold(entries[:-3])


def test_the_example_can_be_folded_in_parts(example: tuple[Entry, ...]) -> None:
    whole = fold(example)
    for stop in range(0, len(example) + 1, 7):
        assert fold(example[stop:], start=fold(example[:stop])) == whole
