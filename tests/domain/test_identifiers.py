"""Identifiers of parties, checked by their check digits where they have them."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.identifiers import SCHEMES, Identifier, Scheme, compact
from tests.domain.shapes import LEI, SIREN


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("lei", LEI),
        ("siren", SIREN),
        ("wikidata", "Q123"),
        ("wikidata", "Q0"),
        ("cik", "320193"),
        ("cik", "0000320193"),
        ("domain", "mistral.ai"),
        ("crunchbase", "mistral-ai"),
        ("other", "x" * 200),
    ],
)
def test_an_identifier_of_its_registers_form_is_kept(scheme: Scheme, value: str) -> None:
    assert Identifier(scheme=scheme, value=value).value == value


@pytest.mark.parametrize(
    ("scheme", "value", "reason"),
    [
        ("lei", "529900T8BM49AURSDO56", "is no lei: its check digits do not hold"),
        ("lei", "529900T8BM49AURSDO5", "is no lei"),
        ("lei", "529900t8bm49aursdo55", "is no lei"),
        ("lei", "5299 00T8 BM49 AURS DO55", "is no lei"),
        ("lei", "５29900T8BM49AURSDO55", "is no lei"),
        ("siren", "552100553", "'552100553' is no siren: its check digits do not hold"),
        ("siren", "552 100 554", "is no siren"),
        ("siren", "55210055", "is no siren"),
        ("siren", "SIREN", "is no siren"),
        ("wikidata", "123", "'123' is no wikidata: Q followed by digits"),
        ("wikidata", "Q", "is no wikidata"),
        ("wikidata", "q123", "is no wikidata"),
        ("wikidata", "QQ1", "is no wikidata"),
        ("wikidata", "Q²", "is no wikidata"),
        ("wikidata", "Q٣", "is no wikidata"),
        ("cik", "12345678901", "is no cik: up to ten digits"),
        ("cik", "CIK320193", "is no cik"),
        ("cik", "²", "is no cik"),
        ("cik", "٣", "is no cik"),
        ("isin", "FR0000120271", "Input should be 'lei'"),
        ("other", "", "at least 1 character"),
        ("other", "x" * 201, "at most 200 characters"),
        ("other", "a\x00", "NUL"),
    ],
)
def test_what_is_no_identifier_is_refused_with_the_reason(
    scheme: Any,  # noqa: ANN401 - a scheme that does not exist
    value: str,
    reason: str,
) -> None:
    with pytest.raises(ValidationError, match=reason):
        Identifier(scheme=scheme, value=value)


@pytest.mark.parametrize(
    ("scheme", "typed", "written"),
    [
        ("lei", " 5299 00t8-bm49 aurs do55 ", LEI),
        ("siren", "552 100 554", SIREN),
        ("siren", "552.100.554", SIREN),
        ("domain", " Mistral.AI ", "mistral.ai"),
        ("wikidata", " Q123 ", "Q123"),
        ("cik", "0000320193\n", "0000320193"),
        ("crunchbase", " Mistral-AI ", "Mistral-AI"),
    ],
)
def test_an_identifier_is_compacted_as_its_register_writes_it(
    scheme: str, typed: str, written: str
) -> None:
    assert compact(scheme, typed) == written


def test_the_schemes_are_one_list() -> None:
    assert get_args(Scheme) == SCHEMES
    assert SCHEMES == ("lei", "wikidata", "siren", "cik", "domain", "crunchbase", "ocf", "other")


@given(st.sampled_from(SCHEMES), st.text(max_size=30))
def test_any_text_is_an_identifier_or_refused(scheme: Any, text: str) -> None:  # noqa: ANN401 - any of the schemes
    try:
        identifier = Identifier(scheme=scheme, value=compact(scheme, text))
    except ValidationError:
        return
    assert compact(scheme, identifier.value) == identifier.value
