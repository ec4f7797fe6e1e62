"""An export comes back as what it was written from, whatever the journal holds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.exporters.standing import as_told
from dealjournal.exporters.statements import Export, export_statements
from dealjournal.journal import Command, Intent, Journal
from dealjournal.statements.compile import Draft, compile_pages
from dealjournal.statements.files import read_text
from dealjournal.statements.judging import in_force
from dealjournal.statements.located import LONGEST_LINE
from domain.canonical import event_id
from domain.entries import Entry, Reinstate, Void, stream_of
from domain.errors import Refusal
from domain.events import (
    AssumptionWithdrawn,
    ConflictReopened,
    ConflictResolved,
    DocumentCaptured,
    Event,
    InvestorJoined,
    PartyRegistered,
    QuestionAnswered,
    RepetitionJudged,
    SourceAliased,
    SourceRegistered,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource
from domain.values import DocumentHash, EventId, Grade, PartyId, SourceId
from domain.writing import parse_date
from projections import directory as directories
from projections.times import Times, View, view
from tests.domain.facts import (
    COMMUNIQUE,
    MISTRAL,
    PRESS_OFFICE,
    SERIES_B,
    article,
    assumption,
    closing,
    company,
    correction,
    denial,
    newspaper,
    question,
    renaming,
    retraction,
    rumor,
    said,
)
from tests.exporters.inventing import ids_of, invent
from tests.store.filing import opened, recording, voiding


def shown(journal: Journal) -> View:
    return view(journal.entries(), Times(true_on=date(2027, 1, 5)))


def counting(journal: Journal) -> tuple[Entry, ...]:
    return shown(journal).entries


def exported(journal: Journal, *, with_documents: bool = False) -> Export:
    texts = journal.text if with_documents else None
    return export_statements(shown(journal), texts, with_confidential=True)


def drafted(journal: Journal, text: str) -> Draft:
    pages = read_text(text.encode(), "f.yaml", folder=Path(), may_be_empty=True)
    names = directories.fold(counting(journal))
    return compile_pages(pages, names, journal.entries(), journal.text, importing=True)


def taken_in(journal: Journal, text: str) -> list[Entry]:
    """Take an export in and return what was appended."""
    draft = drafted(journal, text)
    return journal.write(draft.intents, recorded_by="bob", documents=draft.documents)


def judged(entries: tuple[Entry, ...], left_out: Collection[EventId] = ()) -> list[object]:
    """Return the judgements in force but some, without their places in their streams."""
    held = [one for one in in_force(entries) if one.event_id not in left_out]
    return [type(one.event).model_validate({**dict(one.event), "ordinal": 0}) for one in held]


# ── whatever it holds ────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40)
@given(data=st.data(), with_documents=st.booleans())
def test_any_journal_comes_back_from_its_export(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    with_documents: bool,  # noqa: FBT001 - drawn
) -> None:
    folder = tmp_path_factory.mktemp("export")
    with opened(folder / "a.db") as first, opened(folder / "b.db") as second:
        invent(data, first)
        made = exported(first, with_documents=with_documents)
        left_out = {one.entry.event_id for one in made.left_out}
        kept = tuple(one for one in as_told(shown(first)) if one.event_id not in left_out)

        assert taken_in(first, made.text) == []
        taken_in(second, made.text)
        assert ids_of(counting(second)) == ids_of(kept)
        assert judged(counting(second)) == judged(counting(first), left_out)
        again = exported(second, with_documents=with_documents)
        assert again.text == made.text
        assert again.left_out == []
        assert taken_in(second, made.text) == []


@pytest.mark.parametrize("first_named", ["daily", "nova-press"])
def test_a_source_named_as_another_is_called_comes_back(tmp_path: Path, first_named: str) -> None:
    read = {"document": COMMUNIQUE, "published": parse_date("2024-06-11")}
    names = [
        SourceRegistered(source=SourceId("daily"), name="Daily", **read),
        SourceRegistered(source=SourceId("nova-press"), name="The Paper", **read),
    ]
    names.sort(key=lambda one: one.source != first_named)
    alias = SourceAliased(source=SourceId("daily"), alias="The Paper", **read)
    with opened(tmp_path / "a.db") as first, opened(tmp_path / "b.db") as second:
        first.write(recording(*names, alias), recorded_by="ada")
        taken_in(second, exported(first).text)
        assert ids_of(counting(second)) == ids_of(counting(first))


# ── one story ────────────────────────────────────────────────────────────────────────────────────

FUND, OTHER_FUND = PartyId("big-fund"), PartyId("le-grand-fonds")
CAPTURE = DocumentCaptured(
    document=COMMUNIQUE, publisher=PRESS_OFFICE, length=400, published=parse_date("2024-06-11")
)
NAMES = (
    company(),
    PartyRegistered(party=FUND, name="Big Fund", kind="fund"),
    PartyRegistered(party=OTHER_FUND, name="Le Grand Fonds"),
    newspaper(),
    SourceRegistered(source=PRESS_OFFICE, name="Mistral AI", speaks_for=MISTRAL),
)
JOINED = InvestorJoined(round=SERIES_B, investor=OTHER_FUND, **said())


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Give a journal that knows the names and the texts of the story."""
    with opened(tmp_path / "a.db") as made:
        made.write(recording(*NAMES, article(), CAPTURE), recorded_by="ada")
        yield made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Journal]:
    """Give an empty journal."""
    with opened(tmp_path / "b.db") as made:
        yield made


