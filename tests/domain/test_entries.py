"""The rules that hold in every stream: an entry counts, is voided, replaced, reinstated, erased."""

from __future__ import annotations

import pytest

from domain.canonical import event_id
from domain.entries import (
    Countersign,
    Erase,
    Known,
    Ledger,
    Reinstate,
    Standing,
    Void,
    decide_entry,
    decide_record,
    evolve_ledger,
    stream_of,
)
from domain.errors import UnknownEntry
from domain.events import (
    EVENT_TYPES,
    AnyEvent,
    EntryCountersigned,
    EntryJudgement,
    EntryReinstated,
    EntryVoided,
    Event,
    PersonalDataErased,
)
from domain.values import Commitment
from tests.domain.facts import (
    NOWHERE,
    PRESS_OFFICE,
    WSJ,
    article,
    assumption,
    closing,
    company,
    denial,
    newspaper,
    rumor,
)
from tests.domain.shapes import full

NAME, PHONE = Commitment(commitment="1" * 64), Commitment(commitment="2" * 64)


def ledger_of(*events: AnyEvent) -> Ledger:
    """Return the ledger of a stream that holds these entries."""
    ledger = Ledger()
    for event in events:
        ledger = evolve_ledger(ledger, event)
    return ledger


def voided(event: Event, ordinal: int = 0) -> EntryVoided:
    """Return the voiding of an entry, with nothing in its place."""
    return EntryVoided(entry=event_id(event), reason="misread", ordinal=ordinal)


def replaced(event: Event, by: Event, ordinal: int = 0) -> EntryVoided:
    """Return the voiding of an entry that another one says right."""
    return EntryVoided(
        entry=event_id(event), reason="misread", replaced_by=event_id(by), ordinal=ordinal
    )


def reinstated(event: Event, reason: str, ordinal: int) -> EntryReinstated:
    """Return the reinstatement of an entry."""
    return EntryReinstated(entry=event_id(event), reason=reason, ordinal=ordinal)


def standing(event: Event, ledger: Ledger) -> Standing:
    """Return how an entry stands."""
    return ledger.of(event_id(event)).standing


# ── recording ────────────────────────────────────────────────────────────────────────────────────


def test_a_new_statement_is_recorded_as_it_is() -> None:
    assert decide_record(rumor(), Ledger()) == [rumor()]
    assert decide_record(closing(), ledger_of(rumor())) == [closing()]


def test_a_statement_recorded_again_records_nothing() -> None:
    assert decide_record(rumor(), ledger_of(rumor())) == []


def test_a_voided_statement_recorded_again_is_reinstated() -> None:
    ledger = ledger_of(rumor(), voided(rumor()))
    assert decide_record(rumor(), ledger) == [reinstated(rumor(), "recorded again", 1)]


def test_a_replaced_statement_recorded_again_stays_replaced() -> None:
    ledger = ledger_of(rumor(), closing(), replaced(rumor(), by=closing()))
    assert decide_record(rumor(), ledger) == []


def test_a_statement_whose_replacement_was_voided_can_be_recorded_again() -> None:
    given = (rumor(), closing(), replaced(rumor(), by=closing()))
    ledger = ledger_of(*given, voided(closing(), ordinal=1))
    assert decide_record(rumor(), ledger) == [reinstated(rumor(), "recorded again", 2)]
    ledger = evolve_ledger(ledger, reinstated(rumor(), "recorded again", 2))
    assert decide_record(rumor(), ledger) == []


def test_a_statement_stays_replaced_while_its_replacement_is_replaced_or_not_yet_there() -> None:
    third = rumor("~500M USD")
    given = (rumor(), replaced(rumor(), by=closing()))
    assert decide_record(rumor(), ledger_of(*given)) == []
    chain = (closing(), third, replaced(closing(), by=third, ordinal=1))
    assert decide_record(rumor(), ledger_of(*given, *chain)) == []


