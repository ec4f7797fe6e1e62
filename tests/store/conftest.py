"""Both ways of committing, whichever SQLite this machine has."""

from __future__ import annotations

import pytest

from dealjournal.store import engine


@pytest.fixture
def journal_mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Open journals as an SQLite would that is safe in this mode."""
    mode: str = request.param
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: mode == "wal")
    return mode
