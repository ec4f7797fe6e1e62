"""The documentation says what the program does today."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from jsonschema import Draft202012Validator

import cli
from dealjournal.answers import ANSWERS
from docs import generate, transcripts
from domain import words
from domain.errors import InvalidValue
from domain.events import EVENT_TYPES
from domain.writing import parse_date, parse_money, parse_multiple, parse_share

ROOT = transcripts.ROOT
REFERENCE = ROOT / "docs" / "reference"
MARKDOWN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SCHEMAS = sorted((REFERENCE / "schemas").rglob("*.json"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


every_page = pytest.mark.parametrize("page", transcripts.pages(), ids=names(transcripts.pages()))
every_text = pytest.mark.parametrize("page", MARKDOWN, ids=names(MARKDOWN))

ANSWERED = {
    "companies": "companies --json",
    "show": "show mistral-ai --json",
    "rounds": "rounds mistral-ai --json",
    "investors": "investors mistral-ai --json",
    "claims": "claims mistral-ai --json",
    "why": "why mistral-ai amount --json",
    "log": "log --json",
    "timeline": "timeline mistral-ai --json",
    "rumors": "rumors --all --json",
    "sources": "sources --json",
    "diff": "diff mistral-ai 2024-05-01 2024-07-01 --json",
    "bisect": "bisect mistral-ai 'valuation > 5bn EUR' --json",
    "map": "map mistral-ai amount --round series-b --json",
    "ownership": "ownership mistral-ai --group-by country --json",
    "ask": "ask mistral-ai 'asml is the largest' --json",
    "assumptions": "assume mistral-ai --list --json",
    "check": "check --json",
    "doctor": "doctor --json",
    "verify": "verify --json",
    "checkpoint": "checkpoint --list --json",
    "rates": "rates show --json",
    "written": "void @20 --dry-run --json",
}
"""A command for each answer."""
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
DECEMBER = "why mistral-ai valuation --round series-a --said-until 2023-12"


@cache
def reference() -> dict[str, str]:
    return generate.reference()


@cache
def story(page: Path) -> list[list[transcripts.Step]]:
    return transcripts.run(page.read_text(encoding="utf-8"))


@cache
def asked() -> list[transcripts.Step]:
    """Return what commands print on the example journal."""
    typed = "".join(f"$ dealjournal {line}\n" for line in (*ANSWERED.values(), DECEMBER))
    start = "$ export DEALJOURNAL_JOURNAL=m.db\n$ dealjournal demo --journal m.db\n"
    ((_export, _demo, *steps),) = transcripts.run(f"```console\n{start}{typed}```")
    return steps


def answer(name: str) -> Any:  # noqa: ANN401 - one of many shapes
    text = "\n".join(asked()[list(ANSWERED).index(name)].printed)
    return json.loads(text[text.index("{") :])


# ── what the program writes ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", reference())
def test_what_is_committed_is_what_is_generated(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == reference()[path], (
        "stale: run python docs/generate.py"
    )


def test_the_pictures_are_what_the_program_draws() -> None:
    drawn = generate.pictures()
    assert list(drawn) == ["docs/map.svg", "docs/ownership.svg"]
    for path, text in drawn.items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, "run python docs/generate.py"


def test_no_schema_stands_for_what_is_gone() -> None:
    assert generate.unexpected() == []


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_answer_has_the_shape_of_its_schema(name: str) -> None:
    schema = json.loads((REFERENCE / "schemas" / "answers" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(answer(name))


def test_stored_data_has_the_shape_of_its_event_s_schema() -> None:
    validators = {
        name: Draft202012Validator(
            json.loads(reference()[f"docs/reference/schemas/events/{name}.json"])
        )
        for name in EVENT_TYPES
    }
    entries = answer("log")["entries"]
    assert len(entries) > 400
    for entry in entries:
        validators[entry["type"]].validate(entry["data"])


# ── what the pages show ──────────────────────────────────────────────────────────────────────────


@every_page
def test_commands_of_a_page_end_as_the_page_says(page: Path) -> None:
    ended = {
        step.typed: step.code for block in story(page) for step in block if not step.is_explained
    }
    assert {typed: code for typed, code in ended.items() if code} == {}


@every_page
def test_commands_of_a_page_print_what_the_page_shows(page: Path) -> None:
    missing = {step.typed: step.misses for block in story(page) for step in block if step.misses}
    assert missing == {}, "run python docs/generate.py, and mend what was shortened"


def test_a_shortened_output_keeps_its_lines_in_order() -> None:
    step = transcripts.Step("log", shown=["b", "…", "a"], printed=["a", "b"])
    assert step.misses == ["a"]


def test_the_readme_has_two_commands_for_a_fresh_machine() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    assert all(block.startswith("python3 -m venv ") and block.count("\n") == 1 for block in blocks)


def test_the_picture_shows_the_range_that_the_program_prints() -> None:
    picture = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    shown = re.search(r"Shown: ([^<]+)<", picture)
    assert shown is not None
    assert asked()[-1].printed[0].startswith(f"mistral-ai/series-a valuation: {shown[1]} (")


# ── what is written by hand ──────────────────────────────────────────────────────────────────────


@every_text
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    lost = [link for link in links if not link.startswith("http") and not _leads(page, link)]
    assert lost == []


def _leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not anchor or not target.exists():
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor in {
        re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in headings
    }


def test_every_word_that_can_be_typed_is_explained() -> None:
    text = (REFERENCE / "attributes-and-words.md").read_text(encoding="utf-8")
    lists = [
        alias for alias in vars(words).values() if get_origin(alias) is get_origin(words.Scope)
    ]
    assert len(lists) > 8
    assert [word for alias in lists for word in get_args(alias) if f"`{word}`" not in text] == []


def test_every_exit_code_is_explained() -> None:
    text = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")
    codes = (0, cli.FINDINGS, cli.USAGE, cli.INVALID, cli.CONCURRENT, cli.INTERRUPTED)
    assert [code for code in codes if f"\n| {code} |" not in text] == []


def test_every_figure_said_to_be_readable_is() -> None:
    text = (REFERENCE / "money-shares-dates.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    typed = [form for row in rows for form in re.findall(r"`([^`]+)`", row) if form[0] != "-"]
    assert len(typed) > 20
    assert [form for form in typed if not _readable(form)] == []


def _readable(text: str) -> bool:
    for parse in (parse_money, parse_share, parse_multiple, parse_date):
        try:
            parse(text)
        except InvalidValue:
            continue
        return True
    return False