def test_a_statement_that_counts_again_has_no_replacement() -> None:
    given = (rumor(), closing(), replaced(rumor(), by=closing()), reinstated(rumor(), "right", 1))
    ledger = ledger_of(*given, voided(closing(), ordinal=2))
    assert decide_record(rumor(), ledger) == []
    assert ledger.of(event_id(rumor())).replaced_by is None
    only_voided = voided(rumor(), ordinal=3)
    assert ledger_of(*given, only_voided).of(event_id(rumor())).replaced_by is None


def test_a_statement_voided_twice_is_reinstated_twice() -> None:
    ledger = ledger_of(
        rumor(),
        voided(rumor()),
        reinstated(rumor(), "recorded again", 1),
        voided(rumor(), ordinal=2),
    )
    assert decide_record(rumor(), ledger) == [reinstated(rumor(), "recorded again", 3)]


# ── voiding ──────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_that_counts_can_be_voided() -> None:
    command = Void(event_id(rumor()), "misread")
    assert decide_entry(command, ledger_of(rumor())) == [voided(rumor())]


def test_an_entry_can_be_amended_by_voiding_it_for_another() -> None:
    command = Void(event_id(rumor()), "misread", replaced_by=event_id(closing()))
    ledger = ledger_of(assumption(), rumor())
    assert decide_entry(command, ledger) == [replaced(rumor(), by=closing(), ordinal=1)]


@pytest.mark.parametrize("why", [voided(rumor()), replaced(rumor(), by=closing())])
def test_an_entry_that_counts_no_more_is_not_voided_again(why: EntryVoided) -> None:
    ledger = ledger_of(rumor(), why)
    assert decide_entry(Void(event_id(rumor()), "again"), ledger) == []
    assert decide_entry(Void(event_id(rumor()), "again", event_id(closing())), ledger) == []


def test_an_analysts_judgement_can_be_voided_like_a_statement() -> None:
    command = Void(event_id(assumption()), "misread")
    assert decide_entry(command, ledger_of(assumption())) == [voided(assumption(), ordinal=1)]


# ── reinstating ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("why", [voided(rumor()), replaced(rumor(), by=closing())])
def test_an_entry_that_counts_no_more_can_be_reinstated(why: EntryVoided) -> None:
    command = Reinstate(event_id(rumor()), "it was right")
    assert decide_entry(command, ledger_of(rumor(), why)) == [
        reinstated(rumor(), "it was right", 1)
    ]


def test_an_entry_that_counts_is_not_reinstated() -> None:
    assert decide_entry(Reinstate(event_id(rumor()), "why not"), ledger_of(rumor())) == []


# ── countersigning and erasing ───────────────────────────────────────────────────────────────────


def test_an_entry_can_be_countersigned_by_more_than_one() -> None:
    command = Countersign(event_id(rumor()), "read against the article")
    ledger = ledger_of(rumor())
    for ordinal in (0, 1):
        decided = decide_entry(command, ledger)
        assert decided == [
            EntryCountersigned(
                entry=event_id(rumor()), reason="read against the article", ordinal=ordinal
            )
        ]
        ledger = evolve_ledger(ledger, decided[0])
        assert ledger.of(event_id(rumor())).countersigned == ordinal + 1


def test_personal_data_of_an_entry_can_be_erased() -> None:
    command = Erase(event_id(company()), (NAME, PHONE), "asked to")
    assert decide_entry(command, ledger_of(company())) == [
        PersonalDataErased(entry=event_id(company()), commitments=(NAME, PHONE), reason="asked to")
    ]


def test_what_was_erased_is_not_erased_again() -> None:
    erased = PersonalDataErased(entry=event_id(company()), commitments=(NAME,), reason="asked to")
    ledger = ledger_of(company(), erased)
    assert decide_entry(Erase(event_id(company()), (NAME,), "asked again"), ledger) == []
    assert decide_entry(Erase(event_id(company()), (NAME, PHONE), "asked again"), ledger) == [
        PersonalDataErased(
            entry=event_id(company()), commitments=(PHONE,), reason="asked again", ordinal=1
        )
    ]
    later = evolve_ledger(
        ledger, decide_entry(Erase(event_id(company()), (PHONE,), "asked again"), ledger)[0]
    )
    assert decide_entry(Erase(event_id(company()), (PHONE, NAME), "once more"), later) == []


