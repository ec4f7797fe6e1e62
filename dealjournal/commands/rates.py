"""``dealjournal rates``: the exchange rates that conversions use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, form_options, journal_option
from dealjournal.location import Location

if TYPE_CHECKING:
    from dealjournal.shapes import ExchangeRates
    from domain.rates import Rates


@click.group("rates")
def command() -> None:
    """Show, renew or reset the exchange rates that conversions use."""


@command.command("show")
@journal_option
@form_options
@click.pass_obj
def show(surroundings: Surroundings, journal: Location | None, form: str) -> None:
    """Say which rates this journal uses, from which day to which."""
    from dealjournal.commands.output import print_data, write

    with surroundings.open(journal) as opened:
        rates, name = opened.rates(), opened.location.name
    if form == "table":
        write(_sentence(rates))
    else:
        print_data(_answer(rates, name), "currencies", form)


@command.command("import")
@click.argument("file", metavar="FILE|-")
@journal_option
@click.pass_obj
def import_rates(surroundings: Surroundings, file: str, journal: Location | None) -> None:
    """Take rates from FILE, the European Central Bank's history as CSV (eurofxref-hist.csv).

    They stand over the rates that came with this version, in this journal alone. Answers name the
    rates that they used; from now on they name these. - is standard input.
    """
    from dealjournal.commands.output import talk, telling, write
    from dealjournal.commands.record import STDIN, standard_input
    from dealjournal.rates import checked
    from dealjournal.statements.located import decode, read_bytes

    name = STDIN if file == "-" else file
    data = standard_input() if file == "-" else read_bytes(Path(file), file)
    rates = checked(decode(data, name), name, surroundings.clock().date())
    with surroundings.open(journal) as opened:
        is_new = opened.keep_rates(rates)
        with telling(is_done=is_new):
            write(_sentence(opened.rates()))
    talk(f"rates import {file}: {'taken in' if is_new else 'nothing new'}")


@command.command("reset")
@journal_option
@click.pass_obj
def reset(surroundings: Surroundings, journal: Location | None) -> None:
    """Take back all imported rates; those that came with this version hold again."""
    from dealjournal.commands.output import talk, telling, write

    with surroundings.open(journal) as opened:
        is_done = opened.reset_rates()
        with telling(is_done=is_done):
            write(_sentence(opened.rates()))
    talk(f"rates reset: {'imported rates were taken back' if is_done else 'none were imported'}")


def _sentence(rates: Rates) -> str:
    days = f"{rates.days[0]} to {rates.days[-1]}"
    return f"{rates.name}: {len(rates.columns)} currencies, {days}"


def _answer(rates: Rates, journal: str) -> ExchangeRates:
    from dealjournal.shapes import CurrencyShape, ExchangeRates

    shapes: list[CurrencyShape] = []
    for currency in sorted(rates.columns):
        column = rates.columns[currency]
        days = [day for day, rate in zip(rates.days, column, strict=True) if rate]
        if days:
            shapes.append(
                CurrencyShape(currency=currency, first=days[0], last=days[-1], days=len(days))
            )
    return ExchangeRates(journal=journal, rates=rates.name, currencies=shapes)