def write(journal: Journal, *intents: Intent) -> None:
    journal.write(intents, recorded_by="ada")


def judge(journal: Journal, *commands: Command, stream: Event | None = None) -> None:
    where = stream_of(stream or rumor())
    write(journal, *(Intent(where, command) for command in commands))


def names_in(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.event.type for entry in entries]


def test_an_amended_statement_stays_in_its_place(journal: Journal) -> None:
    write(journal, *recording(rumor(), question(), JOINED))
    before = exported(journal).text.splitlines()
    right = rumor("650M USD")
    write(journal, *recording(right), voiding(rumor(), by=event_id(right)))
    after = exported(journal).text.splitlines()
    changed = [line for line in after if line not in before]
    assert changed == [f"- id: {event_id(right)[:16]}", "  amount: 650M USD"]
    assert len(after) == len(before)


def test_what_is_void_or_replaced_is_not_exported(journal: Journal) -> None:
    write(journal, *recording(rumor(), rumor("650M USD"), closing(), JOINED))
    write(journal, voiding(rumor(), by=event_id(rumor("650M USD"))), voiding(closing()))
    text = exported(journal).text
    assert "650M USD" in text
    assert "le-grand-fonds" in text
    assert "~600M USD" not in text
    assert "600M EUR" not in text


def test_what_counts_again_is_exported(journal: Journal) -> None:
    write(journal, *recording(rumor()), voiding(rumor()))
    write(journal, Intent(stream_of(rumor()), Reinstate(event_id(rumor()), "right after all")))
    assert "~600M USD" in exported(journal).text


def test_statements_about_statements_come_after_them(journal: Journal, other: Journal) -> None:
    into = rumor("650M USD")
    said_of = (denial(rumor()), correction(rumor(), into=event_id(into)), denial(denial(rumor())))
    write(journal, *recording(rumor(), into, *said_of, retraction(rumor())))
    # The press office's denial stands in a text from before the article.
    early = DocumentCaptured.model_validate({**dict(CAPTURE), "document": "d3" * 32})
    earlier = {"document": early.document, "published": parse_date("2024-01")}
    first = type(denial(rumor())).model_validate({**dict(denial(rumor())), **earlier})
    dated = DocumentCaptured.model_validate({**dict(early), "published": parse_date("2024-01")})
    write(journal, *recording(dated, first))
    made = exported(journal)
    assert made.left_out == []
    taken_in(other, made.text)
    assert ids_of(counting(other)) == ids_of(counting(journal))
    assert exported(other).text == made.text


def test_what_speaks_of_a_void_entry_is_left_out_and_told(journal: Journal, other: Journal) -> None:
    write(journal, *recording(rumor(), denial(rumor())), voiding(rumor()))
    ids = {"claim": event_id(rumor()), "repeats": event_id(denial(rumor()))}
    judge(journal, Judge(RepetitionJudged(subject=SERIES_B, **ids)))
    made = exported(journal)
    assert [(one.entry.event.type, one.why) for one in made.left_out] == [
        ("claim_denied.v1", "it speaks of an entry that does not count"),
        (
            "repetition_judged.v1",
            f"no entry {event_id(rumor())[:12]}… speaks of this subject; see 'dealjournal log'",
        ),
    ]
    assert taken_in(journal, made.text) == []
    taken_in(other, made.text)
    assert exported(other).text == made.text


