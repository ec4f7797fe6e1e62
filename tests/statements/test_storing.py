"""What only exports write: events as stored, ids, judgements, texts that are not at hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from dealjournal.statements.compile import compile_pages
from dealjournal.statements.files import read_text
from domain.canonical import encode, event_id
from domain.entries import Entry, Record, Void, stream_of
from domain.errors import InvalidInput
from domain.events import (
    AnyEvent,
    AssumptionMade,
    DocumentCaptured,
    EntryVoided,
    Event,
    PartiesJudgedSame,
    PartyRegistered,
    RoundsJudgedDifferent,
    SourceGraded,
    SourceRegistered,
    TermsReported,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource
from domain.values import EventId, Grade, PartyId, RoundId, SourceId
from projections.directory import fold
from tests.domain.facts import NOWHERE, rumor
from tests.statements.telling import HEAD, TEXT, compiled, flaw, flaws, marked, told

AMOUNT = "event: TermsReported, round: nova/seed, amount: 50M EUR, quote: about 50M EUR"
QUOTE = {"exact": "about 50M EUR", "prefix": "Nova raises ", "start": 12, "end": 25}
HASH = "d1" * 32
NOVA, BIG_FUND = PartyId("nova"), PartyId("big-fund")
SOME = AssumptionMade(subject=RoundId("nova/seed"), attribute="amount", text="x")
"""A judgement."""
ELSEWHERE = f"""\
document: {{sha256: {HASH}, length: 200, publisher: Daily Ledger, published: 2025-03-03}}
new:
- {{source: Daily Ledger}}
- {{party: Nova}}
- {{round: nova/seed}}
statements:
"""
"""A head whose text is not at hand."""


def stored(event: Event, name: str = "") -> str:
    """Return an event as an export gives it."""
    kind = name or str(type(event).model_fields["type"].default)
    return f"{{name: {kind}, data: {json.dumps(encode(event).decode())}}}"


def amount(figure: str) -> TermsReported:
    (event,) = told("{" + AMOUNT.replace("50M EUR, quote", f"{figure}, quote") + "}")
    return cast("TermsReported", event)


ONE, OTHER, SAID = amount("50M EUR"), amount("60M EUR"), amount("40M EUR")
NOVA_NAMED = PartyRegistered(party=NOVA, name="Nova", kind="company")
FUND_NAMED = PartyRegistered(party=BIG_FUND, name="Big Fund", kind="fund")
DAILY = SourceRegistered(source=SourceId("daily-ledger"), name="Daily Ledger", kind="outlet")
CAPTURED = DocumentCaptured(
    document=SAID.document,
    publisher=DAILY.source,
    length=len(TEXT.encode()),
    published=SAID.published,
)


def held(*events: Event) -> tuple[Entry, ...]:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    streams = {event_id(one): stream_of(one) for one in events if not isinstance(one, EntryVoided)}
    return tuple(
        Entry(
            place,
            event_id(one),
            streams[one.entry] if isinstance(one, EntryVoided) else stream_of(one),
            1,
            moment,
            "ada",
            cast("AnyEvent", one),
        )
        for place, one in enumerate(events, start=1)
    )


def asked(text: str, *events: Event) -> list[object]:
    """Return the commands that a text asks for, but for names and documents."""
    commands = [one.command for one in compiled(text, held(*events)).intents]
    new = ("source_", "party_", "document_")
    return [
        one
        for one in commands
        if not isinstance(one, Record) or not one.event.type.startswith(new)  # type: ignore[attr-defined]
    ]


def with_id(entry: EventId, figure: str) -> str:
    line = AMOUNT.replace("50M EUR, quote", f"{figure}, quote")
    return f"{HEAD}- {{id: {entry[:16]}, {line}}}\n"


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_unchanged_statement_is_recorded_as_any_other() -> None:
    known = amount("50M EUR")
    assert asked(with_id(event_id(known), "50M EUR"), known) == [Record(known)]


def test_a_changed_statement_takes_the_place_of_the_entry_with_its_id() -> None:
    wrong, right = amount("50M EUR"), amount("60M EUR")
    assert asked(with_id(event_id(wrong), "60M EUR"), wrong) == [
        Record(right, revives=True),
        Void(event_id(wrong), "changed in a statements file", event_id(right)),
    ]


def test_an_id_that_the_journal_does_not_know_replaces_nothing() -> None:
    assert asked(with_id(NOWHERE, "60M EUR")) == [Record(amount("60M EUR"))]


def replaced(old: Event, new: Event) -> EntryVoided:
    return EntryVoided(entry=event_id(old), replaced_by=event_id(new))


def reason_of(text: str, *events: Event) -> str:
    """Return the one thing wrong with a text for a journal with these events."""
    with pytest.raises(InvalidInput) as error:
        compiled(text, held(*events))
    (found,) = error.value.flaws
    return found.text


def test_what_was_amended_since_takes_in_nothing_that_it_said_before() -> None:
    first, second = amount("50M EUR"), amount("60M EUR")
    for told_before in ("50M EUR", "60M EUR"):
        text = with_id(event_id(first), told_before)
        assert asked(text, first, second, replaced(first, second)) == [Record(amount(told_before))]


def test_a_field_changed_both_in_the_text_and_here_is_a_flaw() -> None:
    first, second = amount("50M EUR"), amount("60M EUR")
    text = with_id(event_id(first), "70M EUR")
    assert reason_of(text, first, second, replaced(first, second)) == (
        "@1 was amended by @2 since this text was written; "
        f"export again, or write the id of @2 ({event_id(second)[:16]})"
    )


def test_fields_changed_in_the_text_and_others_changed_here_are_both_taken() -> None:
    first, second = amount("50M EUR"), amount("60M EUR")
    dated = AMOUNT.replace("amount: 50M EUR", "amount: 50M EUR, occurred: 2025-03, stake: 5%")
    text = f"{HEAD}- {{id: {event_id(first)[:16]}, {dated}}}\n"
    (recorded, void) = asked(text, first, second, replaced(first, second))
    both = told("{" + dated.replace("50M EUR, occurred", "60M EUR, occurred") + "}")[0]
    assert recorded == Record(both, revives=True)
    assert void == Void(event_id(second), "changed in a statements file", event_id(both))
    again = (first, second, replaced(first, second), both, replaced(second, both))
    assert asked(text, *again) == [Record(both)]


def test_another_event_in_the_text_than_before_and_here_is_a_flaw() -> None:
    first, second = amount("50M EUR"), amount("60M EUR")
    other = AMOUNT.replace("TermsReported", "RoundClosed")
    text = f"{HEAD}- {{id: {event_id(first)[:16]}, {other}}}\n"
    assert "@1 was amended by @2 since" in reason_of(text, first, second, replaced(first, second))


def test_a_change_of_what_was_voided_since_is_a_flaw() -> None:
    known = amount("50M EUR")
    history = (known, EntryVoided(entry=event_id(known)))
    assert asked(with_id(event_id(known), "50M EUR"), *history) == []
    assert reason_of(with_id(event_id(known), "70M EUR"), *history) == (
        "@1 was voided since; leave 'id:' out to record it anew"
    )


def test_entries_that_replaced_one_another_are_followed_to_an_end() -> None:
    first, second = amount("50M EUR"), amount("60M EUR")
    history = (first, second, replaced(first, second), replaced(second, first))
    assert "@2 was voided since" in reason_of(with_id(event_id(first), "70M EUR"), *history)


def test_ids_of_one_line_change_its_end_once() -> None:
    first, second = amount("50M EUR"), amount("60M EUR")
    noted = AMOUNT.replace("quote:", "label: Seed, quote:")
    text = f"{with_id(event_id(second), '70M EUR')}- {{id: {event_id(first)[:16]}, {noted}}}\n"
    reason = reason_of(text, first, second, replaced(first, second))
    assert reason == "another statement above changes @2 as well"


# ── several ids ──────────────────────────────────────────────────────────────────────────────────


def two(one: EventId, figure: str, other: EventId, other_figure: str) -> str:
    line = AMOUNT.replace("50M EUR, quote", f"{other_figure}, quote")
    return f"{with_id(one, figure)}- {{id: {other[:16]}, {line}}}\n"


@pytest.mark.parametrize("known", [(), (ONE, OTHER)], ids=["elsewhere", "here"])
def test_ids_that_were_exchanged_are_refused(known: tuple[Event, ...]) -> None:
    text = two(event_id(OTHER), "50M EUR", event_id(ONE), "60M EUR")
    with pytest.raises(InvalidInput) as error:
        compiled(text, held(*known))
    first, second = error.value.flaws
    assert (first.place.line, first.place.column) == (12, 8)
    assert first.text == (
        f"this is what the id {event_id(ONE)[:16]!r} in line 13 stands for; were two ids exchanged?"
    )
    assert "in line 12 stands for" in second.text


def test_two_ids_that_say_the_same_are_refused() -> None:
    text = two(event_id(ONE), "70M EUR", event_id(OTHER), "70M EUR")
    reason = reason_of(text, ONE, OTHER)
    assert reason == "the statement in line 12 says the same by another id"


def test_an_unknown_id_among_known_ones_is_refused() -> None:
    text = two(event_id(ONE), "50M EUR", NOWHERE, "60M EUR")
    assert reason_of(text, ONE) == (
        "no entry has this id, though others of this file are here; "
        "leave it out for a new statement"
    )


def test_what_another_journal_says_beside_known_entries_is_recorded() -> None:
    text = two(event_id(ONE), "50M EUR", event_id(OTHER), "60M EUR")
    assert asked(text, ONE) == [Record(ONE), Record(OTHER)]


def test_an_id_and_its_beginning_are_refused() -> None:
    text = two(event_id(ONE), "50M EUR", event_id(ONE), "70M EUR")
    text = text.replace(f"- {{id: {event_id(ONE)[:16]}", f"- {{id: {event_id(ONE)[:12]}", 1)
    reason = reason_of(text, ONE)
    assert reason == f"another statement above has the id {event_id(ONE)[:12]!r}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{{id: ▸abc, {AMOUNT}}}", "an id has 8 to 64 hexadecimal digits, in lower case"),
        (f"{{id: ▸ABCDEF0123, {AMOUNT}}}", "an id has 8 to 64 hexadecimal digits, in lower case"),
        (f"{{id: ▸[a, b], {AMOUNT}}}", "one text is wanted here"),
        (
            "{id: ▸abcdef01, event: PartyFounded, party: [BF, Nova], quote: Nova}",
            "a statement with an 'id:' says one thing; leave the id out of the others",
        ),
        (
            f"{{id: abcdef01, {AMOUNT}}}\n- {{id: ▸abcdef01, {AMOUNT}}}",
            "another statement above has the id 'abcdef01'",
        ),
    ],
)
def test_an_id_that_makes_no_sense_is_told_with_its_place(line: str, reason: str) -> None:
    assert flaw(line) == reason


def test_an_id_that_several_entries_begin_with_is_refused() -> None:
    one, two = held(amount("50M EUR"), amount("60M EUR"))
    alike = (one, Entry(2, EventId(one.event_id[:8] + "0" * 56), *list(vars(two).values())[2:]))
    text = with_id(one.event_id, "70M EUR").replace(one.event_id[:16], one.event_id[:8])
    with pytest.raises(InvalidInput, match=r"several entries have ids that begin with '\w{8}'"):
        compiled(text, alike)


def test_the_id_of_a_judgement_or_of_a_first_entry_is_refused() -> None:
    for event in (SOME, PartyRegistered(party=NOVA, name="Nova")):
        text = with_id(event_id(event), "60M EUR")
        with pytest.raises(InvalidInput, match=r"@1 is a \w+\.v1; no statement can take its place"):
            compiled(text, held(event))


# ── as stored ────────────────────────────────────────────────────────────────────────────────────


def test_a_stored_statement_comes_back_as_it_was() -> None:
    assert told(f"{{stored: {stored(SAID)}}}", f"{{{AMOUNT}}}")[0] == SAID


def test_defaults_are_not_added_to_what_is_stored() -> None:
    head = HEAD.replace("statements:", "defaults: {round: nova/seed}\nstatements:")
    assert told(f"{{stored: {stored(SAID)}}}", f"{{{AMOUNT}}}", head=head)[0] == SAID


def test_a_stored_value_comes_back_as_it_was() -> None:
    (event,) = told(
        "{event: TermsReported, round: nova/seed, quote: Nova, "
        'amount: {stored: \'{"amount":"5","currency":"EUR"}\'}}'
    )
    money = cast("TermsReported", event).terms.amount  # type: ignore[union-attr]
    assert money is not None
    assert (money.amount, money.currency, money.text) == (5, "EUR", None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "{stored: ▸{name: round_vanished.v1, data: '{}'}}",
            "an entry is named 'round_vanished.v1', which this version",
        ),
        ("{stored: ▸{name: round_closed.v1, data: '{'}}", "is not of that shape"),
        ("{stored: ▸{name: round_closed.v1, data: '{}'}}", "(round: Field required)"),
        ("{stored: ▸{name: round_closed.v1, data: '[1]'}}", "is not of that shape"),
        ("{stored: ▸{name: round_closed.v1}}", "an event as stored has 'name:' and 'data:'"),
        ("{stored: ▸x}", "an event as stored has 'name:' and 'data:'"),
        (
            f"▸{{stored: {stored(SOME)}}}",
            "this is a judgement; it goes under 'judgements:'",
        ),
        (f"{{▸quote: Nova, stored: {stored(rumor())}}}", "'quote' is not known here"),
        (
            "{event: TermsReported, round: nova/seed, quote: Nova, amount: ▸{stored: '5'}}",
            "Input should be an object",
        ),
        (
            "{event: TermsReported, quote: Nova, round: nova/seed, amount: ▸{stored: '{\"a'}}",
            "Invalid JSON",
        ),
        (
            "{event: TermsReported, round: nova/seed, quote: Nova, label: ▸{stored: '5'}}",
            "only a value of several parts can be written as stored",
        ),
    ],
)
def test_what_cannot_be_stored_is_told_with_its_place(line: str, reason: str) -> None:
    assert reason in flaw(line)


# ── judgements ───────────────────────────────────────────────────────────────────────────────────


def test_judgements_are_made_again() -> None:
    made = (
        (PartiesJudgedSame(party=NOVA, other=BIG_FUND, reason="a"), JudgeSame("big-fund", "a")),
        (
            RoundsJudgedDifferent(round=RoundId("nova/a"), other=RoundId("nova/b"), reason="b"),
            JudgeDifferent("nova/b", "b"),
        ),
        (
            SourceGraded(
                source=DAILY.source, grade=Grade(reliability="A", credibility="1"), reason="c"
            ),
            GradeSource(Grade(reliability="A", credibility="1"), "c"),
        ),
        (SOME, Judge(SOME)),
    )
    lines = "".join(f"- {stored(event)}\n" for event, _ in made)  # type: ignore[arg-type]
    named = (NOVA_NAMED, FUND_NAMED, DAILY)
    assert asked(f"judgements:\n{lines}", *named) == [command for _, command in made]


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (f"▸{stored(rumor())}", "round_rumored.v1 is no judgement that can be made again"),
        (
            f"▸{stored(EntryVoided(entry=NOWHERE))}",
            "entry_voided.v1 is no judgement that can be made again",
        ),
        ("{name: assumption_made.v1, ▸text: x}", "'text' is not known here"),
        ("▸{name: assumption_made.v1, data: '{}'}", "is not of that shape"),
        ("▸nothing", "this must give names and values, such as 'event: RoundClosed'"),
    ],
)
def test_what_is_no_judgement_is_told_with_its_place(node: str, reason: str) -> None:
    assert reason in marked(f"judgements:\n- {node}\n")


def test_judgements_can_stand_below_a_document() -> None:
    assert asked(f"{HEAD}- {{{AMOUNT}}}\njudgements:\n- {stored(SOME)}\n")[-1] == Judge(SOME)


def test_judgements_in_json_lines_stand_on_lines_of_their_own() -> None:
    document = {"text": "Nova", "publisher": "D", "published": "2025"}
    line = json.dumps({"document": document, "new": {"source": "D"}})
    judged = json.dumps({"judgements": {"name": SOME.type, "data": encode(SOME).decode()}})
    assert asked(f"{line}\n{judged}\n", NOVA_NAMED) == [Judge(SOME)]


# ── pages without a document ─────────────────────────────────────────────────────────────────────


def test_names_tell_in_which_document_they_were_read() -> None:
    draft = compiled(
        f"new:\n- {{party: Nova, document: {HASH}, published: 2025-03}}\n"
        f"- {{source: Daily, aliases: [D], document: {HASH}, published: 2025-03}}\n"
    )
    events = [cast("Record", one.command).event for one in draft.intents]
    assert {one.document for one in events} == {HASH}
    assert [type(one).__name__ for one in events] == [
        "PartyRegistered",
        "SourceRegistered",
        "SourceAliased",
    ]


def test_stored_statements_need_no_document() -> None:
    known = (NOVA_NAMED, DAILY, CAPTURED)
    assert asked(f"statements:\n- {{stored: {stored(SAID)}}}\n", *known) == [Record(SAID)]


def test_a_slug_on_such_a_page_means_itself() -> None:
    same = PartiesJudgedSame(party=BIG_FUND, other=NOVA)
    entries = held(
        PartyRegistered(party=NOVA, name="Nova"),
        PartyRegistered(party=BIG_FUND, name="Big Fund"),
        same,
        rumor(),
    )
    group = f"new:\n- {{party: All, members: [nova], document: {HASH}, published: 2025}}\n"
    draft = compile_pages(
        read_text(group.encode(), "f.yaml", folder=Path()), fold(entries), entries
    )
    (intent,) = draft.intents
    assert cast("PartyRegistered", cast("Record", intent.command).event).members == ("nova",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("▸new: [{party: Nova}]\n", "'document:' is missing: it says what was read"),
        (
            "▸statements: [{event: RoundClosed}]\n",
            "'document:' is missing: it says what was read",
        ),
        ("▸statements: []\n", "'document:' is missing: it says what was read"),
        (f"new: [▸{{party: Nova, document: {HASH}}}]\n", "'published:' is missing"),
        ("new: [{party: Nova, document: ▸12ab, published: 2025}]\n", "a SHA-256 has 64"),
        (
            f"new: [▸{{stored: {stored(rumor())}}}]\n",
            "only a name, an alias or an identifier is new",
        ),
    ],
)
def test_a_page_without_a_document_holds_nothing_that_needs_one(text: str, reason: str) -> None:
    assert reason in flaws(text.replace("▸", ""))[0]


def test_a_round_on_such_a_page_need_not_be_spoken_of() -> None:
    party = f"{{party: Nova, document: {HASH}, published: 2025}}"
    assert flaws(f"new:\n- {party}\n- {{round: nova/a}}\n") == []


def test_a_name_read_on_a_page_takes_no_other_date() -> None:
    text = HEAD.replace("{party: Nova,", "▸{party: Nova, published: 2025,")
    found = flaws(text.replace("▸", ""))
    assert "'document:' is missing: the SHA-256 of what it was read in" in found[0]


def test_a_round_that_only_a_stake_speaks_of_is_spoken_of() -> None:
    text = HEAD.replace("nova/seed", "nova/late") + (
        "- {event: StakeReported, company: nova, holder: BF, share: 5%, after: nova/late,"
        " quote: Nova}\n"
    )
    assert flaws(text) == []


# ── texts that are not at hand ───────────────────────────────────────────────────────────────────


def test_a_quote_stands_where_the_export_says() -> None:
    quote = json.dumps(QUOTE)
    (event,) = told(
        f"{{event: TermsReported, round: nova/seed, amount: 50M EUR, quote: {quote}}}",
        head=ELSEWHERE,
    )
    (found,) = event.quotes
    assert (found.exact, found.start, found.end, found.document) == ("about 50M EUR", 12, 25, HASH)
    assert (found.prefix, found.suffix, found.anchor) == ("Nova raises ", "", "exact")


def test_the_text_may_be_known_by_its_hash_alone() -> None:
    draft = compiled(ELSEWHERE.replace("- {round: nova/seed}\nstatements:\n", ""))
    (capture,) = [
        one.command.event
        for one in draft.intents
        if isinstance(one.command, Record) and isinstance(one.command.event, DocumentCaptured)
    ]
    assert (capture.document, capture.length) == (HASH, 200)
    assert draft.documents == {}


@pytest.mark.parametrize("head", [HEAD, ELSEWHERE], ids=["at hand", "elsewhere"])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start": 25, "end": 12}, "the quote runs backwards: 25 to 12"),
        ({"end": 24}, "13 characters cannot stand at 12 to 24"),
        ({"start": 900, "end": 913}, ", before the quote does (913)"),
        ({"start": 900, "end": 901, "anchor": "drifted"}, ", before the quote does (901)"),
        ({"start": None}, "'start' and 'end' are left out together"),
        ({"anchor": "orphan"}, "it has neither 'start' nor 'end'"),
        ({"anchor": "loose"}, "Input should be 'exact', 'drifted' or 'orphan'"),
        ({"exact": None}, "exact: Field required"),
    ],
)
def test_places_of_quotes_that_make_no_sense_are_refused(
    head: str, changes: dict[str, object], reason: str
) -> None:
    given = {key: value for key, value in {**QUOTE, **changes}.items() if value is not None}
    line = "{event: TermsReported, round: nova/seed, amount: 50M EUR, quote: ▸QUOTE}"
    assert reason in flaw(line.replace("QUOTE", json.dumps(given)), head=head)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start": "x"}, "'x' is no whole number"),
        ({"start": -1}, "'-1' is no whole number"),
        ({"beginning": 5}, "'beginning' is not known here"),
    ],
)
def test_a_quote_with_parts_that_it_cannot_have_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    quote = json.dumps({**QUOTE, **changes})
    line = f"{{event: TermsReported, round: nova/seed, amount: 50M EUR, quote: {quote}}}\n"
    (found,) = flaws(f"{ELSEWHERE}- {line}")
    assert reason in found


def test_a_quote_that_the_text_does_not_have_there_is_refused() -> None:
    quote = json.dumps({"exact": "Big Fund", "start": 0, "end": 8})
    line = f"{{event: TermsReported, round: nova/seed, amount: 50M EUR, quote: ▸{quote}}}"
    assert flaw(line) == f"at 0 the document says {TEXT[:8]!r}"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (
            HEAD.replace("  publisher", f"  sha256: ▸{HASH}\n  publisher"),
            "the document has changed: its SHA-256 is",
        ),
        (HEAD.replace("  publisher", "  length: ▸5\n  publisher"), "bytes, not 5"),
        (ELSEWHERE.replace(HASH, "▸d1d1"), "a SHA-256 has 64 hexadecimal digits"),
        (ELSEWHERE.replace("length: 200", "length: ▸many"), "'many' is no whole number"),
    ],
)
def test_a_text_that_is_another_one_is_refused(head: str, reason: str) -> None:
    assert reason in marked(head.replace("- {round: nova/seed}\n", "").replace("statements:\n", ""))


# ── assumptions in their words ───────────────────────────────────────────────────────────────────

KNOWN = held(PartyRegistered(party=NOVA, name="Nova", kind="company"))
ASSUMED = "judgements:\n- assume: seed all equity\n  of: nova\n  about: amount\n"


def test_an_assumption_is_given_in_its_words() -> None:
    draft = compiled(f"{ASSUMED}  reason: nobody says\n", KNOWN)
    (intent,) = draft.intents
    event = cast("Judge", intent.command).event
    assert isinstance(event, AssumptionMade)
    assert (event.text, event.subject, event.attribute, event.reason) == (
        "seed all equity",
        "nova",
        "amount",
        "nobody says",
    )


def test_an_assumption_needs_no_reason() -> None:
    (intent,) = compiled(ASSUMED, KNOWN).intents
    assert cast("Judge", intent.command).event.reason == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ASSUMED.replace("about: amount", "about: weather"), "about"),
        (ASSUMED.replace("  of: nova\n", ""), "subject"),
        (f"{ASSUMED}  since: 2024\n", "'since' is not known here"),
    ],
)
def test_an_assumption_that_is_not_whole_is_refused(text: str, reason: str) -> None:
    (flaw,) = flaws(text)
    assert flaw.startswith("f.yaml:")
    assert reason in flaw or "attribute" in flaw
