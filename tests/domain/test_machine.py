"""Rules over whole histories of each decider, whatever is commanded in whatever order.

The same command again yields nothing; replay equals live state, also from stored bytes; a fold can
stop anywhere and go on; deciding changes no state; no entry's id comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain import document, party, round, source  # noqa: A004 - the round's module
from domain.canonical import decode, encode, event_id
from domain.entries import Countersign, EntryCommand, Erase, Record, Reinstate, Standing, Void
from domain.errors import Refusal
from domain.events import (
    AnyEvent,
    AssumptionWithdrawn,
    ConflictReopened,
    ConflictResolved,
    DocumentDated,
    DocumentWithdrawn,
    InvestorJoined,
    Judgement,
    PartyLocated,
    QuestionAnswered,
    RepetitionJudged,
    SourceAliased,
    Statement,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource
from domain.values import Commitment, EventId, Grade, PartyId, RoundId
from domain.writing import parse_date
from tests.domain.facts import (
    ARTICLE,
    MISTRAL,
    NOWHERE,
    PRESS_OFFICE,
    SERIES_B,
    WSJ,
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

Command = Record | Judge | JudgeSame | JudgeDifferent | GradeSource | EntryCommand

reasons = st.sampled_from(["", "misread"])
commitments = st.lists(
    st.sampled_from([Commitment(commitment=digit * 64) for digit in "12"]), max_size=2
).map(tuple)


class History(RuleBasedStateMachine):
    """A stream that is commanded at random, its events and the state they led to."""

    decider: Any
    """The module that decides."""
    subject: Any
    statements: st.SearchStrategy[Statement]

    def __init__(self) -> None:
        super().__init__()
        self.events: list[AnyEvent] = []
        self.state = self._folded(())

    def _folded(self, events: Iterable[AnyEvent]) -> Any:  # noqa: ANN401 - the state of any decider
        return self.decider.fold(self.subject, events)

    def command(self, command: Command) -> None:
        """Follow a command, and check what holds of every command."""
        before = self._folded(self.events)
        try:
            decided = self.decider.decide(command, self.state)
        except Refusal:
            assert self.state == before
            return
        assert self.state == before
        for event in decided:
            self.state = self.decider.evolve(self.state, event)
            self.events.append(event)
        if not isinstance(command, Countersign):
            assert self.decider.decide(command, self.state) == []

    def entry(self, data: st.DataObject) -> EventId:
        """Draw an entry of the stream, or one that is nowhere."""
        known = [event_id(event) for event in self.events]
        return data.draw(st.sampled_from([*reversed(known), NOWHERE]))

    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        self.command(Record(data.draw(self.statements)))

    @rule(data=st.data(), reason=reasons, amended=st.booleans())
    def void(self, data: st.DataObject, reason: str, *, amended: bool) -> None:
        entry = self.entry(data)
        self.command(Void(entry, reason, self.entry(data) if amended else None))

    @rule(data=st.data(), reason=reasons)
    def reinstate(self, data: st.DataObject, reason: str) -> None:
        self.command(Reinstate(self.entry(data), reason))

    @rule(data=st.data(), reason=reasons)
    def countersign(self, data: st.DataObject, reason: str) -> None:
        self.command(Countersign(self.entry(data), reason))

    @rule(data=st.data(), erased=commitments)
    def erase(self, data: st.DataObject, erased: tuple[Commitment, ...]) -> None:
        self.command(Erase(self.entry(data), erased, "asked to"))

    @rule(data=st.data())
    def stop_and_go_on(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.events)))
        state = self._folded(self.events[:place])
        for event in self.events[place:]:
            state = self.decider.evolve(state, event)
        assert state == self.state

    @invariant()
    def replay_equals_live_state(self) -> None:
        assert self._folded(self.events) == self.state

    @invariant()
    def stored_events_lead_to_the_same_state(self) -> None:
        stored = [(event.type, encode(event)) for event in self.events]
        assert self._folded(decode(name, data) for name, data in stored) == self.state

    @invariant()
    def no_id_comes_twice(self) -> None:
        ids = [event_id(event) for event in self.events]
        assert len(ids) == len(set(ids))

    @invariant()
    def judgements_are_numbered_without_gaps(self) -> None:
        ordinals = [event.ordinal for event in self.events if isinstance(event, Judgement)]
        assert ordinals == list(range(len(ordinals)))


class JudgedHistory(History):
    """A history of a round or a party, which analysts judge."""

    others: st.SearchStrategy[str]

    @rule(text=st.sampled_from(["pre-money", "post-money"]), reason=reasons)
    def assume(self, text: str, reason: str) -> None:
        self.command(Judge(assumption(text, self.subject, reason=reason)))

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        entry = self.entry(data)
        self.command(Judge(AssumptionWithdrawn(subject=self.subject, assumption=entry)))

    @rule(data=st.data(), attribute=st.sampled_from(["amount", "valuation"]), reason=reasons)
    def resolve(self, data: st.DataObject, attribute: Any, reason: str) -> None:  # noqa: ANN401 - drawn
        resolution = ConflictResolved(
            subject=self.subject, attribute=attribute, claim=self.entry(data), reason=reason
        )
        self.command(Judge(resolution))

    @rule(attribute=st.sampled_from(["amount", "valuation"]), reason=reasons)
    def reopen(self, attribute: Any, reason: str) -> None:  # noqa: ANN401 - drawn
        self.command(
            Judge(ConflictReopened(subject=self.subject, attribute=attribute, reason=reason))
        )

    @rule(data=st.data(), is_repeat=st.booleans())
    def judge_repetition(self, data: st.DataObject, *, is_repeat: bool) -> None:
        repetition = RepetitionJudged(
            subject=self.subject,
            claim=self.entry(data),
            repeats=self.entry(data),
            is_repeat=is_repeat,
        )
        self.command(Judge(repetition))

    @rule(text=st.sampled_from(["DST Global", "General Catalyst"]))
    def answer(self, text: str) -> None:
        asked = event_id(question(self.subject))
        self.command(Judge(QuestionAnswered(subject=self.subject, question=asked, answer=text)))

    @rule(data=st.data(), reason=reasons)
    def judge_same(self, data: st.DataObject, reason: str) -> None:
        self.command(JudgeSame(data.draw(self.others), reason))

    @rule(data=st.data(), reason=reasons)
    def judge_different(self, data: st.DataObject, reason: str) -> None:
        self.command(JudgeDifferent(data.draw(self.others), reason))

    @invariant()
    def what_is_in_force_counts_and_was_not_withdrawn(self) -> None:
        subject = getattr(self.state, "subject", None)
        if subject is None:
            return
        in_force = subject.in_force()
        gone = {one.assumption for one in in_force if isinstance(one, AssumptionWithdrawn)}
        for judgement in in_force:
            assert subject.ledger.of(event_id(judgement)).standing is Standing.COUNTS
            assert event_id(judgement) not in gone


class RoundHistory(JudgedHistory):
    decider = round
    subject = SERIES_B
    others = st.sampled_from(
        [SERIES_B, RoundId("mistral-ai/june"), RoundId("mistral-ai/two"), RoundId("asml/june")]
    )
    statements = st.sampled_from(
        cast(
            "list[Statement]",
            [
                *(rumor(), rumor("~500M USD"), closing(), closing("385M EUR"), question()),
                *(denial(rumor()), correction(rumor()), correction(rumor(), PRESS_OFFICE)),
                *(correction(rumor(), into=event_id(closing())), retraction(rumor())),
                InvestorJoined(round=SERIES_B, investor=PartyId("dst-global"), **said()),
            ],
        )
    )


class PartyHistory(JudgedHistory):
    decider = party
    subject = MISTRAL
    others = st.sampled_from([MISTRAL, PartyId("mistral"), PartyId("asml")])
    statements = st.sampled_from(
        cast(
            "list[Statement]",
            [
                *(company(), company(), company(**said()), company("Mistral Energy")),
                *(renaming(), renaming("Mistral AI SAS"), question(MISTRAL)),
                PartyLocated(party=MISTRAL, country="FR", **said()),
            ],
        )
    )


class SourceHistory(History):
    decider = source
    subject = WSJ
    statements = st.sampled_from(
        cast(
            "list[Statement]",
            [
                *(newspaper(), newspaper(), newspaper(**said()), newspaper("The Journal")),
                *(SourceAliased(source=WSJ, alias=alias) for alias in ("WSJ", "the Journal")),
            ],
        )
    )

    @rule(reliability=st.sampled_from(["A", "B"]), reason=reasons)
    def grade(self, reliability: Any, reason: str) -> None:  # noqa: ANN401 - drawn
        self.command(GradeSource(Grade(reliability=reliability, credibility="2"), reason))

    @invariant()
    def the_grade_counts(self) -> None:
        if isinstance(self.state, source.Registered) and self.state.grade() is None:
            assert all(
                self.state.ledger.of(entry).standing is not Standing.COUNTS
                for entry, _ in self.state.grades
            )


class DocumentHistory(History):
    decider = document
    subject = ARTICLE
    statements = st.sampled_from(
        cast(
            "list[Statement]",
            [
                *(article(), article(), article(by=PRESS_OFFICE), article(on=None)),
                DocumentDated(document=ARTICLE, dated=parse_date("2024-05-10")),
                DocumentDated(document=ARTICLE, dated=parse_date("2024-05-11")),
                DocumentWithdrawn(document=ARTICLE),
            ],
        )
    )


thorough = settings(max_examples=40, stateful_step_count=25)
TestRound = RoundHistory.TestCase
TestParty = PartyHistory.TestCase
TestSource = SourceHistory.TestCase
TestDocument = DocumentHistory.TestCase
TestRound.settings = TestParty.settings = thorough
TestSource.settings = TestDocument.settings = thorough
