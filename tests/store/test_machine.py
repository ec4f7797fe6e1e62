"""Rules over whole histories of a journal in a file, whatever is commanded in whatever order."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dealjournal.journal import Decider, Intent, Journal
from domain.canonical import encode, event_id, stored_name
from domain.entries import Entry, Record, Reinstate, Void, stream_of
from domain.errors import Refusal
from domain.events import Statement
from domain.values import RoundId
from projections import directory
from tests.domain.facts import article, closing, company, newspaper, question, renaming, rumor
from tests.store.filing import noon, rows

FIGURES = ("~600M USD", "500M EUR", "600M EUR", "1.5bn USD")
POOL: tuple[Statement, ...] = (
    newspaper(),
    company(),
    article(),
    renaming(),
    renaming("Le Chat"),
    question(),
    closing(),
    *(rumor(figure) for figure in FIGURES),
    *(
        type(rumor()).model_validate(
            {**dict(rumor(figure)), "round": RoundId("mistral-ai/series-a")}
        )
        for figure in FIGURES
    ),
)
statements = st.sampled_from(POOL)
reasons = st.sampled_from(["", "slip", "read twice"])


class Journals(RuleBasedStateMachine):
    """A journal on disk beside a list of what was put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "j.db"
        self.journal = Journal.create(self.path, noon)
        self.appended: list[Entry] = []

    def teardown(self) -> None:
        self.journal.close()
        self.folder.cleanup()

    def command(self, *intents: Intent) -> None:
        """Write; again nothing is appended; a refusal appends nothing."""
        planned: list[tuple[str, str]] | None
        try:
            planned = [(one.stream, one.event_id) for one in self.journal.plan(intents)]
            written = self.journal.write(intents, recorded_by="ada")
        except Refusal:
            return
        assert [(one.stream, one.event_id) for one in written] == planned
        self.appended += written
        assert self.journal.write(intents, recorded_by="bob") == []

    @rule(statement=statements)
    def record(self, statement: Statement) -> None:
        self.command(Intent(stream_of(statement), Record(statement)))

    @rule(statement=statements, reason=reasons)
    def void(self, statement: Statement, reason: str) -> None:
        self.command(Intent(stream_of(statement), Void(event_id(statement), reason)))

    @rule(statement=statements, reason=reasons)
    def reinstate(self, statement: Statement, reason: str) -> None:
        self.command(Intent(stream_of(statement), Reinstate(event_id(statement), reason)))

    @rule(wrong=statements, right=statements)
    def amend(self, wrong: Statement, right: Statement) -> None:
        if wrong == right or stream_of(wrong) != stream_of(right):
            return
        void = Void(event_id(wrong), "slip", event_id(right))
        self.command(Intent(stream_of(right), Record(right)), Intent(stream_of(wrong), void))

    @rule()
    def open_anew(self) -> None:
        self.journal.close()
        self.journal = Journal.open(self.path, noon)

    @invariant()
    def the_journal_holds_what_was_appended(self) -> None:
        assert self.journal.entries() == self.appended

    @invariant()
    def bytes_survive(self) -> None:
        kept = rows(self.path, "SELECT position, stream, name, data FROM entry ORDER BY position")
        assert kept == [
            (place, one.stream, stored_name(one.event), encode(one.event))
            for place, one in enumerate(self.appended, start=1)
        ]

    @invariant()
    def replay_equals_live(self) -> None:
        live: dict[str, Decider] = {}
        for entry in self.appended:
            live.setdefault(entry.stream, Decider(entry.stream)).evolve(entry.event)
        replayed: dict[str, Decider] = {}
        with Journal.open(self.path, noon) as again:
            for entry in again.entries():
                replayed.setdefault(entry.stream, Decider(entry.stream)).evolve(entry.event)
            assert directory.fold(again.entries()) == directory.fold(self.appended)
        assert {name: one.state for name, one in live.items()} == {
            name: one.state for name, one in replayed.items()
        }
        assert {name: one.version for name, one in live.items()} == {
            name: one.version for name, one in replayed.items()
        }


Journals.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestJournals = Journals.TestCase
