#!/usr/bin/env python3
"""Write the parts of the documentation that the program itself tells.

``python docs/generate.py`` writes docs/reference/cli.md, docs/reference/events.md and the JSON
Schemas in docs/reference/schemas/, draws docs/map.svg and docs/ownership.svg, and lets every page
show what its commands print today.
``python docs/generate.py --check`` writes nothing, names what is stale, and then ends with 1.
"""

from __future__ import annotations

import json
import re
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Union, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import click  # noqa: E402 - the path is set first

import cli  # noqa: E402
from dealjournal.answers import ANSWERS  # noqa: E402
from docs import transcripts  # noqa: E402
from domain import events, values, words  # noqa: E402
from domain.events import EVENT_TYPES, Judgement, Statement  # noqa: E402
from domain.identifiers import Identifier  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

WIDTH = 100
"""Columns of the help texts."""
REFERENCE = "docs/reference"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MADE = "<!-- Written by docs/generate.py; change the program instead. -->\n"


def main(arguments: list[str]) -> int:
    """Write what is stale, or with ``--check`` only name it; return the exit code."""
    stale = {path: text for path, text in generated().items() if _current(path) != text}
    if arguments == ["--check"]:
        for path in stale:
            sys.stdout.write(f"stale: {path}; run python docs/generate.py\n")
        return 1 if stale else 0
    for path, text in stale.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"written: {path}\n")
    for path in unexpected():
        (ROOT / path).unlink()
        sys.stdout.write(f"removed: {path}\n")
    return 0


def generated() -> dict[str, str]:
    """Return every text that is made here, by its path from the root."""
    pages = {
        str(page.relative_to(ROOT)): transcripts.refreshed(page.read_text(encoding="utf-8"))
        for page in transcripts.pages()
    }
    return reference() | pages | pictures()


def pictures() -> dict[str, str]:
    """Return the pictures that pages show, as the program draws them."""
    story = "\n".join(
        ("```console", f"$ {_DEMO}", *(f"$ {one}" for one in _PICTURES.values()), "```")
    )
    (steps,) = transcripts.run(f"{story}\n")
    return {
        path: "".join(f"{line}\n" for line in step.printed)
        for path, step in zip(_PICTURES, steps[1:], strict=True)
    }


_DEMO = "dealjournal demo --journal mistral.db"
_PICTURES = {
    "docs/map.svg": "dealjournal map mistral-ai amount --round series-b --said-until 2024-12-31"
    " --journal mistral.db --svg -",
    "docs/ownership.svg": "dealjournal ownership mistral-ai --holder three-founders --holder asml"
    " --over-time --journal mistral.db --svg -",
}
"""Each picture, and the command that draws it."""


def reference() -> dict[str, str]:
    """Return the reference pages and schemas, by their paths from the root."""
    return {
        f"{REFERENCE}/cli.md": command_line(),
        f"{REFERENCE}/events.md": event_pages(),
        **{
            f"{REFERENCE}/schemas/events/{name}.json": schema(cls, "validation")
            for name, cls in sorted(EVENT_TYPES.items())
        },
        **{
            f"{REFERENCE}/schemas/answers/{name}.json": schema(cls, "serialization")
            for name, cls in sorted(ANSWERS.items())
        },
    }


def unexpected() -> list[str]:
    """Return the paths of schemas that are there and that nothing makes."""
    made = reference()
    found = sorted((ROOT / REFERENCE / "schemas").rglob("*.json"))
    return [path for one in found if (path := str(one.relative_to(ROOT))) not in made]


def _current(path: str) -> str | None:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


# ── the command line ─────────────────────────────────────────────────────────────────────────────


def command_line() -> str:
    """Return the page of the command line, from the helps."""
    root = click.Context(
        cli.command, info_name="dealjournal", **{**cli.command.context_settings, **_TERMINAL}
    )
    parts = [f"# Command line\n\n{_MADE}", _CLI_HEAD, _block(cli.command.get_help(root))]
    for name in cli.command.list_commands(root):
        command = cli.command.get_command(root, name)
        if command is None:  # a command of a newer list
            continue
        context = click.Context(command, info_name=name, parent=root, **_TERMINAL)
        parts.append(f"## dealjournal {name}\n\n{_block(command.get_help(context))}")
    return "\n".join(parts)


