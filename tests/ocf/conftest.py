"""A desk for the tests of ledgers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.running import Desk


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    made = Desk(tmp_path, monkeypatch, capsys)
    made.done("init")
    return made
