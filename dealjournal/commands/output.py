"""How answers are printed: tables for people, JSON, JSON lines and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from contextlib import contextmanager, suppress
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import click

from dealjournal.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from dealjournal.shapes.base import Shape

_WIDTH, _HEIGHT = 140, 50
"""Columns and lines of a page that is not a terminal."""
_STEERING = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What :func:`plain` replaces and JSON does not escape."""
_WHOLE = frozenset({"@", "said", "happened", "first said", "recorded"})
"""Columns that are never broken."""
_WORDS = {"status": 12, "severity": 8, "verdict": 12}
"""Columns of words from closed lists, and their longest word."""
_TIGHT = range(60, 110)
"""Columns of a terminal on which such a word must be kept from being broken."""
_STYLES = {
    "confirmed": "green",
    "partly confirmed": "green",
    "corroborated": "cyan",
    "contested": "yellow",
    "refuted": "red",
    "denied": "red",
    "expired": "dim",
    "superseded": "dim",
    "retracted": "dim",
    "corrected": "dim",
    "error": "red",
    "warning": "yellow",
    "proved": "green",
    "assumed": "cyan",
    "undetermined": "yellow",
    "contradicted": "red",
}
"""What a word looks like where colours are shown; it always stands there as well."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def print_data(answer: Shape, rows: str, form: str) -> None:
    """Print an answer as data; ``rows`` names its list."""
    data = answer.model_dump(mode="json")
    match form:
        case "json":
            write(json_text(data, indent=2))
        case "jsonl":
            for row in data[rows]:
                write(json_text(row))
        case _:
            shown = plain if sys.stdout.isatty() else str
            write(_csv(data[rows], _columns(answer, rows), shown), newline=False)


def json_text(data: object, indent: int | None = None) -> str:
    """Return data as JSON that cannot steer a terminal: what could is escaped, not replaced."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write(text: str, *, newline: bool = True) -> None:
    """Print data on standard output; characters that it cannot show are replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding), nl=newline)


def talk(text: str) -> None:
    """Print talk on standard error; what nobody can hear stops nothing."""
    encoding = sys.stderr.encoding or "utf-8"
    with suppress(OSError):
        click.echo(plain(text).encode(encoding, "replace").decode(encoding), err=True)


@contextmanager
def telling(
    *, is_done: bool, what: str = "what it tells of is done: the journal has it"
) -> Generator[None]:
    """Let an output that fails say what is done all the same."""
    try:
        yield
    except OSError as error:
        if is_done:
            error.add_note(what)
        raise


def console(*, err: bool = False) -> Console:
    """Return a console on standard output or error, wide where it is no terminal."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")

    class PipedConsole(Console):
        """Leaves it to the composition root what a closed pipe means."""

        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704 - called while the error is handled

    return PipedConsole(file=stream, highlight=False, width=_columns_shown())


def _columns_shown() -> int:
    """Return the width of the terminal, or of a page where there is none."""
    return get_terminal_size((_WIDTH, _HEIGHT)).columns


def table(title: str, columns: Sequence[str]) -> Table:
    """Return an empty table; its cells are plain text, never markup."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=Text(plain(title)), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    is_tight = _columns_shown() in _TIGHT
    for column in columns:
        width = _WORDS.get(column) if is_tight else None
        made.add_column(column, overflow="fold", no_wrap=column in _WHOLE, width=width)
    return made


def row(made: Table, cells: Iterable[str]) -> None:
    """Add a row of plain texts to a table."""
    from rich.text import Text

    texts = [Text(plain(cell)) for cell in cells]
    for column, text in zip(made.columns, texts, strict=True):
        if column.header in _WORDS:
            _colour(text)
    made.add_row(*texts)


def coloured(word: str) -> Text:
    """Return a word from a closed list, in its colour."""
    from rich.text import Text

    return _colour(Text(word, style="bold"))


def _colour(text: Text) -> Text:
    """Give the word from a closed list at a text's beginning its colour."""
    word = text.plain.partition(" ! ")[0]
    text.stylize(_STYLES.get(word.replace("_", " "), ""), 0, len(word))
    return text