_TERMINAL: Mapping[str, Any] = {"terminal_width": WIDTH, "max_content_width": WIDTH}
_CLI_HEAD = """\
Data goes to standard output, talk to standard error. How a command ends is told by its
[exit code](exit-codes.md). What `--json` prints has a schema in [schemas/answers](schemas/answers);
`--jsonl` and `--csv` print the rows of its list alone. What can be typed for DATE and for figures
is in [money, shares, dates](money-shares-dates.md).
"""


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```\n"


# ── the events ───────────────────────────────────────────────────────────────────────────────────


def event_pages() -> str:
    """Return the page of the events, from their classes."""
    parts = [
        f"# Events\n\n{_MADE}",
        _EVENTS_HEAD,
        *(
            _section(f"Every {base.__name__.lower()}", base, base.model_fields)
            for base in (Statement, Judgement)
        ),
    ]
    for module, title in _MODULES.items():
        parts.append(f"## {title}\n")
        for name, cls in EVENT_TYPES.items():
            if cls.__module__ == f"domain.events.{module}":
                parts.append(_section(f"`{name}` — {cls.__name__}", cls, _own_fields(cls)))
    parts.append(_VALUES_HEAD)
    parts += [_section(cls.__name__, cls, cls.model_fields) for cls in _value_classes()]
    return "\n".join(parts)


_MODULES = {
    "sources": "Sources",
    "documents": "Documents",
    "parties": "Parties",
    "rounds": "Rounds",
    "investors": "Investors",
    "ownership": "Ownership",
    "ledgers": "Ledgers",
    "claims": "Claims about claims, and what is not known",
    "analysts": "Analysts",
    "journal": "The journal's own entries",
}
_EVENTS_HEAD = """\
What a journal can hold: the stored name, what it says, and its fields. In a statements file an
event goes by the name after the dash; fields of `Terms` are written beside the others. A field
marked with a dot must be given. Fields left at their default are not stored. The JSON Schema of
each is in [schemas/events](schemas/events); the stored name is kept beside the data, not in it.

## What they carry
"""
_VALUES_HEAD = """\
## Values

How a value is stored. What can be typed for one is in
[money, shares, dates](money-shares-dates.md).
"""


def _own_fields(cls: type[BaseModel]) -> dict[str, Any]:
    """Return the fields that an event does not share with all others."""
    base = Statement if issubclass(cls, Statement) else Judgement
    return {
        name: field
        for name, field in cls.model_fields.items()
        if name != "type"
        and (name not in base.model_fields or field.description != _told(base, name))
    }


def _told(cls: type[BaseModel], name: str) -> str | None:
    return cls.model_fields[name].description


def _section(title: str, cls: type[BaseModel], fields: Mapping[str, Any]) -> str:
    lines = [f"### {title}", "", _plain(cls.__doc__), ""]
    if fields:
        lines += ["| field | type | what it says |", "|---|---|---|"]
    for name, field in fields.items():
        dot = " •" if field.is_required() else ""
        kind = type_text(field.annotation).replace("|", "\\|")
        lines.append(f"| `{name}`{dot} | {kind} | {_plain(field.description)} |")
    return "\n".join([*lines, ""] if fields else lines)


def _plain(text: str | None) -> str:
    """Return a docstring as one line of Markdown."""
    return " ".join((text or "").replace("``", "`").split())


_WORDS = {name: alias for name, alias in vars(words).items() if get_origin(alias) is Literal}
_LINKS = {
    get_args(alias): f"[{words_of}](attributes-and-words.md#{words_of.replace(' ', '-')})"
    for name, alias in _WORDS.items()
    for words_of in [re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()]
}
"""The closed lists of words, each as a link to where it is explained."""
_NEW_TYPES = {
    "PartyId": "party",
    "SourceId": "source",
    "RoundId": "round",
    "DocumentHash": "document",
    "EventId": "entry",
}
_PLAIN_TYPES = {
    "str": "text",
    "int": "whole number",
    "bool": "yes or no",
    "Decimal": "decimal",
    "Fraction": "fraction",
    "date": "day",
}


def type_text(annotation: object) -> str:
    """Return a field's type in words, with links to what it is made of."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_text(arguments[0])
    if origin is Literal:
        return _LINKS.get(arguments) or ", ".join(str(one) for one in arguments)
    if origin in (Union, types.UnionType):
        known = [one for one in arguments if one is not types.NoneType]
        return " or ".join(dict.fromkeys(type_text(one) for one in known))
    if origin is tuple:
        return f"list of {type_text(arguments[0])}"
    if isinstance(annotation, NewType):
        return _NEW_TYPES[str(annotation.__name__)]
    name = getattr(annotation, "__name__", str(annotation))
    if annotation in _value_classes():
        return f"[{name}](#{name.lower()})"
    return _PLAIN_TYPES.get(name, name)


def _value_classes() -> list[type[BaseModel]]:
    """Return the values that events are made of, in the order of their names."""
    found = (*vars(values).values(), Identifier, events.Terms, events.Holding, events.Ratio)
    classes = {
        one
        for one in found
        if isinstance(one, type) and issubclass(one, values.Value) and one is not values.Value
    }
    return sorted(classes, key=lambda one: one.__name__)


# ── the schemas ──────────────────────────────────────────────────────────────────────────────────


def schema(cls: type[BaseModel], mode: Literal["validation", "serialization"]) -> str:
    """Return the JSON Schema of a model."""
    made = {"$schema": DIALECT, **cls.model_json_schema(mode=mode)}
    return json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
