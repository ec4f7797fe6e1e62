"""Shell completion of names, read from the journal with the standard library alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from dealjournal.location import FileLocation
from domain.errors import InvalidValue

if TYPE_CHECKING:
    import click

_COMPANIES = "SELECT DISTINCT stream FROM entry WHERE stream LIKE 'round:%'"
_SOURCES = "SELECT data FROM entry WHERE name = 'source_registered.v1'"


def companies(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the slug of a company that rounds are told of."""
    names = {str(row).removeprefix("round:").split("/")[0] for row in _rows(context, _COMPANIES)}
    return _starting(names, incomplete)


def rounds(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete a round: its slug, of the company where it is known, or ``company/slug``.

    Click does not know the company while the option that is completed has no value yet.
    """
    company = context.params.get("company")
    names = {str(row).removeprefix("round:") for row in _rows(context, _COMPANIES)}
    of_company = [name for name in names if company is None or name.startswith(f"{company}/")]
    return _starting({*names, *(name.split("/")[1] for name in of_company)}, incomplete)


def sources(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the slug of a source."""
    names = {json.loads(row)["source"] for row in _rows(context, _SOURCES)}
    return _starting(names, incomplete)


def _starting(names: set[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]


def _rows(context: click.Context, query: str) -> Iterator[str | bytes]:
    """Give the first column of a query; nothing when the journal cannot be read."""
    try:
        place = context.obj.at(context.params.get("journal"))
    except (AttributeError, InvalidValue):
        return
    if not isinstance(place, FileLocation) or not place.path.is_file():
        return  # a server is not asked while somebody types
    try:
        with closing(
            sqlite3.connect(f"{place.path.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            for (value,) in connection.execute(query):
                yield value
    except sqlite3.Error:
        return
