"""``dealjournal rates``: the exchange rates that conversions use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, journal_option

if TYPE_CHECKING:
    from domain.rates import Rates


@click.group("rates")
def command() -> None:
    """Show or renew the exchange rates that conversions use."""


@command.command("show")
@journal_option
@click.pass_obj
def show(surroundings: Surroundings, journal: Path | None) -> None:
    """Say which rates this journal uses, from which day to which."""
    from dealjournal.commands.output import write

    with surroundings.open(journal) as opened:
        write(_sentence(opened.rates()))


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@journal_option
@click.pass_obj
def import_rates(surroundings: Surroundings, file: Path, journal: Path | None) -> None:
    """Take rates from FILE, the European Central Bank's history as CSV (eurofxref-hist.csv).

    They stand over the rates that came with this version, in this journal alone. Answers name the
    rates that they used; from now on they name these.
    """
    from dealjournal.commands.output import write
    from dealjournal.rates import checked
    from dealjournal.statements.located import decode, read_bytes

    rates = checked(decode(read_bytes(file, str(file)), str(file)), str(file))
    with surroundings.open(journal) as opened:
        write(_sentence(opened.keep_rates(rates)))


def _sentence(rates: Rates) -> str:
    days = f"{rates.days[0]} to {rates.days[-1]}"
    return f"{rates.name}: {len(rates.columns)} currencies, {days}"
