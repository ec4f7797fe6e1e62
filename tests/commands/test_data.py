"""Answers for programs: JSON that keeps its schema, lines and tables that are well-formed."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from dealjournal.answers import ANSWERS
from tests.auditing.journals import whole
from tests.commands.running import ROOT, Desk, Ran
from tests.commands.telling import tell, tell_example

SCHEMAS = ROOT / "docs" / "reference" / "schemas" / "answers"

READS = {
    "companies": ("companies", "companies"),
    "show": ("show nova", "entries"),
    "rounds": ("rounds nova", "rounds"),
    "investors": ("investors nova", "investors"),
    "claims": ("claims nova", "claims"),
    "why": ("why nova valuation --round series-a", "steps"),
    "timeline": ("timeline nova", "entries"),
    "rumors": ("rumors nova --all", "rumors"),
    "sources": ("sources", "sources"),
    "diff": ("diff nova 2025-03-31 2025-04-30", "changes"),
    "bisect": ("bisect nova amount>=$45M", "held_since"),
    "map": ("map nova amount --round series-a", "rectangles"),
    "ownership": ("ownership nova", "holders"),
    "ask": ("ask nova 'Ada Byron > 60%'", "would_decide"),
    "assumptions": ("assume nova --list", "assumptions"),
    "check": ("check nova", "findings"),
    "log": ("log", "entries"),
    "verify": ("verify --against foreign.txt", "findings"),
    "checkpoint": ("checkpoint", "checkpoints"),
    "doctor": ("doctor", "checks"),
    "rates": ("rates show", "currencies"),
    "written": ("void @9", "entries"),
}
OF_THE_EXAMPLE = {"ask": "ask mistral-ai 'asml is the largest'"}
"""Commands that name what the example has under another name."""
BEFORE = {"assumptions": ("assume", "nova", "series-a all equity", "--reason", "as they say")}
"""What is recorded before an answer has rows."""
HEADER = ("journal", "true_on", "said_until", "known_until", "believe", "rules")
WITHOUT_TIMES = ("written", "doctor", "rates", "verify", "checkpoint")
"""Answers that are no reading of the journal."""
every_read = pytest.mark.parametrize("name", READS)


@pytest.fixture(autouse=True)
def _foreign(desk: Desk) -> None:
    """Put a checkpoint of another log on the desk, for ``verify`` to find something."""
    desk.write("foreign.txt", whole()[1][0])


@cache
def schema_of(name: str) -> Draft202012Validator:
    """Return the published schema of an answer, as a validator."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check(name: str, answer: Any) -> None:  # noqa: ANN401 - any JSON
    """Check an answer against the published schema and against the model it is made from."""
    schema_of(name).validate(answer)
    Draft202012Validator(ANSWERS[name].model_json_schema()).validate(answer)
    assert json.loads(ANSWERS[name].model_validate(answer).model_dump_json()) == answer


def asked(desk: Desk, *arguments: str) -> Ran:
    """Run a command, which succeeds, or ends with 1 because it finds something."""
    ran = desk.run(*arguments)
    assert ran.code == int(arguments[0] in ("check", "verify")), ran.err
    return ran


def prepare(desk: Desk, name: str) -> None:
    """Record what an answer needs beside the story."""
    if name in BEFORE:
        desk.done(*BEFORE[name])


def test_every_answer_is_read_here() -> None:
    assert set(READS) == set(ANSWERS)


@every_read
def test_json_keeps_its_published_schema(desk: Desk, name: str) -> None:
    tell(desk)
    prepare(desk, name)
    command, rows = READS[name]
    answer = asked(desk, *shlex.split(command), "--json").json()
    assert answer[rows]
    check(name, answer)
    if name not in WITHOUT_TIMES:
        assert tuple(answer)[: len(HEADER)] == HEADER


@every_read
def test_the_example_keeps_the_published_schemas(desk: Desk, name: str) -> None:
    tell_example(desk)
    command = OF_THE_EXAMPLE.get(name, READS[name][0].replace("nova", "mistral-ai"))
    check(name, asked(desk, *shlex.split(command), "--json").json())


@every_read
def test_a_schema_notices_what_is_not_of_its_shape(desk: Desk, name: str) -> None:
    tell(desk)
    prepare(desk, name)
    command, rows = READS[name]
    answer = asked(desk, *shlex.split(command), "--json").json()
    answer[rows][0]["invented"] = 1
    assert not schema_of(name).is_valid(answer)
    del answer[rows][0]["invented"]
    del answer["journal"]
    assert not schema_of(name).is_valid(answer)


