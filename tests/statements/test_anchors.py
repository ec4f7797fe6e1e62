"""Quotes and where they stand: exactly, but for typography, or 90 % alike; never another figure."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dealjournal.clipping.anchors import CONTEXT, Wanted, anchor, normalised, orphan
from domain.errors import InvalidValue
from domain.values import DocumentHash
from tests.statements.telling import compiled, flaw, told

DOCUMENT = DocumentHash("d0" * 32)
TEXT = (
    "Nova, a start-up, raises about 600 million dollars, people said. "
    "Big\u00a0Fund’s partner called it «\u202fa fine round\u202f»:\nthe series\u2011B – at last. "
    "In 2023 it raised 1,600 million yen; in 2024 about 600 million dollars again."
)


def found(exact: str, text: str = TEXT, **hints: Any) -> tuple[str, int | None]:
    """Return how a quote was found, and where."""
    quote = anchor(text, Wanted(exact, **hints), DOCUMENT)
    assert quote.start is not None
    assert quote.end is not None
    if quote.anchor == "exact":
        assert quote.exact == text[quote.start : quote.end]
    else:
        assert quote.exact == exact
    assert quote.prefix == text[max(0, quote.start - CONTEXT) : quote.start]
    assert quote.suffix == text[quote.end : quote.end + CONTEXT]
    assert quote.document == DOCUMENT
    return quote.anchor, quote.start


def refused(exact: str, text: str = TEXT) -> str:
    with pytest.raises(InvalidValue) as told_why:
        anchor(text, Wanted(exact), DOCUMENT)
    return str(told_why.value)


plain_text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)


@given(plain_text, st.data())
def test_any_part_of_any_text_is_found_exactly_where_it_stands(
    text: str, data: st.DataObject
) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    exact = text[start:end]
    before, after = text[:start], text[end:]
    assume(not re.search(r"\d[.,]?$", before) or not re.match(r"[.,]?\d", exact + after))
    assume(not re.search(r"\d[.,]?$", before + exact) or not re.match(r"[.,]?\d", after))
    how, place = found(exact, text)
    assert (how, text[place : place + len(exact)]) == ("exact", exact)  # type: ignore[operator]
    hints: dict[str, Any] = {"prefix": text[:start], "suffix": text[end:], "start": start}
    assert found(exact, text, **hints) == ("exact", start)


@given(plain_text)
def test_plain_typography_keeps_every_place(text: str) -> None:
    assert len(normalised(text)) == len(text)
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    "typed",
    [
        "Big Fund's partner",
        "big fund’s PARTNER",
        'it " a fine round "',
        "the series-B - at last",
        "round »: the series",
        "the series—B − at last",
    ],
)
def test_typography_and_case_make_no_difference(typed: str) -> None:
    how, start = found(typed)
    assert how == "exact"
    assert start == normalised(TEXT).index(normalised(typed))


def test_an_exact_quote_keeps_the_words_of_the_text_not_those_typed() -> None:
    assert anchor(TEXT, Wanted("big fund's partner"), DOCUMENT).exact == "Big\u00a0Fund’s partner"


def test_letters_with_their_accents_apart_are_found() -> None:
    assert found("Cédric", "by Cédric O") == ("exact", 3)


# ── several places ───────────────────────────────────────────────────────────────────────────────

FIRST, SECOND = (match.start() for match in re.finditer("about 600 million dollars", TEXT))


@pytest.mark.parametrize(
    ("hints", "start"),
    [
        ({}, FIRST),
        ({"start": SECOND}, SECOND),
        ({"start": SECOND + 1}, FIRST),
        ({"prefix": "in 2024 "}, SECOND),
        ({"suffix": " again"}, SECOND),
        ({"prefix": "raises ", "suffix": " again"}, FIRST),
        ({"prefix": "nowhere ", "suffix": " again"}, SECOND),
        ({"start": FIRST, "prefix": "in 2024 ", "suffix": " again"}, FIRST),
    ],
)
def test_hints_tell_which_of_several_places_is_meant(hints: dict[str, Any], start: int) -> None:
    assert found("about 600 million dollars", **hints) == ("exact", start)


def test_a_place_that_cuts_no_number_comes_first() -> None:
    text = "Once 1,600 million, then 2.600 million, 16600 million and now 600 million."
    assert found("600 million", text) == ("exact", text.rindex("600 million"))
    assert found("600 million", text, start=7) == ("exact", text.rindex("600 million"))


def test_a_place_that_cuts_a_number_is_no_place() -> None:
    assert "does not say" in refused("600 million", "Once 1,600 million, then 2.600 million.")
    assert "does not say" in refused("5bn EUR", "It was valued at 12.5bn EUR.")


# ── drifted ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        "raises about 600 milion dollars, people said",
        "a strat-up, raises about 600 million dollars",
        "in 2024 about 600 million dolars again",
    ],
)
def test_a_slip_of_the_pen_is_found_and_marked(typed: str) -> None:
    how, start = found(typed)
    assert how == "drifted"
    assert start is not None


@pytest.mark.parametrize(
    "typed",
    [
        "raises about 500 million dollars, people said",
        "raises about 60 million dollars, people said",
        "raises about 600.5 million dollars, people said",
        "raises about 6000 million dollars, people said",
        "raises about million dollars, people said that",
        "600 milion yen; in 2024 about 600 million dollars",
        "600 million yen; in 2024 abut 600 million dollars",
        "in 2023 it raised 1,600 million yen; in 2025 about",
        "something else entirely",
        "raises very roughly some 600 million US dollars",
    ],
)
def test_another_figure_is_never_a_slip(typed: str) -> None:
    assert "the document does not say" in refused(typed)


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.sampled_from(["", ".", ",", " "]))
def test_no_drift_changes_a_figure(said: int, typed: int, mark: str) -> None:
    assume(said != typed)
    text = f"People close to the talks said that Nova raises {said} million dollars in all{mark}"
    exact = f"People close to the talks said that Nova rises {typed} million dollars in all"
    with pytest.raises(InvalidValue):
        anchor(text, Wanted(exact), DOCUMENT)
    assert found(exact.replace(str(typed), str(said)), text)[0] == "drifted"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("a deal of 1600 million dollars was done", "600 milion dollars was done"),
        ("a deal of 1,600 million dollars was done", "600 milion dollars was done"),
        ("last week they said it was worth 6005", "last weak they said it was worth 600"),
    ],
)
def test_a_slip_within_a_longer_number_is_another_figure(text: str, typed: str) -> None:
    assert "the document does not say" in refused(typed, text)
    apart = text.replace("1600", "600").replace("1,600", "600").replace("6005", "600")
    assert found(typed, apart)[0] == "drifted"


def test_a_refusal_shows_the_nearest_passage() -> None:
    text = "A first line.\nNova raises 600 million dollars.\nA last line."
    why = refused("Nova raises 500 million dollars.", text)
    assert "did you mean 'Nova raises 600 million dollars.'?" in why


def test_long_texts_and_quotes_are_answered_soon() -> None:
    begun = time.perf_counter()
    text = "the quick brown fox jumps over 12 lazy dogs " * 20_000
    assert found("e", text) == ("exact", 2)
    for exact in ("foo " * 20_000, "the quick brawn fax " * 90, "General Catalyst leads"):
        refused(exact, text)
    assert time.perf_counter() - begun < 20


# ── in a statements file ─────────────────────────────────────────────────────────────────────────


def test_a_quote_is_a_text_a_mapping_or_a_list_of_these() -> None:
    (event,) = told(
        "{event: TermsReported, round: nova/seed, amount: 50M EUR, quote: [about 50M EUR,"
        " {exact: Nova, suffix: ' is worth'}, {exact: Nova, start: 0}]}"
    )
    assert [(one.exact, one.start) for one in event.quotes] == [
        ("about 50M EUR", 12),
        ("Nova", 58),
        ("Nova", 0),
    ]


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("quote: ▸nowhere said", "the document does not say 'nowhere said'"),
        ("quote: ▸about 51M EUR", "the document does not say 'about 51M EUR'; did you mean"),
        ("quote: [Nova, ▸Nava Corp]", "the document does not say 'Nava Corp'"),
        ("quote: ▸{prefix: x}", "'exact:' is missing"),
        ("quote: {exact: Nova, ▸sufix: x}", "'sufix' is not known here"),
        ("quote: {exact: Nova, start: ▸two}", "'two' is no whole number"),
        ("quote: {exact: ▸[Nova]}", "one text is wanted"),
    ],
)
def test_a_quote_that_is_none_is_refused_where_it_stands(quote: str, reason: str) -> None:
    line = f"{{event: TermsReported, round: nova/seed, amount: 50M EUR, {quote}}}"
    assert flaw(line).startswith(reason)


@pytest.mark.parametrize("quote", ["", ", quote: ", ", quote: ''"])
def test_a_statement_without_a_quote_is_refused(quote: str) -> None:
    line = f"{{event: StatementNoted, party: Nova, note: x{quote}}}"
    mark = line if "''" not in quote else line.replace("''", "▸''")
    assert "missing" in flaw(mark if "▸" in mark else f"▸{line}")


def test_a_document_known_by_its_address_has_orphans() -> None:
    head = (
        "document: {address: 'https://paper.example/1', publisher: P, published: 2025-03-03}\n"
        "new: [{source: P}, {party: Nova}, {round: nova/seed}]\nstatements:\n"
    )
    (event,) = told(
        "{event: TermsReported, round: nova/seed, amount: 5M EUR, quote: 5 M€}", head=head
    )
    (quote,) = event.quotes
    assert (quote.exact, quote.anchor, quote.start, quote.end) == ("5 M€", "orphan", None, None)
    assert quote == orphan(Wanted("5 M€"), quote.document)
    assert (
        compiled(
            head + "- {event: StatementNoted, party: Nova, note: x, quote: y}\n"
            "- {event: TermsReported, round: nova/seed, amount: 5M EUR, quote: y}\n"
        ).documents
        == {}
    )


@pytest.mark.parametrize("length", [100_001, 600_000])
def test_a_quote_that_is_too_long_is_refused_where_it_stands(length: int) -> None:
    line = f"{{event: StatementNoted, party: Nova, note: x, quote: ▸{'b' * length}}}"
    head = (
        f"document: {{text: {'b' * length}, publisher: P, published: 2025}}\n"
        "new: [{source: P}, {party: Nova}]\nstatements:\n"
    )
    assert flaw(line, head=head).startswith("exact: ")


def test_a_text_with_a_nul_beside_the_quote_is_refused_where_the_quote_stands() -> None:
    head = (
        'document: {text: "a\\0b", publisher: P, published: 2025}\n'
        "new: [{source: P}, {party: N}]\nstatements:\n"
    )
    line = "{event: StatementNoted, party: N, note: x, quote: ▸b}"
    assert flaw(line, head=head).startswith("prefix: this text has a NUL")
