"""``dealjournal rates``: the exchange rates that conversions use."""

from __future__ import annotations

from pathlib import Path

import click

from dealjournal.commands.options import Surroundings, journal_option


@click.group("rates")
def command() -> None:
    """Show or renew the exchange rates that conversions use."""


@command.command("show")
@journal_option
@click.pass_obj
def show(surroundings: Surroundings, journal: Path | None) -> None:
    """Say which rates this journal uses, and up to which day."""
    from dealjournal.commands.output import write

    with surroundings.open(journal) as opened:
        rates = opened.rates()
    write(f"{rates.name}: {len(rates.columns)} currencies, {rates.days[0]} to {rates.days[-1]}")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@journal_option
@click.pass_obj
def import_rates(surroundings: Surroundings, file: Path, journal: Path | None) -> None:
    """Take rates from FILE, the European Central Bank's history as CSV (one row a day).

    Answers name the rates that they used; from now on they name these.
    """
    from dealjournal.commands.output import talk
    from dealjournal.rates import check_rates
    from dealjournal.statements.located import decode, read_bytes

    text = decode(read_bytes(file, str(file)), str(file))
    rates = check_rates(text, str(file))
    with surroundings.open(journal) as opened:
        opened.keep_rates(rates.name, text)
        rates = opened.rates()
    talk(f"{rates.name}: {len(rates.columns)} currencies, {rates.days[0]} to {rates.days[-1]}")
