"""From what an analyst types to events: names, new names, keys, defaults, lists, attributions."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from dealjournal.statements.amending import amended
from dealjournal.statements.compile import MOST_FLAWS
from dealjournal.statements.statement import STATEMENTS
from domain.canonical import event_id
from domain.entries import Entry, Record, stream_of
from domain.errors import InvalidInput, InvalidValue, Refusal
from domain.events import (
    EVENT_TYPES,
    AnyEvent,
    ClaimDenied,
    DocumentCaptured,
    EntryVoided,
    InvestorJoined,
    PartyNamed,
    PartyRegistered,
    QuestionRaised,
    SourceRegistered,
    StakeReported,
    Statement,
    TermsReported,
    UnknownDeclared,
)
from domain.values import Sourcing
from tests.statements.telling import FIRST, HEAD, TEXT, compiled, flaw, flaws, told

NOTED = "event: StatementNoted, party: Nova, note: x, quote: Nova"
AMOUNT = "event: TermsReported, round: nova/seed, amount: 50M EUR, quote: Nova"
STAKE = "event: StakeReported, company: Nova, holder: BF, quote: Nova"
SEAT = "event: SeatReported, company: Nova, holder: BF, body: board, quote: Nova"
JOINED = "event: InvestorJoined, round: nova/seed, investor: BF, quote: Nova"
IDENTIFIED = "event: PartyIdentified, party: Nova, quote: Nova"


def events(text: str) -> list[Statement]:
    return [one.command.event for one in compiled(text).intents if isinstance(one.command, Record)]


def held(*statements: Statement) -> list[Entry]:
    """Return statements as entries of a journal."""
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        Entry(place, event_id(one), stream_of(one), 1, moment, "ada", cast("AnyEvent", one))
        for place, one in enumerate(statements, start=1)
    ]


# ── every event ──────────────────────────────────────────────────────────────────────────────────


def test_every_statement_can_be_written_but_what_is_introduced_elsewhere() -> None:
    elsewhere = {DocumentCaptured, SourceRegistered, PartyRegistered}
    statements = {cls for cls in EVENT_TYPES.values() if issubclass(cls, Statement)}
    assert set(STATEMENTS.values()) == statements - elsewhere


@pytest.mark.parametrize("name", ["TermsReported", "terms_reported", "terms_reported.v1"])
def test_an_event_is_called_by_its_name_or_its_stored_name(name: str) -> None:
    (event,) = told(f"{{{AMOUNT}}}".replace("TermsReported", name))
    assert isinstance(event, TermsReported)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("▸{evnt: X}", "'event:' is missing"),
        ("{event: ▸TermReported}", "no event is called 'TermReported'; did you mean 'TermsRep"),
        ("{event: ▸SourceRegistered}", "no event is called 'SourceRegistered'"),
        ("{event: ▸RoundsJudgedSame}", "no event is called 'RoundsJudgedSame'"),
        ("{event: ▸[TermsReported]}", "one text is wanted"),
        ("{event: ▸}", "a value is missing"),
        (f"{{{AMOUNT}, ▸valuaton: 3M EUR}}", "TermsReported has no field 'valuaton'; did you"),
        ("▸{event: TermsReported, quote: Nova}", "round: "),
        (f"{{{AMOUNT}, occurred: ▸2025-02-30}}", "'2025-02-30' is no possible date"),
        (f"{{{AMOUNT}, occurred: ▸someday}}", "'someday' is no date"),
        (f"{{{AMOUNT}}}".replace("50M", "▸-50M"), "'-50M EUR' is negative"),
        (f"{{{AMOUNT}}}".replace("50M EUR", "▸50M ZZZ"), "'50M ZZZ': 'ZZZ' is not an ISO 4217"),
        (f"{{{AMOUNT}}}".replace("50M EUR", "▸50M"), "'50M' names no currency"),
        (f"{{{AMOUNT}}}".replace("50M EUR", "▸[50M EUR]"), "one text is wanted"),
        (f"{{{STAKE}, share: ▸101 %}}", "'101 %' is more than the whole"),
        (f"{{{STAKE}, share: ▸ten}}", "'ten' is no share"),
        (f"{{{AMOUNT}, modality: ▸supposes}}", "'supposes' is not one of asserts"),
        (f"{{{AMOUNT}, modality: ▸assert}}", "'assert' is not one of"),
        (f"{{{AMOUNT}, sourcing: ▸{{count: 0}}}}", "count: "),
        (f"{{{AMOUNT}, sourcing: {{▸who: x}}}}", "'who' is not known here"),
        (f"{{{AMOUNT}, sourcing: ▸{'x' * 501}}}", "words: "),
        (f"{{{AMOUNT}, label: ▸{'x' * 501}}}", "label: "),
        (f"{{{AMOUNT}, by: ▸Nobody}}", "no source 'Nobody' is known"),
        (f"{{{AMOUNT}, by: [Ledger, ▸Nobody]}}", "no source 'Nobody' is known"),
        (f"{{{SEAT}, seats: ▸1.5}}", "'1.5' is no whole number"),
        (f"{{{SEAT}, seats: ▸0}}", "seats: "),
        (f"{{{JOINED}, list_is_open: ▸maybe}}", "'maybe' is neither yes nor no"),
        (f"{{{AMOUNT}, valuation: {{value: 5M EUR, ▸frm: 6M USD}}}}", "'frm' is not one of from"),
        (f"{{{AMOUNT}, valuation: ▸{{from: 6M USD}}}}", "'value' is missing"),
        (f"{{{IDENTIFIED}, identifier: ▸'siren:952418326'}}", "'952418326' is no siren"),
        (f"{{{IDENTIFIED}, identifier: ▸passport}}", "scheme: "),
        (f"{{{AMOUNT}, key: ▸[a]}}", "one text is wanted"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(line: str, reason: str) -> None:
    assert flaw(line).startswith(reason)


def test_flaws_are_told_together_up_to_the_most() -> None:
    found = flaws(HEAD + "- {event: Wrong, quote: x}\n" * (MOST_FLAWS + 5))
    assert len(found) == MOST_FLAWS
    assert found[-1].startswith(f"f.yaml:{FIRST + MOST_FLAWS - 1}:11: ")


def test_a_flaw_on_the_third_page_is_told_and_nothing_is_asked() -> None:
    pages = [HEAD + f"- {{{AMOUNT}}}\n", HEAD + f"- {{{NOTED}}}\n", HEAD + "- {event: Wrong}\n"]
    (found,) = flaws("---\n".join(pages).replace("party: Nova, kind", "party: Nova, kind"))
    line = sum(page.count("\n") + 1 for page in pages[:2]) + FIRST
    assert found.startswith(f"f.yaml:{line}:11: no event is called 'Wrong'")


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", ["Big Fund", "big-fund", "BIG FUND", "bigfund", "BF", "b.f.", "le grand-fonds"]
)
def test_a_party_is_meant_by_any_of_its_names_however_spelt(name: str) -> None:
    (event,) = told(f"{{event: InvestorJoined, round: nova/seed, investor: '{name}', quote: Nova}}")
    assert isinstance(event, InvestorJoined)
    assert event.investor == "big-fund"


@pytest.mark.parametrize("name", ["Cédric O", "Cedric O", "CEDRIC O", "cédric\u00a0o", "cedric-o"])
def test_accents_make_no_difference_to_a_name(name: str) -> None:
    event, _ = told(
        f"{{event: RoleReported, party: '{name}', role: chair, quote: Nova}}", f"{{{AMOUNT}}}"
    )
    assert event.party == "cedric-o"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("investor", "reason"),
    [
        ("▸Big Find", "no party 'Big Find' is known; did you mean 'Big Fund'"),
        ("▸Zzzyx", "no party 'Zzzyx' is known; if it is new, add it under 'new:'"),
        ("[BF, ▸Big Find]", "no party 'Big Find' is known; did you mean 'Big Fund'"),
        ("▸''", "a value is missing"),
        ("▸'!'", "no party '!' is known"),
    ],
)
def test_an_unknown_name_is_refused_with_near_ones(investor: str, reason: str) -> None:
    line = f"{{event: InvestorJoined, round: nova/seed, investor: {investor}, quote: Nova}}"
    assert flaw(line).startswith(reason)


def test_a_name_that_can_mean_two_is_refused_with_both() -> None:
    head = HEAD.replace("- {round:", "- {party: BF Two, slug: bf-two, aliases: [B F]}\n- {round:")
    line = "{event: InvestorJoined, round: nova/seed, investor: ▸B.F., quote: Nova}"
    assert "can mean big-fund or bf-two; write the slug" in flaw(line, head=head)
    (event,) = told(line.replace("▸B.F.", "bf-two"), head=head)
    assert event.investor == "bf-two"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nova/sead", "no round 'nova/sead' is known; did you mean 'nova/seed'"),
        ("Novaa/seed", "no company 'Novaa' is known; did you mean 'Nova'"),
        ("seed", "a round is named company/slug"),
    ],
)
def test_an_unknown_round_is_refused_with_near_ones(name: str, reason: str) -> None:
    line = f"{{event: TermsReported, round: ▸{name}, amount: 5M EUR, quote: Nova}}"
    assert flaw(line).startswith(reason)


def test_a_round_can_be_named_by_any_name_of_its_company() -> None:
    (event,) = told(f"{{{AMOUNT}}}".replace("nova/seed", "NOVA/seed"))
    assert event.round == "nova/seed"  # type: ignore[attr-defined]


# ── what is new ──────────────────────────────────────────────────────────────────────────────────


def test_what_is_new_is_registered_with_its_aliases() -> None:
    found = events(HEAD + f"- {{{AMOUNT}}}\n")
    assert [event.type for event in found] == [  # type: ignore[attr-defined]
        "party_registered.v1",
        "party_registered.v1",
        "party_named.v1",
        "party_named.v1",
        "party_registered.v1",
        "source_registered.v1",
        "source_aliased.v1",
        "document_captured.v1",
        "terms_reported.v1",
    ]
    assert [event.name for event in found if isinstance(event, PartyNamed)] == [
        "BF",
        "Le Grand Fonds",
    ]


def test_introducing_the_same_again_asks_for_the_same() -> None:
    page = HEAD + f"- {{{AMOUNT}}}\n"
    once, twice = compiled(page), compiled(f"{page}---\n{page}")
    assert {event_id(event) for event in events(f"{page}---\n{page}")} == {
        event_id(event) for event in events(page)
    }
    assert twice.documents == once.documents


def test_what_names_another_finds_it_whatever_the_order() -> None:
    head = (
        f"document: {{text: '{TEXT}', publisher: P, published: 2025}}\nnew:\n"
        "- {round: nova/seed}\n"
        "- {source: Nova, kind: company, speaks_for: nova}\n"
        "- {party: Founders, kind: group, members: [Ada, Bob]}\n"
        "- {party: Ada}\n- {party: Bob}\n- {party: Nova}\n- {source: P}\nstatements:\n"
    )
    assert told(f"{{{AMOUNT}}}", head=head)


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ("{partly: X}", "f.yaml:11:3: say what is new"),
        ("{party: X, sort: fund}", "f.yaml:11:14: 'sort' is not known here; a new party can have"),
        ("{party: X, kind: bank}", "f.yaml:11:20: 'bank' is not one of company, fund"),
        ("{party: 株式会社}", "f.yaml:11:11: '株式会社' gives no slug; add 'slug:'"),
        ("{party: X, slug: Not A Slug}", "f.yaml:11:3: party: "),
        ("{party: Big  Fund!, slug: other}", "f.yaml:11:11: 'Big  Fund!' is known already, as big"),
        ("{party: B.F.}", "f.yaml:11:11: 'B.F.' is known already, as big-fund; use that name"),
        ("{source: The Ledger, aliases: [Ledger]}", ""),
        ("{source: Ledger}", "f.yaml:11:12: 'Ledger' is known already, as daily-ledger"),
        ("{round: seed}", "f.yaml:11:11: a round is named company/slug"),
        ("{round: nava/b}", "f.yaml:11:11: no party 'nava' is known"),
        ("{round: nova/!!}", "f.yaml:11:11: '!!' gives no slug"),
        ("{round: nova/series-b}", "f.yaml:11:3: no statement of this file speaks of the new r"),
        ("{party: X, members: [Nobody]}", "f.yaml:11:24: no party 'Nobody' is known"),
        ("{party: X, identifiers: 'lei:nonsense'}", "f.yaml:11:27: "),
        ("x", "f.yaml:11:3: this must give names and values"),
    ],
)
def test_what_is_not_new_or_no_name_is_refused(entry: str, place: str) -> None:
    page = HEAD.replace("statements:\n", f"- {entry}\nstatements:\n") + f"- {{{AMOUNT}}}\n"
    found = flaws(page)
    assert len(found) == (1 if place else 0)
    assert not place or found[0].startswith(place)


def test_two_names_with_one_slug_need_a_slug_each() -> None:
    other = HEAD.replace("- {round:", "- {party: Nova!}\n- {round:")
    assert flaws(other + f"- {{{AMOUNT}}}\n") == []
    clash = HEAD.replace("- {round:", "- {party: Novà Corp, slug: nova}\n- {round:")
    found = events(clash + f"- {{{AMOUNT}}}\n")
    names = {event.name for event in found if isinstance(event, PartyRegistered)}
    assert {"Nova", "Novà Corp"} <= names, "the decider refuses the second when it is recorded"


def test_a_party_known_only_by_description_has_no_name() -> None:
    head = HEAD.replace(
        "- {round:", "- {party: two-heads, kind: group, description: two heads}\n- {round:"
    )
    found = events(
        head + "- {event: StatementNoted, party: two-heads, note: x, quote: Nova}\n"
        f"- {{{AMOUNT}}}\n"
    )
    (party,) = [
        one for one in found if isinstance(one, PartyRegistered) and one.party == "two-heads"
    ]
    assert (party.name, party.description, party.kind) == (None, "two heads", "group")


# ── keys and positions ───────────────────────────────────────────────────────────────────────────


def test_a_key_names_a_statement_for_those_below_it() -> None:
    first, denial = told(
        f"{{{AMOUNT}, key: rumour}}",
        "{event: ClaimDenied, subject: nova/seed, claim: rumour, quote: Nova}",
    )
    assert isinstance(denial, ClaimDenied)
    assert denial.claim == event_id(first)
    assert denial.modality == "denies"


@pytest.mark.parametrize("name", ["@2", "ID", "ID8"])
def test_an_entry_is_named_by_its_position_or_id(name: str) -> None:
    first, second = told(f"{{{AMOUNT}}}", f"{{{AMOUNT}, valuation: 300M EUR}}")
    identity = event_id(second)
    text = name.replace("ID8", identity[:8]).replace("ID", identity)
    page = HEAD + (f"- {{event: ClaimDenied, subject: nova/seed, claim: '{text}', quote: Nova}}\n")
    draft = compiled(page, tuple(held(first, second)))
    denial = cast("Record", draft.intents[-1].command).event
    assert isinstance(denial, ClaimDenied)
    assert denial.claim == identity


@pytest.mark.parametrize("claim", ["later", "@9", "abcdef0123456789", "abc", "rumeur"])
def test_an_entry_that_is_not_there_is_refused(claim: str) -> None:
    line = f"{{event: ClaimDenied, subject: nova/seed, claim: '{claim}', quote: Nova}}"
    found = flaws(HEAD + f"- {{{AMOUNT}, key: rumour}}\n- {line}\n- {{{NOTED}, key: later}}\n")
    (one,) = found
    assert one.startswith(f"f.yaml:{FIRST + 1}:51: '{claim}' is no key of a statement above")
    assert ("did you mean 'rumour'" in one) == (claim == "rumeur")


def test_a_key_is_given_once() -> None:
    (one,) = flaws(HEAD + f"- {{{AMOUNT}, key: a}}\n- {{{NOTED}, key: a}}\n")
    assert one.startswith(f"f.yaml:{FIRST + 1}:")
    assert "has the key 'a'" in one


# ── defaults, lists, attributions ────────────────────────────────────────────────────────────────


def page_with(defaults: str) -> str:
    return HEAD.replace("statements:", f"defaults: {{{defaults}}}\nstatements:")


def test_defaults_hold_where_an_event_can_have_them_and_nothing_else_is_said() -> None:
    head = page_with("round: nova/seed, modality: targets, occurred: 2025-02, party: Nova")
    first, second, third = told(
        "{event: TermsReported, amount: 5M EUR, quote: Nova}",
        "{event: TermsReported, amount: 5M EUR, modality: expects, occurred: , quote: Nova}",
        "{event: StatementNoted, note: x, quote: Nova}",
        head=head,
    )
    assert (first.modality, second.modality, third.modality) == ("targets", "expects", "targets")
    assert first.occurred is not None
    assert second.occurred is None
    assert third.party == "nova"  # type: ignore[attr-defined]


def test_a_default_that_no_event_can_have_is_a_slip() -> None:
    page = page_with("rund: nova/seed") + f"- {{{AMOUNT}}}\n"
    (one,) = flaws(page)
    assert one.startswith("f.yaml:11:12: 'rund' is not known here; did you mean 'round'")


def test_a_wrong_default_is_told_where_it_stands() -> None:
    page = page_with("round: nova/sead") + "- {event: TermsReported, amount: 5M EUR, quote: Nova}\n"
    (one,) = flaws(page)
    assert one.startswith("f.yaml:11:19: no round 'nova/sead' is known")


def test_a_list_of_investors_is_a_statement_each() -> None:
    found = told(
        "{event: InvestorJoined, round: nova/seed, investor: [BF, Cédric O], roles: [lead, new],"
        " list_is_open: yes, quote: Nova}"
    )
    assert [one.investor for one in found] == ["big-fund", "cedric-o"]  # type: ignore[attr-defined]
    assert {one.roles for one in found} == {("lead", "new")}  # type: ignore[attr-defined]
    assert all(one.list_is_open for one in found)  # type: ignore[attr-defined]
    (alone,) = told("{event: InvestorJoined, round: nova/seed, investor: [BF], quote: Nova}")
    assert alone.investor == "big-fund"  # type: ignore[attr-defined]


def test_holders_together_stay_one_statement() -> None:
    event, _ = told(
        "{event: MajorityReported, company: Nova, holders: [BF, Cédric O], quote: Nova}",
        f"{{{AMOUNT}}}",
    )
    assert event.holders == ("big-fund", "cedric-o")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("by", "root", "via"),
    [
        ("", "daily-ledger", ()),
        (", by: ", "daily-ledger", ()),
        (", by: Ledger", "daily-ledger", ()),
        (", by: Wire", "wire", ("daily-ledger",)),
        (", by: [Wire, Blog]", "blog", ("daily-ledger", "wire")),
        (", by: [Blog, Ledger, Wire]", "wire", ("blog", "daily-ledger")),
        (", by: [Ledger, Wire, Wire]", "wire", ("daily-ledger",)),
    ],
)
def test_who_vouches_is_the_last_named_and_the_others_stand_between(
    by: str, root: str, via: tuple[str, ...]
) -> None:
    head = HEAD.replace("- {round:", "- {source: Wire}\n- {source: Blog}\n- {round:")
    (event,) = told(f"{{{AMOUNT}{by}}}", head=head)
    assert event.attribution is not None
    assert (event.attribution.root, event.attribution.via) == (root, via)


@pytest.mark.parametrize(
    ("written", "sourcing"),
    [
        ("", None),
        (", sourcing: ", None),
        (", sourcing: two people", Sourcing(words="two people")),
        (
            ", sourcing: {words: two people, count: 2, documents_seen: yes, on_record: no}",
            Sourcing(words="two people", count=2, documents_seen=True),
        ),
    ],
)
def test_the_unnamed_behind_the_root_are_told_in_words(
    written: str, sourcing: Sourcing | None
) -> None:
    (event,) = told(f"{{{AMOUNT}{written}}}")
    assert event.attribution is not None
    assert event.attribution.sourcing == sourcing


def test_some_events_say_what_the_text_does() -> None:
    question, unknown = told(
        "{event: QuestionRaised, subject: Nova, question: Who leads?, quote: Nova}",
        "{event: UnknownDeclared, subject: nova/seed, attribute: stake, quote: Nova}",
    )
    assert isinstance(question, QuestionRaised)
    assert (question.modality, question.subject) == ("asks", "nova")
    assert isinstance(unknown, UnknownDeclared)
    assert (unknown.modality, unknown.subject) == ("declares_unknown", "nova/seed")


# ── documents ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("{text: Nova, publisher: P}", "f.yaml:1:11: 'published:' is missing"),
        ("{text: Nova, published: 2025}", "f.yaml:1:11: 'publisher:' is missing"),
        ("{text: Nova, publisher: Q, published: 2025}", "f.yaml:1:35: no source 'Q' is known"),
        ("{publisher: P, published: 2025}", "f.yaml:1:11: give the text"),
        ("{text: x, file: y, publisher: P, published: 2025}", "f.yaml:1:12: give 'file:' or"),
        ("{texts: x, publisher: P, published: 2025}", "f.yaml:1:12: 'texts' is not known here"),
        ("{text: , publisher: P, published: 2025}", "f.yaml:1:18: a value is missing"),
        ("{file: nowhere.txt, publisher: P, published: 2025}", "nowhere.txt:1:1: cannot be read"),
        ('{file: "a\\0b", publisher: P, published: 2025}', "a\0b:1:1: cannot be read"),
        ("{text: x, publisher: P, published: 2025, language: Klingon!}", "f.yaml:1:11: language: "),
        ("{text: x, publisher: P, published: '2025-13'}", "f.yaml:1:46: '2025-13' is no possible"),
        (
            "{text: Nova, publisher: P, published: 2025, sha256: abc}",
            "f.yaml:1:63: the document has changed: its SHA-256 is",
        ),
        ("{address: x, title: [y], publisher: P, published: 2025}", "f.yaml:1:31: one text"),
    ],
)
def test_a_document_that_is_none_is_refused_where_it_stands(document: str, place: str) -> None:
    found = flaws(f"document: {document}\nnew: [{{source: P}}]\n")
    assert any(one.startswith(place) for one in found), found


def test_a_document_is_known_by_the_hash_of_its_bytes(tmp_path: Path) -> None:
    content = "Nova raises — 50M EUR.\r\n".encode()
    (tmp_path / "article.txt").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    page = (
        f"document: {{file: article.txt, publisher: P, published: 2025, sha256: {digest}}}\n"
        "new: [{source: P}]\n"
    )
    draft = compiled(page, folder=tmp_path)
    assert draft.documents == {digest: content}
    (captured,) = [
        one.command.event
        for one in draft.intents
        if isinstance(one.command, Record) and isinstance(one.command.event, DocumentCaptured)
    ]
    assert (captured.document, captured.length) == (digest, len(content))


def test_a_document_in_another_encoding_is_refused_where_it_stops_being_utf8(
    tmp_path: Path,
) -> None:
    (tmp_path / "article.txt").write_bytes("Une levée\nde fonds levée".encode("latin-1"))
    page = "document: {file: article.txt, publisher: P, published: 2025}\nnew: [{source: P}]\n"
    with pytest.raises(InvalidInput, match=r"article\.txt:1:8: byte 0xe9 is not UTF-8"):
        compiled(page, folder=tmp_path)


# ── amended ──────────────────────────────────────────────────────────────────────────────────────


def amendable() -> list[Entry]:
    return held(
        *events(
            HEAD + f"- {{{AMOUNT}, by: Ledger, sourcing: two people}}\n"
            "- {event: StakeReported, company: Nova, holder: BF, share: 10 %,"
            " quote: about 50M EUR}\n"
        )
    )


def test_what_is_set_changes_and_everything_else_is_kept() -> None:
    entries = amendable()
    wrong = entries[-2]
    right = amended(wrong, ["amount=60M EUR", "occurred=2025-02"], entries)
    assert isinstance(right, TermsReported)
    assert right.terms is not None
    assert right.terms.amount is not None
    assert str(right.terms.amount.amount) == "60000000"
    before = cast("TermsReported", wrong.event)
    kept = ("document", "quotes", "attribution", "published", "modality", "round")
    assert [getattr(right, key) for key in kept] == [getattr(before, key) for key in kept]
    assert right.occurred is not None
    assert amended(wrong, ["amount=50M EUR"], entries) == before


def test_an_empty_value_removes_a_field() -> None:
    entries = amendable()
    later = amended(entries[-2], ["valuation=300M EUR", "amount="], entries)
    assert isinstance(later, TermsReported)
    assert later.terms is not None
    assert (later.terms.amount, later.terms.valuation is None) == (None, False)
    bare = amended(entries[-2], ["amount="], entries)
    assert isinstance(bare, TermsReported)
    assert bare.terms is None


def test_a_name_can_be_set_by_any_of_its_names() -> None:
    entries = amendable()
    right = amended(entries[-1], ["holder=cedric o", "share=> 50 %", "each=yes"], entries)
    assert isinstance(right, StakeReported)
    assert (right.holder, right.share.lower_open, right.each) == ("cedric-o", True, True)


@pytest.mark.parametrize(
    ("change", "error", "told_why"),
    [
        ("amount", InvalidValue, "'amount'"),
        ("amunt=5M EUR", InvalidValue, "has no field 'amunt'; did you mean 'amount'"),
        ("quote=x", InvalidValue, "has no field 'quote'"),
        ("document=x", InvalidValue, "has no field 'document'"),
        ("type=x", InvalidValue, "has no field 'type'"),
        ("amount=lots", InvalidInput, "'lots' is no amount"),
        ("round=nova/sead", InvalidInput, "no round 'nova/sead' is known"),
        ("round=", InvalidValue, "round: "),
        ("occurred=2025-02-30", InvalidInput, "no possible date"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    change: str, error: type[Exception], told_why: str
) -> None:
    entries = amendable()
    with pytest.raises(error, match=re.escape(told_why)):
        amended(entries[-2], [change], entries)


def test_a_judgement_is_not_amended() -> None:
    entries = amendable()
    voided = EntryVoided(entry=entries[-1].event_id)
    judgement = Entry(
        99, event_id(voided), entries[-1].stream, 2, entries[0].recorded_at, "", voided
    )
    with pytest.raises(Refusal, match="@99 is a judgement"):
        amended(judgement, ["reason=x"], entries)
