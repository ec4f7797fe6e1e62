"""Dates as precise as the text is; the `edtf` package is the oracle of the forms it shares.

Where the conventions differ: winter (24) begins in December of its year and ends in the next, for
the package it ends with the year; the year 9999, whose last day has no next one, is refused here;
a marked season and an interval of quarters are read here alone.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.values import PartialDate
from domain.writing import parse_date


def span(text: str) -> tuple[date, date]:
    """Return the days that a date can mean."""
    found = parse_date(text)
    assert found.edtf == text
    return found.earliest, found.latest


def oracle(text: str) -> tuple[date, date]:
    """Return the days that the `edtf` package gives."""
    parsed = parse_edtf(text)
    first, last = parsed.lower_strict(), parsed.upper_strict()
    return date(*first[:3]), date(*last[:3])


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-05", "2024-05-01", "2024-05-31"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-05-09", "2024-05-09", "2024-05-09"),
        ("2023-21", "2023-03-01", "2023-05-31"),
        ("2023-22", "2023-06-01", "2023-08-31"),
        ("2023-23", "2023-09-01", "2023-11-30"),
        ("2023-24", "2023-12-01", "2024-02-29"),
        ("2024-33", "2024-01-01", "2024-03-31"),
        ("2024-34", "2024-04-01", "2024-06-30"),
        ("2024-35", "2024-07-01", "2024-09-30"),
        ("2024-36", "2024-10-01", "2024-12-31"),
        ("2023-12~", "2023-12-01", "2023-12-31"),
        ("2024-05-09?", "2024-05-09", "2024-05-09"),
        ("2024%", "2024-01-01", "2024-12-31"),
        ("2023-21~", "2023-03-01", "2023-05-31"),
        ("2023/2024", "2023-01-01", "2024-12-31"),
        ("2023-11/2024-02-03", "2023-11-01", "2024-02-03"),
        ("2024-33/2024-34", "2024-01-01", "2024-06-30"),
        ("2024/2024", "2024-01-01", "2024-12-31"),
        ("2024-05/2024", "2024-05-01", "2024-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9998-24", "9998-12-01", "9999-02-28"),
        ("9999-11", "9999-11-01", "9999-11-30"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_date_spans_the_days_it_can_mean(text: str, earliest: str, latest: str) -> None:
    assert span(text) == (date.fromisoformat(earliest), date.fromisoformat(latest))


def test_a_date_keeps_its_words_and_the_day_they_count_from() -> None:
    day = date(2024, 5, 9)
    assert parse_date(" 2024-02 ", words="last February", relative_to=day) == PartialDate(
        edtf="2024-02",
        earliest=date(2024, 2, 1),
        latest=date(2024, 2, 29),
        text="last February",
        relative_to=day,
    )
    assert parse_date("2024-02").text is None
    assert parse_date("2024-02").relative_to is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-29", "'2023-02-29' is no possible date"),
        ("2024-04-31", "is no possible date"),
        ("2024-00", "is no possible date"),
        ("2024-13", "is no possible date"),
        ("2024-20", "is no possible date"),
        ("2024-25", "is no possible date"),
        ("2024-32", "is no possible date"),
        ("2024-37", "is no possible date"),
        ("2024-05-00", "is no possible date"),
        ("2024-05-32", "is no possible date"),
        ("2023-21-09", "is no possible date"),
        ("2023-21-00", "is no possible date"),
        ("0000", "is no possible date"),
        ("9999", "is no possible date"),
        ("9999-12", "is no possible date"),
        ("2024-02-30/2024-05", "'2024-02-30/2024-05' is no possible date"),
        ("2024-05/2024-13", "'2024-05/2024-13' is no possible date"),
        ("2024/2023", "'2024/2023' ends before it begins"),
        ("2024-05-09/2024-05-08", "ends before it begins"),
        ("", "'' is no date; write 2024, 2024-05, 2024-05-09, 2023-21"),
        ("24", "is no date"),
        ("May 2024", "is no date"),
        ("2024-5", "is no date"),
        ("2024-05-9", "is no date"),
        ("2024/05/09", "is no date"),
        ("09/05/2024", "is no date"),
        ("2024-05-09T12:00", "is no date"),
        ("2024~?", "is no date"),
        ("~2024", "is no date"),
        ("202X", "is no date"),
        ("2024/", "'2024/' is no date"),
        ("/2024", "is no date"),
        ("2024/..", "is no date"),
        ("2023/2024/2025", "is no date"),
        ("２０２４", "is no date"),
        ("-2024", "is no date"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_date(text)


@pytest.mark.parametrize(
    ("words", "reason"),
    [("", "at least 1 character"), ("x" * 501, "at most 500 characters"), ("\x00", "NUL")],
)
def test_words_that_cannot_be_kept_are_refused(words: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_date("2024", words=words)


def test_winter_lasts_into_the_next_year_and_for_the_oracle_only_to_its_end() -> None:
    assert span("2023-24") == (date(2023, 12, 1), date(2024, 2, 29))
    assert oracle("2023-24") == (date(2023, 12, 1), date(2023, 12, 31))


years = st.integers(1000, 9998).map(str)
seasons = st.sampled_from(["21", "22", "23", "33", "34", "35", "36"])
days = st.dates(date(1000, 1, 1), date(9998, 12, 31))
marks = st.sampled_from(["", "~", "?", "%"])
calendar = st.one_of(years, days.map(lambda day: f"{day:%Y-%m}"), days.map(date.isoformat))
shared = st.one_of(
    st.builds("{}{}".format, calendar, marks), st.builds("{}-{}".format, years, seasons)
)


@settings(max_examples=60)
@given(shared)
def test_the_oracle_gives_the_same_days(text: str) -> None:
    assert span(text) == oracle(text)


@settings(max_examples=30)
@given(days, days)
def test_the_oracle_gives_the_same_days_for_intervals(one: date, other: date) -> None:
    first, last = sorted((one, other))
    for text in (f"{first}/{last}", f"{first:%Y-%m}/{last:%Y-%m}", f"{first:%Y}/{last:%Y}"):
        assert span(text) == oracle(text)


@given(days)
def test_each_day_is_in_its_month_and_its_quarter_and_in_no_other(day: date) -> None:
    quarters = [f"{day:%Y}-{number}" for number in (33, 34, 35, 36)]
    within = [text for text in quarters if span(text)[0] <= day <= span(text)[1]]
    assert within == [f"{day:%Y}-{33 + (day.month - 1) // 3}"]
    month = span(f"{day:%Y-%m}")
    assert month[0] <= day <= month[1]
    assert month[0].day == 1
    assert (month[1] + timedelta(days=1)).day == 1


@given(shared, shared)
def test_an_interval_runs_from_the_first_day_of_one_to_the_last_of_the_other(
    one: str, other: str
) -> None:
    first, last = span(one), span(other)
    if last[1] < first[0]:
        with pytest.raises(InvalidValue, match="ends before it begins"):
            parse_date(f"{one}/{other}")
    else:
        assert span(f"{one}/{other}") == (first[0], last[1])
