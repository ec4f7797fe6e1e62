"""The command line's composition root: arguments, clock, user, exit codes.

Nothing else reads the clock, the environment or the user's name, or leaves anything to chance;
nobody imports this module.
"""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from dealjournal.commands.options import Surroundings

FINDINGS, USAGE, INVALID, CONCURRENT, INTERRUPTED = 1, 2, 3, 4, 130
"""Exit codes beside 0: findings or refusal, usage, invalid input, concurrent write, interrupted."""

COMMANDS = {
    "demo": "Make the Mistral AI example journal and tour its answers.",
    "init": "Create an empty journal.",
    "record": "Append statements from statements files.",
    "companies": "List the companies of the journal.",
    "show": "Show what was said of a company, in order.",
    "rounds": "Show a company's rounds: stage, terms, who is in.",
    "investors": "Show a company's investors: rounds, roles, how sure.",
    "claims": "Show claims side by side: attribute by root source.",
    "timeline": "Tell what was said of a company, one sentence an entry.",
    "rumors": "Show open rumours, and with --all what became of the others.",
    "sources": "Show track records of sources, and who repeats whom.",
    "diff": "Show what changed between two times.",
    "bisect": "Find when a condition first held.",
    "map": "Draw what was shown of an attribute: by day said and day true.",
    "ownership": "Show who holds how much, with proof.",
    "ask": "Answer a question on ownership, and say what would decide it.",
    "assume": "Record what is assumed of a company's shares, or withdraw it.",
    "check": "Look for contradictions, weak quotes, stale rumours, outliers.",
    "why": "Explain the value shown for an attribute.",
    "resolve": "Decide which claim to show where roots differ, or reopen that.",
    "repeats": "Judge that a claim repeats another, or does not.",
    "log": "Show the entries as the journal holds them.",
    "amend": "Replace an entry by a corrected one; its quote is kept.",
    "void": "Let an entry count no more.",
    "reinstate": "Let a voided or replaced entry count again.",
    "export": "Write the journal out as text.",
    "import": "Take entries in from a file of another form.",
    "backup": "Copy the journal to a new file, checked entry by entry.",
    "restore": "Copy a backup into a new or empty journal.",
    "rates": "Show, renew or reset the exchange rates.",
    "verify": "Find what was changed in the journal since it was recorded.",
    "checkpoint": "Sign what the journal holds, to be kept elsewhere.",
    "prove": "Prove an entry to somebody who has neither journal nor program.",
    "grant": "Let roles of a server read a journal, or record into it.",
    "doctor": "Check the installation and the journal.",
    "completion": "Print the line that makes a shell complete names.",
}


class Lazy(click.Group):
    """A group whose commands are imported only when they are called."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Make a context that knows its surroundings, also while names are completed."""
        extra.setdefault("obj", _surroundings())
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run a command; whoever closed the pipe that it writes to has read enough."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            return 0

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of the commands, in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command; its module is imported now."""
        if name not in COMMANDS:
            return None
        module = f"{name}_" if iskeyword(name) else name
        command: click.Command = import_module(f"dealjournal.commands.{module}").command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or suggest near names."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            context.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(context, args)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their one-line helps, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click passes it so
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"dealjournal {version('dealjournal')}")
    except PackageNotFoundError:
        click.echo("dealjournal, not installed: run from its source")
    context.exit()


def _default_journal() -> Path | str:
    return os.environ.get("DEALJOURNAL_JOURNAL") or _data_folder() / "journal.db"


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("dealjournal", appauthor=False)


def _keys_folder() -> Path:
    return _data_folder() / "keys"


def _seed() -> bytes:
    from secrets import token_bytes

    return token_bytes(32)


def _user() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
    return os.fsencode(name).decode(errors="replace")


def _clock() -> datetime:
    return datetime.now(UTC)


def _surroundings() -> Surroundings:
    program = Path(__file__).parent
    return Surroundings(_clock, _user(), _default_journal(), program, _keys_folder(), _seed)


@click.group(
    cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
def command(debug: bool) -> None:  # noqa: FBT001 - click passes it so
    """Keep a journal of deal flow: rumours beside facts, every figure traced to a quote."""
    del debug


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code; never a traceback without ``--debug``."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    given = [argument for argument in given if argument != "--debug"]
    _open_closed_streams()
    try:
        code = command.main(given, prog_name="dealjournal", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = INTERRUPTED
    except Exception as error:
        if debug:
            raise
        code = _explain(error)
    _drop_unwritten()
    sys.exit(code if isinstance(code, int) else 0)


def _open_closed_streams() -> None:
    """Give what the caller closed a stream: input that ends at once, output that says it failed."""
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _drop_unwritten() -> None:
    """Drop what could not be written, or Python tries again at its end and leaves with a code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _explain(error: Exception) -> int:
    """Say what went wrong on standard error; return the exit code."""
    from domain.errors import (
        ConcurrentWrite,
        DealJournalError,
        InvalidInput,
        InvalidValue,
    )

    match error:
        case InvalidInput() | InvalidValue():
            _say(str(error), *getattr(error, "__notes__", ()))
            return INVALID
        case ConcurrentWrite():
            _say(str(error))
            return CONCURRENT
        case DealJournalError():
            _say(str(error))
            return FINDINGS
        case OSError(filename=None, strerror=str() as reason):  # of a file it has the name
            _say(f"the output could not be written: {reason}", *getattr(error, "__notes__", ()))
            return FINDINGS
        case _ if _is_of_a_database(error):
            from dealjournal.store.trouble import told_anywhere

            _say(told_anywhere(error))
            return FINDINGS
        case _:
            kind = type(error).__name__
            _say(f"internal error ({kind}: {error}); run again with --debug and report it")
            return FINDINGS


def _is_of_a_database(error: Exception) -> bool:
    """Whether the store says that its database failed, without importing a store."""
    store = sys.modules.get("eventsourcing.persistence")
    return store is not None and isinstance(error, store.PersistenceError)


def _say(*lines: Any) -> None:
    from dealjournal.commands.output import talk

    for text in lines:
        for line in str(text).split("\n"):
            talk(f"dealjournal: {line}")


if __name__ == "__main__":
    main()