def test_erasing_nothing_records_nothing() -> None:
    assert decide_entry(Erase(event_id(company()), (), "asked to"), ledger_of(company())) == []


# ── what is not there, and what cannot be judged ─────────────────────────────────────────────────

ABOUT_NOWHERE = [
    Void(NOWHERE, "misread"),
    Reinstate(NOWHERE, "right"),
    Countersign(NOWHERE, "read"),
    Erase(NOWHERE, (NAME,), "asked to"),
]


@pytest.mark.parametrize("command", ABOUT_NOWHERE)
def test_an_entry_that_is_not_in_the_stream_is_refused(
    command: Void | Reinstate | Countersign | Erase,
) -> None:
    with pytest.raises(UnknownEntry, match="no entry ffffffffffff… speaks of this subject"):
        decide_entry(command, ledger_of(rumor()))


@pytest.mark.parametrize(
    "about",
    [
        voided(rumor()),
        reinstated(rumor(), "right", 0),
        EntryCountersigned(entry=event_id(rumor())),
        PersonalDataErased(entry=event_id(rumor()), commitments=(NAME,)),
    ],
)
def test_an_entry_about_an_entry_is_undone_by_its_opposite_alone(about: EntryJudgement) -> None:
    entry = event_id(about)
    ledger = ledger_of(rumor(), about)  # type: ignore[arg-type]
    commands = (Void(entry, ""), Reinstate(entry, ""), Countersign(entry, ""), Erase(entry, (), ""))
    for command in commands:
        with pytest.raises(UnknownEntry, match=r"undone by its opposite \(void, reinstate\)"):
            decide_entry(command, ledger)


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────


def test_an_empty_ledger_knows_no_entry() -> None:
    assert Ledger() == Ledger({}, 0)
    with pytest.raises(UnknownEntry, match="no entry"):
        Ledger().of(event_id(rumor()))


def test_a_ledger_knows_type_root_and_standing_of_each_entry() -> None:
    ledger = ledger_of(rumor(), company(), assumption())
    assert ledger == Ledger(
        {
            event_id(rumor()): Known("round_rumored.v1", Standing.COUNTS, WSJ),
            event_id(company()): Known("party_registered.v1", Standing.COUNTS, None),
            event_id(assumption()): Known("assumption_made.v1", Standing.COUNTS, None),
        },
        judgements=1,
    )


def test_a_ledger_counts_judgements_and_not_statements() -> None:
    events = (rumor(), closing(), assumption(), voided(rumor(), ordinal=1), denial(rumor()))
    assert ledger_of(*events).judgements == 2


def test_a_ledger_follows_an_entry_through_its_life() -> None:
    ledger = ledger_of(rumor(), closing())
    steps: list[tuple[AnyEvent, Standing]] = [
        (voided(rumor()), Standing.VOIDED),
        (reinstated(rumor(), "right", 1), Standing.COUNTS),
        (replaced(rumor(), by=closing(), ordinal=2), Standing.REPLACED),
        (EntryCountersigned(entry=event_id(rumor()), ordinal=3), Standing.REPLACED),
        (
            PersonalDataErased(entry=event_id(rumor()), commitments=(NAME,), ordinal=4),
            Standing.REPLACED,
        ),
        (reinstated(rumor(), "right", 5), Standing.COUNTS),
    ]
    for event, then in steps:
        ledger = evolve_ledger(ledger, event)
        assert standing(rumor(), ledger) is then
        assert standing(closing(), ledger) is Standing.COUNTS
        replacement = event_id(closing()) if then is Standing.REPLACED else None
        assert ledger.of(event_id(rumor())).replaced_by == replacement
        assert ledger.of(event_id(event)).event_type == event.type
    assert ledger.of(event_id(rumor())) == Known(
        "round_rumored.v1", Standing.COUNTS, WSJ, countersigned=1, erased=frozenset({NAME})
    )
    assert ledger.of(event_id(closing())).root == PRESS_OFFICE