@every_read
def test_json_lines_and_csv_hold_the_rows_of_the_json(desk: Desk, name: str) -> None:
    tell(desk)
    prepare(desk, name)
    command, rows = READS[name]
    arguments = shlex.split(command)
    if name == "written":
        arguments.append("--dry-run")
    found = asked(desk, *arguments, "--json").json()[rows]
    lines = asked(desk, *arguments, "--jsonl").out
    assert [json.loads(line) for line in lines.splitlines()] == found
    table = list(csv.DictReader(io.StringIO(asked(desk, *arguments, "--csv").out)))
    assert len(table) == len(found)
    (row_model,) = get_args(get_type_hints(ANSWERS[name])[rows])
    for read, wanted in zip(table, found, strict=True):
        keys = dict.fromkeys(column.partition(".")[0] for column in read)
        assert list(keys) == list(row_model.model_fields) == list(wanted)
        told = {column: text.removeprefix("'") for column, text in read.items() if text}
        assert told == {column: text for column, text in cells(wanted) if text}


def cells(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the cells of a row; what holds parts has a cell for each."""
    for key, value in row.items():
        if isinstance(value, dict) and key != "data":
            for part, inner in value.items():
                yield f"{key}.{part}", plain(inner)
        else:
            yield key, plain(value)


def plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str() | int():
            return str(value)
        case list() if all(isinstance(item, str | int) for item in value):
            return ";".join(map(str, value))
        case _:
            return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("command", ["show", "rounds", "investors", "claims"])
def test_an_answer_without_rows_is_still_well_formed(desk: Desk, command: str) -> None:
    tell(desk)
    arguments = (command, "Big Fund")
    rows = READS[command][1]
    answer = desk.done(*arguments, "--json").json()
    assert answer[rows] == []
    check(command, answer)
    assert desk.done(*arguments, "--jsonl").out == ""
    header = desk.done(*arguments, "--csv").out
    assert header.count("\n") == 1
    assert next(csv.reader([header]))


def test_amounts_are_decimal_texts_and_absent_is_null(desk: Desk) -> None:
    tell(desk)
    claims = desk.done("claims", "nova", "--json").json()["claims"]
    (stake,) = [one for one in claims if one["attribute"] == "stake" and one["value"]]
    share = stake["value"]["figure"]
    assert (share["lower"], share["upper"], share["lower_open"]) == ("0.5", "1", True)
    (unknown,) = [one for one in claims if one["modality"] == "declares_unknown"]
    assert (unknown["value"], unknown["attribute"]) == (None, "stake")
    (between,) = [one for one in claims if one["quote"]["exact"] == "40M to 44M USD"]
    assert (between["value"]["amount"], between["value"]["upper"]) == ("40000000", "44000000")
    orphans = [one["quote"] for one in claims if one["quote"]["anchor"] == "orphan"]
    assert orphans
    assert all(quote["start"] is None is quote["end"] for quote in orphans)


# ── spreadsheets ─────────────────────────────────────────────────────────────────────────────────

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("https://x.example")')


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_compute_is_quoted(desk: Desk, formula: str) -> None:
    quoted = formula.replace('"', '\\"')
    desk.write(
        "f.yaml",
        f'document: {{text: "Nova raises 5M EUR", publisher: "{quoted}", published: 2025}}\n'
        f'new:\n- {{source: "{quoted}", slug: paper}}\n- {{party: "{quoted}", slug: nova}}\n'
        "- {round: nova/seed}\n"
        "statements:\n- {event: TermsReported, round: nova/seed, amount: 5M EUR, quote: 5M EUR}\n",
    )
    desk.done("record", "f.yaml")
    (company,) = csv.DictReader(io.StringIO(desk.done("companies", "--csv").out))
    assert company["name"] == f"'{formula}"
    (told,) = csv.DictReader(io.StringIO(desk.done("show", "nova", "--csv").out))
    assert told["text"].startswith(f"'{formula}")
    assert desk.done("companies", "--json").json()["companies"][0]["name"] == formula
    for command in ("companies", "show nova", "claims nova", "log"):
        for line in csv.reader(io.StringIO(desk.done(*command.split(), "--csv").out)):
            assert not any(one.startswith(("=", "+", "-", "@")) for one in line)


def test_text_with_commas_quotes_and_line_ends_stays_one_cell(desk: Desk) -> None:
    name = 'No, "va"\nInc; é🙂'
    desk.write(
        "f.jsonl",
        json.dumps(
            {
                "document": {"text": "Nova raises", "publisher": "P", "published": "2025"},
                "new": [{"source": "P"}, {"party": name, "slug": "nova"}, {"round": "nova/seed"}],
                "statements": [{"event": "RoundRumored", "round": "nova/seed", "quote": "raises"}],
            }
        ),
    )
    desk.done("record", "f.jsonl")
    (company,) = csv.DictReader(io.StringIO(desk.done("companies", "--csv").out, newline=""))
    assert company["name"] == name


def test_the_published_schemas_are_those_of_the_answers() -> None:
    assert {file.name for file in SCHEMAS.iterdir()} == {f"{name}.json" for name in ANSWERS}
