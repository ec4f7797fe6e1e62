"""The reference leaves nothing out: every command, every event, every answer."""

from __future__ import annotations

import re

import pytest

import cli
from domain.events import EVENT_TYPES
from tests.commands.running import ROOT

REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    told = (REFERENCE / "cli.md").read_text()
    assert re.search(rf"^#+ .*\bdealjournal {command}\b", told, re.MULTILINE)
    assert cli.COMMANDS[command] in told


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_stored_name_is_in_the_reference(name: str) -> None:
    told = (REFERENCE / "events.md").read_text()
    assert re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.]\w)", told)
    assert re.search(rf"\b{EVENT_TYPES[name].__name__}\b", told)