class Cards:
    """Blocks of lines under a heading each, with what every line is about on its left."""

    def __init__(self, title: str) -> None:
        from rich.table import Table

        self.title = title
        self._is_narrow = _columns_shown() < _TIGHT.start
        self._grid = Table.grid(padding=(0, 2, 0, 0))
        self._grid.add_column(no_wrap=not self._is_narrow, overflow="fold")
        self._grid.add_column()

    def add(self, heading: str, lines: dict[str, str]) -> None:
        """Add a block; lines without a text are left out."""
        from rich.text import Text

        self._grid.add_row(Text(""), Text(""))
        name, colon, state = plain(heading).rpartition(": ")
        self._row(Text(name, style="bold"), _colour(Text(state if colon else "", style="bold")))
        for label, text in lines.items():
            if text:
                self._row(Text(f"  {label}", style="dim"), Text(plain(text)))

    def _row(self, label: Text, text: Text) -> None:
        """Put a text beside its label, or behind it where there is no room for two columns."""
        from rich.text import Text

        if self._is_narrow:
            self._grid.add_row(Text("  ").join((label, text)))
        else:
            self._grid.add_row(label, text)

    def print(self, out: Console) -> None:
        """Print the title and every block."""
        from rich.text import Text

        out.print(Text(plain(self.title), style="italic"))
        out.print(self._grid)


def print_steps(title: str, steps: Iterable[str], end: str) -> None:
    """Print numbered steps under a title, wrapped beside their numbers, and what ends them."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for number, step in enumerate(steps, start=1):
        grid.add_row(Text(f"  {number}."), Text(plain(step)))
    if end:
        grid.add_row(Text(""), Text(plain(end), style="italic"))
    out = console()
    out.print(Text(plain(title), style="bold"))
    out.print(grid)


def print_cards(made: Cards, header: dict[str, Any]) -> None:
    """Print cards and the line under them."""
    from rich.text import Text

    out = console()
    made.print(out)
    out.print(Text(f"\n{footer(header)}", style="dim"))


def footer(header: dict[str, Any]) -> str:
    """Return the line under a table: the times as resolved, and the rules."""
    said = header["said_until"] or "any day"
    rules = header["rules"]
    return (
        f"true on {header['true_on']} · said until {said} · known until {header['known_until']} · "
        f"believing {header['believe']} · rules {rules['version']}, {rules['rates']}, "
        f"horizon {rules['horizon_days']} days"
    )


def print_lists(out: Console, title: str, items: Iterable[tuple[str, str, str]]) -> None:
    """Print a title and under it items: a mark, a text, and a quieter line; nothing for none."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(overflow="fold")
    for mark, text, quiet in items:
        told = _colour(Text(plain(text)))
        if quiet:
            told.append("\n" * bool(text) + plain(quiet), style="dim")
        grid.add_row(Text(f"  {mark}"), told)
    if grid.row_count:
        out.print(Text(f"\n{plain(title)}", style="italic"))
        out.print(grid)


def print_footer(out: Console, header: dict[str, Any]) -> None:
    """Print the line under an answer."""
    from rich.text import Text

    out.print(Text(f"\n{footer(header)}", style="dim"))


def print_table(made: Table, header: dict[str, Any]) -> None:
    """Print a table and the line under it."""
    from rich.text import Text

    out = console()
    out.print(made)
    out.print(Text(footer(header), style="dim"))


def _columns(answer: Shape, rows: str) -> list[str]:
    """Return the CSV columns of an answer's rows: those of its model, in order.

    A field that holds a model has a column for each of that model's fields, ``value.amount``.
    """
    (kind,) = get_args(get_type_hints(type(answer))[rows])
    types = get_type_hints(kind)
    return [name for key in kind.model_fields for name in _names(key, types[key])]


def _names(key: str, annotation: object) -> list[str]:
    """Return the columns of one field."""
    from pydantic import BaseModel

    if get_origin(annotation) is list:
        return [key]
    members = get_args(annotation) or (annotation,)
    models = [one for one in members if isinstance(one, type) and issubclass(one, BaseModel)]
    inner = dict.fromkeys(name for model in models for name in model.model_fields)
    plain_too = len(models) < len([one for one in get_args(annotation) if one is not type(None)])
    own = [key] if not models or plain_too else []
    return [*own, *(f"{key}.{name}" for name in inner)]


def _csv(
    rows: Sequence[dict[str, Any]], columns: Sequence[str], shown: Callable[[str], str]
) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for one in rows:
        writer.writerow([shown(_cell(_at(one, column))) for column in columns])
    return text.getvalue()


def _at(one: dict[str, Any], column: str) -> object:
    """Return what stands in a column: a part of a field that holds a model, or a plain field."""
    key, dot, part = column.partition(".")
    value = one[key]
    if dot:
        return value.get(part) if isinstance(value, dict) else None
    return None if isinstance(value, dict) and key != "data" else value


def _cell(value: object) -> str:
    """Return a cell; an apostrophe keeps a spreadsheet from taking it for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case list() if all(isinstance(item, str | int) for item in value):
            return ";".join(str(item) for item in value)
        case int():
            return str(value)
        case _:
            return json_text(value)
