"""The same commands on a server and on a file: the same answers."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from dealjournal.commands.demo import example_files
from tests.commands.running import ROOT, Desk
from tests.team.server_desk import ServerDesk

pytestmark = pytest.mark.postgres

QUESTIONS = (
    "companies",
    "show mistral-ai",
    "show mistral-ai --csv",
    "rounds mistral-ai --json",
    "rounds mistral-ai --said-until 2024-05-20",
    "investors mistral-ai --believe confirmed",
    "claims mistral-ai --json",
    "claims mistral-ai --attribute valuation --round series-a --known-until @200",
    "timeline mistral-ai",
    "rumors --all --json",
    "diff mistral-ai 2024-05 2024-07",
    "bisect mistral-ai 'valuation > 2bn USD'",
    "map mistral-ai valuation",
    "check --json",
    "why mistral-ai amount --round series-a",
    "log --jsonl",
    "log @20",
    "export statements",
    "rates show",
)


def told(desk: Desk, address: str, question: str) -> tuple[int, str, str]:
    ran = desk.run(*shlex.split(question), "--journal", address)
    name = "journal.db" if address.endswith(".db") else address.partition("?")[0].split("/")[-1]
    return ran.code, ran.out.replace(name, "JOURNAL"), ran.err.replace(address, "JOURNAL")


def test_a_server_answers_as_a_file_does(team: ServerDesk, tmp_path: Path) -> None:
    desk = team.desk
    address, path = team.url(), str(tmp_path / "journal.db")
    desk.done("init", "--journal", path)
    for place in (address, path):
        for file in example_files(ROOT):
            desk.done("record", str(file), "--journal", place)
        desk.done("void", "@9", "--reason", "slip", "--journal", place)
        desk.done("reinstate", "@9", "--journal", place)
    differ = [
        question
        for question in QUESTIONS
        if told(desk, address, question) != told(desk, path, question)
    ]
    assert differ == []
    assert [one for one in QUESTIONS if told(desk, path, one)[0] not in (0, 1)] == []
    of_both = [desk.done("log", "--jsonl", "--journal", one).out for one in (address, path)]
    assert of_both[0] == of_both[1]


def test_the_demo_and_an_import_work_on_a_server(team: ServerDesk) -> None:
    text = team.done("demo", "--journal", team.url()).out
    assert "Mistral AI" in text
    said = team.refused("demo", "--journal", team.url())
    assert "holds 468 entries already" in said
    exported = team.done("export", "statements").out
    team.desk.write("x.yaml", exported)
    assert "nothing new" in team.done("import", "statements", "x.yaml").err
    assert "nothing new" in team.done("record", str(example_files(ROOT)[0])).err
