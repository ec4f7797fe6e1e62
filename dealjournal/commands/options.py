"""Options that commands share, and what the program was started in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from dealjournal.commands import completing
from dealjournal.location import FileLocation, Location, ServerLocation, locate
from domain.errors import InvalidValue
from domain.words import ATTRIBUTES

if TYPE_CHECKING:
    from dealjournal.journal import Journal

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Surroundings:
    """What only ``cli.py`` may read from the outside: clock, user, default journal, chance."""

    clock: Callable[[], datetime]
    user: str
    journal: Location | Path | str
    """Where nothing else is named; read only when it is asked for."""
    program: Path
    """Folder of the program's own files."""
    keys: Path
    """Folder of the keys that sign checkpoints."""
    seed: Callable[[], bytes]
    """Gives what a new key is made of: 32 bytes that nobody can guess."""

    def at(self, journal: Location | None) -> Location:
        """Return the journal that a command names, or the default one.

        Raises:
            InvalidValue: the default one is an address that cannot be read.
        """
        place = journal or self.journal
        return place if isinstance(place, FileLocation | ServerLocation) else locate(place)

    def open(self, journal: Location | None) -> Journal:
        """Open the journal that a command names, or the default one."""
        from dealjournal.commands.output import talk
        from dealjournal.journal import Journal

        return Journal.open(self.at(journal), self.clock, talk)


@dataclass(frozen=True)
class Read:
    """The options of a read."""

    journal: Location | None
    true_on: str | None
    said_until: str | None
    known_until: str | None
    believe: str
    form: str


class Place(click.ParamType[Location]):
    """Where a journal is: a file, or the address of a server."""

    name = "path or address"

    def convert(
        self, value: object, parameter: click.Parameter | None, context: click.Context | None
    ) -> Location:
        """Return the place."""
        if isinstance(value, FileLocation | ServerLocation):
            return value
        try:
            place = locate(str(value))
        except InvalidValue as error:
            return self.fail(str(error), parameter, context)
        with suppress(OSError):  # which opening it tells
            if isinstance(place, FileLocation) and place.path.is_dir():
                return self.fail(f"{place} is a directory; name a file in it", parameter, context)
        return place

    def shell_complete(
        self, _context: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Let the shell complete a file's name."""
        return [CompletionItem(incomplete, type="file")]


_JOURNAL = click.option(
    "--journal",
    type=Place(),
    metavar="PATH_OR_URL",
    help="The journal's file or address.  [default: DEALJOURNAL_JOURNAL, or the data folder]",
)
_FORMS = (
    click.option("--json", "form", flag_value="json", help="One JSON document."),
    click.option("--jsonl", "form", flag_value="jsonl", help="One JSON line a row."),
    click.option("--csv", "form", flag_value="csv", help="Comma-separated values."),
    click.option("--table", "form", flag_value="table", default="table", hidden=True),
)
_TIMES = (
    click.option("--true-on", metavar="DATE", help="What holds in the world on that day."),
    click.option("--said-until", metavar="DATE", help="What had been published by then."),
    click.option(
        "--known-until", metavar="DATE|@N", help="What this journal had recorded by then."
    ),
    click.option(
        "--believe",
        metavar="WHOM",
        default="rumored",
        show_default=True,
        help="confirmed, rumored, or source:NAME for one source's world.",
    ),
)


class Word(click.ParamType[str]):
    """One word of a closed list; a near miss is answered with what was meant."""

    name = "word"

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def convert(
        self, value: object, parameter: click.Parameter | None, context: click.Context | None
    ) -> str:
        """Return the word, however it is hyphenated."""
        word = str(value).strip().lower().replace("-", "_").replace(" ", "_")
        if word in self.words:
            return word
        near = get_close_matches(word, self.words, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"it is one of {', '.join(self.words)}"
        return self.fail(f"{value!r} is not known; {hint}", parameter, context)

    def shell_complete(
        self, _context: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete a word of the list."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


attribute_type = Word(ATTRIBUTES)
company_argument = click.argument("company", shell_complete=completing.companies)
entry_argument = click.argument("entry")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be appended.")
reason_option = click.option("--reason", default="", help="Why, in your words.")
journal_option = _JOURNAL
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a new file in place of standard output.",
)


def form_options(command: _Command) -> _Command:
    """Add the output forms to a command."""
    for option in reversed(_FORMS):
        command = option(command)
    return command


def read_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the times, the belief and the output forms to a command, as one ``read`` argument."""

    def with_read(**arguments: Any) -> None:
        names = ("journal", "true_on", "said_until", "known_until", "believe", "form")
        read = Read(**{name: arguments.pop(name) for name in names})
        command(read=read, **arguments)

    with_read.__doc__ = command.__doc__
    vars(with_read)["__click_params__"] = list(getattr(command, "__click_params__", []))
    wrapped = form_options(with_read)
    for option in (*reversed(_TIMES), _JOURNAL):
        wrapped = option(wrapped)
    return wrapped