def test_a_judgement_on_an_entry_of_another_stream_changes_no_other_entry() -> None:
    ledger = ledger_of(rumor(), EntryVoided(entry=NOWHERE))
    assert standing(rumor(), ledger) is Standing.COUNTS
    assert NOWHERE not in ledger.entries


def test_a_ledger_is_never_changed_in_place() -> None:
    ledger = ledger_of(rumor())
    evolve_ledger(ledger, voided(rumor()))
    assert ledger == ledger_of(rumor())
    with pytest.raises(TypeError, match="does not support item assignment"):
        ledger.entries[NOWHERE] = ledger.of(event_id(rumor()))  # type: ignore[index]


# ── streams ──────────────────────────────────────────────────────────────────────────────────────

STREAMS = {
    "source:wall-street-journal": "source_registered source_aliased source_graded",
    f"document:{'a1' * 32}": "document_captured document_dated document_withdrawn",
    "party:mistral-ai": (
        "party_registered party_named party_identified party_located parties_judged_same "
        "parties_judged_different party_founded role_reported statement_noted stake_reported "
        "majority_reported group_share_reported holders_ranked control_reported seat_reported "
        "secondary_sale_reported convertible_issued convertible_converted option_pool_reported "
        "cap_table_filed ledger_filed share_class_filed plan_filed security_issued "
        "security_reduced shares_split plan_returned"
    ),
    "round:mistral-ai/series-b": (
        "round_rumored round_announced round_closed round_cancelled tranche_closed terms_reported "
        "rounds_judged_same rounds_judged_different investor_rumored investor_joined "
        "investor_denied claim_denied claim_corrected claim_retracted unknown_declared "
        "question_raised comment_declined assumption_made assumption_withdrawn conflict_resolved "
        "conflict_reopened repetition_judged question_answered"
    ),
    "": "entry_voided entry_reinstated entry_countersigned personal_data_erased",
}


def test_every_event_type_has_its_stream() -> None:
    names = [f"{name}.v1" for names in STREAMS.values() for name in names.split()]
    assert sorted(names) == sorted(EVENT_TYPES)


@pytest.mark.parametrize(
    ("name", "stream"),
    [(f"{name}.v1", stream) for stream, names in STREAMS.items() for name in names.split()],
)
def test_an_event_names_its_stream(name: str, stream: str) -> None:
    event = full(EVENT_TYPES[name])
    if stream:
        assert stream_of(event) == stream
    else:
        with pytest.raises(UnknownEntry, match="belongs to that entry's stream"):
            stream_of(event)


def test_what_is_said_of_a_party_stands_in_the_partys_stream() -> None:
    about_a_party = assumption(about=company().party)
    assert stream_of(about_a_party) == "party:mistral-ai"
    assert stream_of(newspaper()) == "source:wall-street-journal"
    assert stream_of(article()) == f"document:{article().document}"


def test_an_entry_whose_chain_of_replacements_is_void_comes_back() -> None:
    first, second, third = (rumor(amount) for amount in ("1M EUR", "2M EUR", "3M EUR"))
    ledger = Ledger()
    for event in (
        first,
        second,
        EntryVoided(entry=event_id(first), replaced_by=event_id(second)),
        third,
        EntryVoided(entry=event_id(second), replaced_by=event_id(third), ordinal=1),
    ):
        ledger = evolve_ledger(ledger, event)
    assert decide_record(first, ledger) == []
    ledger = evolve_ledger(ledger, EntryVoided(entry=event_id(third), ordinal=2))
    assert decide_record(first, ledger) == [
        EntryReinstated(entry=event_id(first), reason="recorded again", ordinal=3)
    ]


def test_what_is_said_on_purpose_brings_a_replaced_entry_back() -> None:
    first, second = rumor("1M EUR"), rumor("2M EUR")
    ledger = Ledger()
    for event in (first, second, EntryVoided(entry=event_id(first), replaced_by=event_id(second))):
        ledger = evolve_ledger(ledger, event)
    assert decide_record(first, ledger, revives=True) == [
        EntryReinstated(entry=event_id(first), reason="recorded again", ordinal=1)
    ]