def test_what_speaks_of_a_party_that_is_void_is_left_out_and_told(
    journal: Journal, other: Journal
) -> None:
    write(journal, *recording(renaming()), voiding(company()))
    made = exported(journal)
    assert [one.entry.event for one in made.left_out] == [NAMES[-1], CAPTURE, renaming()]
    assert "nobody introduced the party 'mistral-ai'" in made.left_out[0].why
    assert "nobody introduced the source 'mistral-ai-press'" in made.left_out[1].why
    assert "nobody introduced the party 'mistral-ai'" in made.left_out[2].why
    taken_in(other, made.text)
    assert exported(other).text == made.text


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def test_a_slug_that_was_judged_the_same_as_another_stays_as_it_was_written(
    journal: Journal, other: Journal
) -> None:
    write(journal, *recording(JOINED))
    before = exported(journal).text
    judge(journal, JudgeSame(OTHER_FUND, "two names"), stream=NAMES[1])
    made = exported(journal)
    assert "investor: le-grand-fonds" in made.text
    assert taken_in(journal, made.text) == []
    assert taken_in(journal, before) == []
    taken_in(other, made.text)
    assert ids_of(counting(other)) == ids_of(counting(journal))
    shown = directories.fold(counting(other)).shown
    assert shown(OTHER_FUND) == FUND


def test_groups_of_groups_come_after_what_they_are_made_of(tmp_path: Path, other: Journal) -> None:
    read_in = {"document": "d1" * 32, "published": parse_date("2024")}
    groups = [
        PartyRegistered(party=PartyId(slug), name=slug, members=members, **read_in)  # type: ignore[arg-type]
        for slug, members in (("a", ("b", "c")), ("b", ("c",)), ("c", ("d",)), ("d", ()))
    ]
    with opened(tmp_path / "groups.db") as journal:
        write(journal, *recording(*groups))
        made = exported(journal)
    assert [line for line in made.text.splitlines() if "party:" in line] == [
        f"- party: {slug}" for slug in "dcba"
    ]
    assert "stored" not in made.text
    taken_in(other, made.text)
    assert exported(other).text == made.text


def test_groups_that_are_members_of_one_another_come_back_as_stored(
    tmp_path: Path, other: Journal
) -> None:
    groups = [
        PartyRegistered(party=PartyId(slug), name=slug, members=(PartyId(member),))
        for slug, member in ("ab", "ba")
    ]
    with opened(tmp_path / "groups.db") as journal:
        write(journal, *recording(*groups))
        made = exported(journal)
    taken_in(other, made.text)
    assert ids_of(counting(other)) == sorted(map(event_id, groups))


def test_an_export_that_names_a_confidential_source_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "secret.db") as journal:
        write(journal, *recording(newspaper(name="Deep Throat", confidential=True)))
        entries = shown(journal)
        with pytest.raises(
            Refusal, match=r"@1 made a source confidential.*--with-confidential"
        ) as no:
            export_statements(entries)
        assert "Deep Throat" not in str(no.value)
        assert "Deep Throat" in export_statements(entries, with_confidential=True).text


# ── judgements ───────────────────────────────────────────────────────────────────────────────────


def test_judgements_survive_and_are_not_made_again(journal: Journal, other: Journal) -> None:
    write(journal, *recording(rumor(), closing(), question()))
    resolved = ConflictResolved(subject=SERIES_B, attribute="amount", claim=event_id(closing()))
    repeated = RepetitionJudged(
        subject=SERIES_B, claim=event_id(rumor()), repeats=event_id(closing()), reason="its words"
    )
    answered = QuestionAnswered(subject=SERIES_B, question=event_id(question()), answer="DST")
    made_up = (assumption(), resolved, repeated, answered)
    judge(journal, *map(Judge, made_up), JudgeSame("mistral-ai/b", "one round"))
    judge(journal, JudgeDifferent(FUND, "namesakes"), stream=company())
    grade = Grade(reliability="B", credibility="2")
    judge(journal, GradeSource(grade, "often right"), stream=newspaper())

    made = exported(journal)
    assert taken_in(journal, made.text) == []
    taken_in(other, made.text)
    assert judged(counting(other)) == judged(counting(journal))
    assert len(judged(counting(other))) == 7
    assert exported(other).text == made.text


