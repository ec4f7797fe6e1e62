"""The example journal, recorded once for all tests of the projections."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dealjournal.journal import Journal
from dealjournal.statements.compile import compile_pages
from dealjournal.statements.files import read_file
from projections import directory

if TYPE_CHECKING:
    from domain.entries import Entry

EXAMPLE = Path(__file__).parents[2] / "examples" / "mistral-ai"


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Entry, ...]:
    """Return the entries of the example journal."""
    minutes = count()
    path = tmp_path_factory.mktemp("example") / "journal.db"

    def clock() -> datetime:
        return datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=next(minutes))

    with Journal.create(path, clock) as journal:
        for file in sorted(EXAMPLE.glob("*.yaml")):
            entries = journal.entries()
            draft = compile_pages(read_file(file), directory.fold(entries), entries)
            journal.write(draft.intents, recorded_by="ada", documents=draft.documents)
        return tuple(journal.entries())
