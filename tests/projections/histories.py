"""Journals as they may come: statements, later words on them, judgements, voided entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from domain.canonical import event_id
from domain.events import (
    ClaimDenied,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    Judgement,
    RepetitionJudged,
    RoundsJudgedSame,
)
from tests.projections.telling import (
    BLOG,
    CAST,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    NVIDIA,
    OUTLETS,
    PRESS_OFFICE,
    REGISTER,
    SEED,
    SERIES_B,
    TABLOID,
    amount,
    announced,
    cancelled,
    closed,
    corrected,
    courted,
    denied,
    joined,
    no_comment,
    noted,
    passed,
    question,
    reopened,
    resolved,
    retracted,
    rumored,
    stake,
    unknown,
    valuation,
)

if TYPE_CHECKING:
    from domain.events import Event

FIRST, LAST = date(2024, 5, 1), date(2024, 6, 30)
days = st.dates(FIRST, LAST)
published = st.one_of(
    days.map(date.isoformat), st.sampled_from(["2024-05", "2024-06", "2024", None])
)
figures = st.sampled_from(["600M EUR", "~600M USD", "480M EUR", "600M USD", "385M EUR", "1bn EUR"])


@st.composite
def statements(draw: st.DrawFn) -> Event:
    """Draw what somebody says."""
    how: dict[str, Any] = {
        "by": draw(st.sampled_from([*OUTLETS, PRESS_OFFICE, LIGHTSPEED_BLOG, REGISTER])),
        "via": draw(st.sampled_from([(), (), (BLOG,), (TABLOID, BLOG)])),
        "on": draw(published),
        "at": draw(st.integers(0, 9)),
    }
    of = draw(st.sampled_from([SERIES_B, SERIES_B, SEED]))
    figure = draw(figures)
    plan = draw(st.sampled_from(["asserts", "expects", "estimates"]))
    happened = draw(st.sampled_from([None, "2024-05-15", "2024-06"]))
    who = draw(st.sampled_from([LIGHTSPEED, NVIDIA]))
    return draw(
        st.sampled_from(
            [
                amount(figure, of=of, modality=plan, **how),
                valuation(figure, of=of, modality=plan, **how),
                rumored(of=of, **how),
                announced(of=of, occurred=happened, label=figure, **how),
                closed(of=of, occurred=happened, **how),
                cancelled(of=of, **how),
                joined(who, "lead", of=of, **how),
                joined(who, of=of, ticket=figure, **how),
                courted(who, of=of, **how),
                passed(who, of=of, **how),
                stake("11%", who, after=of, **how),
                unknown(**how),
                question(**how),
                no_comment(**how),
                noted(figure, **how),
            ]
        )
    )


@st.composite
def later_words(draw: st.DrawFn, about: Event) -> Event:
    """Draw what is said of an earlier statement."""
    how: dict[str, Any] = {"on": draw(published), "at": draw(st.integers(0, 9))}
    words: list[Event] = [denied(about, **how), corrected(about, **how), retracted(about, **how)]
    return draw(st.sampled_from(words))


@st.composite
def judgements(draw: st.DrawFn, earlier: list[Event], ordinal: int) -> Event:
    """Draw what the journal's analysts decide."""
    one, other = draw(st.sampled_from(earlier)), draw(st.sampled_from(earlier))
    return draw(
        st.sampled_from(
            [
                EntryVoided(entry=event_id(one), ordinal=ordinal),
                EntryReinstated(entry=event_id(one), ordinal=ordinal),
                EntryCountersigned(entry=event_id(one), ordinal=ordinal),
                resolved(one, draw(st.sampled_from(["amount", "valuation"])), ordinal),
                reopened("amount", ordinal),
                RoundsJudgedSame(round=SERIES_B, other=SEED, ordinal=ordinal),
                RepetitionJudged(
                    subject=SERIES_B, claim=event_id(one), repeats=event_id(other), ordinal=ordinal
                ),
            ]
        )
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 12) -> list[Event]:
    """Draw the events of a journal that begins with the story's cast; each is recorded once."""
    events: list[Event] = list(CAST)
    said: list[Event] = []
    for place in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(["statement", "statement", "word", "judgement"]))
        if kind == "statement" or not said:
            event = draw(statements())
        elif kind == "word":
            event = draw(later_words(draw(st.sampled_from(said))))
        else:
            event = draw(judgements(said, place))
        if event not in events:
            events.append(event)
            if not isinstance(event, Judgement | ClaimDenied):
                said.append(event)
    return events