def test_of_several_judgements_the_last_one_is_exported(journal: Journal, other: Journal) -> None:
    write(journal, *recording(rumor(), closing()))
    first, last = (
        ConflictResolved(subject=SERIES_B, attribute="amount", claim=event_id(one))
        for one in (rumor(), closing())
    )
    opened_again = ConflictResolved(subject=SERIES_B, attribute="valuation", claim=first.claim)
    reopened = ConflictReopened(subject=SERIES_B, attribute="valuation")
    judge(journal, Judge(first), Judge(last), Judge(opened_again), Judge(reopened))
    judge(journal, JudgeSame("mistral-ai/b", "one"), JudgeDifferent("mistral-ai/b", "two"))
    judge(journal, Judge(assumption("kept")), Judge(assumption("withdrawn")))
    withdrawn = next(
        one for one in journal.entries() if getattr(one.event, "text", "") == "withdrawn"
    )
    gone = AssumptionWithdrawn(subject=SERIES_B, assumption=withdrawn.event_id)
    judge(journal, Judge(gone))
    for grade in ("B", "C"):
        judge(
            journal,
            GradeSource(Grade(reliability=grade, credibility="2"), ""),  # type: ignore[arg-type]
            stream=newspaper(),
        )

    made = exported(journal)
    assert made.left_out == []
    assert taken_in(journal, made.text) == []
    taken_in(other, made.text)
    events = [one.event for one in counting(other) if "ordinal" in type(one.event).model_fields]
    assert [type(one).__name__ for one in events] == [
        "ConflictResolved",
        "RoundsJudgedDifferent",
        "AssumptionMade",
        "SourceGraded",
    ]
    assert events[0].claim == event_id(closing())  # type: ignore[union-attr]
    assert events[2].text == "kept"  # type: ignore[union-attr]
    assert events[3].grade.reliability == "C"  # type: ignore[union-attr]


def test_a_void_judgement_is_not_exported(journal: Journal) -> None:
    judge(journal, Judge(assumption()))
    (made,) = [one for one in journal.entries() if one.event.type == "assumption_made.v1"]
    write(journal, Intent(made.stream, Void(made.event_id, "slip")))
    assert "judgements" not in exported(journal).text


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def test_long_quotes_need_the_documents(journal: Journal) -> None:
    long = InvestorJoined(round=SERIES_B, investor=FUND, **said(words="a " * 26))
    write(journal, *recording(rumor(), long))
    with pytest.raises(Refusal, match="more than 25 words: @9; "):
        exported(journal)
    assert "a a a" in exported(journal, with_documents=True).text
    again = InvestorJoined(round=SERIES_B, investor=FUND, **said(words=" ".join("a" * 25)))
    write(journal, *recording(again), voiding(long))
    assert exported(journal).text


def test_an_empty_journal_is_an_empty_text(other: Journal) -> None:
    assert exported(other).text == ""


# ── amended since ────────────────────────────────────────────────────────────────────────────────


def amended(journal: Journal) -> Event:
    """Amend what a denial, a denial of it, a correction and judgements speak of; return it."""
    said_of = (denial(rumor()), denial(denial(rumor())), correction(rumor()))
    write(journal, *recording(rumor(), closing(), *said_of))
    resolved = ConflictResolved(subject=SERIES_B, attribute="amount", claim=event_id(rumor()))
    ids = {"claim": event_id(closing()), "repeats": event_id(rumor())}
    judge(journal, Judge(resolved), Judge(RepetitionJudged(subject=SERIES_B, **ids)))
    right = rumor("650M USD")
    write(journal, *recording(right), voiding(rumor(), by=event_id(right)))
    return right


def test_what_is_said_of_an_amended_entry_is_said_of_what_took_its_place(
    journal: Journal, other: Journal
) -> None:
    old = exported(journal).text
    right = amended(journal)
    made = exported(journal)
    assert made.left_out == []
    assert made.text.count(f"claim: {event_id(right)}") == 2
    assert event_id(rumor()) not in made.text
    assert taken_in(journal, made.text) == []
    assert taken_in(journal, old) == []
    taken_in(other, made.text)
    assert exported(other).text == made.text
    assert taken_in(other, made.text) == []
    assert judged(counting(other)) == judged(tuple(as_told(shown(journal))))
    assert len(judged(counting(other))) == 2


def test_an_export_from_before_an_amendment_appends_nothing(journal: Journal) -> None:
    right = amended(journal)
    before = exported(journal).text
    last = rumor("660M USD")
    write(journal, *recording(last), voiding(right, by=event_id(last)))
    assert taken_in(journal, before) == []
    assert taken_in(journal, exported(journal).text) == []


def test_an_edit_of_what_others_speak_of_is_one_amendment(journal: Journal) -> None:
    amended(journal)
    text = exported(journal).text
    edited = text.replace("amount: 650M USD", "amount: 660M USD")
    assert [one.event.type for one in taken_in(journal, edited)] == [
        "round_rumored.v1",
        "entry_voided.v1",
    ]
    assert taken_in(journal, edited) == []
    assert exported(journal).left_out == []


def test_an_edit_of_a_denial_of_what_was_amended_is_one_amendment(
    journal: Journal, other: Journal
) -> None:
    amended(journal)
    text = exported(journal).text
    edited = text.replace("event: ClaimDenied", "event: ClaimDenied\n  attribute: amount", 1)
    assert [one.event.type for one in taken_in(journal, edited)] == [
        "claim_denied.v1",
        "entry_voided.v1",
    ]
    assert taken_in(journal, edited) == []
    assert exported(journal).left_out == []
    taken_in(other, exported(journal).text)
    assert exported(other).text == exported(journal).text


def test_what_speaks_of_an_edited_statement_follows_it_into_a_fresh_journal(
    journal: Journal, other: Journal
) -> None:
    amended(journal)
    edited = exported(journal).text.replace("amount: 650M USD", "amount: 660M USD")
    taken_in(other, edited)
    made = exported(other)
    assert made.left_out == []
    assert made.text.count(f"claim: {event_id(rumor('660M USD'))}") == 2
    assert len(judged(counting(other))) == 2
    assert taken_in(other, edited) == []


# ── judgements that were overruled ───────────────────────────────────────────────────────────────


def test_an_old_export_makes_no_judgement_again_that_was_overruled(journal: Journal) -> None:
    write(journal, *recording(rumor(), closing()))
    first, last = (
        ConflictResolved(subject=SERIES_B, attribute="amount", claim=event_id(one))
        for one in (rumor(), closing())
    )
    judge(journal, Judge(first))
    judge(journal, Judge(assumption()))
    text = exported(journal).text
    made = {one.event.type: one for one in journal.entries()}
    void = Void(made["assumption_made.v1"].event_id, "slip")
    judge(journal, Judge(last), void)
    draft = drafted(journal, text)
    assert taken_in(journal, text) == []
    assert draft.overruled == (made["conflict_resolved.v1"].position,)
    assert draft.void == (made["assumption_made.v1"].position,)


# ── long texts ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["'" * 999_990 + "\"'", "\x85" * 999_000, "a" * 999_999])
def test_a_text_that_is_too_long_for_a_line_when_written_stays_at_home(
    other: Journal, tmp_path: Path, text: str
) -> None:
    content = text.encode()
    document = DocumentHash(hashlib.sha256(content).hexdigest())
    capture = {**dict(article()), "document": document, "length": len(content)}
    with opened(tmp_path / "long.db") as journal:
        intents = recording(newspaper(), DocumentCaptured.model_validate(capture))
        journal.write(intents, recorded_by="ada", documents={document: content})
        made = exported(journal, with_documents=True)
    assert max(map(len, made.text.split("\n"))) < LONGEST_LINE
    taken_in(other, made.text)
    assert exported(other, with_documents=True).text == made.text


def test_a_name_that_is_left_out_is_not_avoided_in_the_rest(tmp_path: Path, other: Journal) -> None:
    read_in = {"document": "d1" * 32, "published": parse_date("2024")}
    names = [
        PartyRegistered(party=PartyId("a"), name="A", **read_in),  # type: ignore[arg-type]
        PartyRegistered(party=PartyId("b"), name="a", members=(PartyId("gone"),)),
    ]
    with opened(tmp_path / "names.db") as journal:
        write(journal, *recording(*names))
        made = exported(journal)
    assert [one.entry.event for one in made.left_out] == [names[1]]
    taken_in(other, made.text)
    assert exported(other).text == made.text
