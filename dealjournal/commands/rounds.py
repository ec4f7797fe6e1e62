"""``dealjournal rounds``: a company's rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from domain.values import PartyId
    from projections.directory import Directory
    from projections.rounds import RoundView


@click.command("rounds")
@company_argument
@read_options
@click.pass_obj
def command(surroundings: Surroundings, company: str, read: Read) -> None:
    """Show the rounds of COMPANY: stage, terms, who is in; a disputed figure shows its range."""
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party
    from dealjournal.shapes import Rounds, of_round

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    if read.form != "table":
        shapes = [of_round(one) for one in found.rounds(slug)]
        print_data(Rounds(**found.header, rounds=shapes), "rounds", read.form)
        return
    print_rounds(found, slug)


def print_rounds(found: Reading, company: str) -> None:
    """Print rounds as cards: they read well at any width."""
    from dealjournal.commands.output import Cards, print_cards

    directory = found.directory
    made = Cards(f"Rounds of {directory.party_name(company)}")
    for one in found.rounds(company):
        label = f" ({one.label})" if one.label else ""
        made.add(f"{one.round.split('/')[1]}{label}: {one.status}", _lines(one, directory))
    print_cards(made, found.header)


def _lines(one: RoundView, directory: Directory) -> dict[str, str]:
    """Return what is known of a round, by what it is about; empty where nobody said anything."""
    from dealjournal.wording import shown_text

    equity, debt = (
        shown_text(part, directory, scoped=False) if part.roots else ""
        for part in (one.equity_amount, one.debt_amount)
    )
    amount = shown_text(one.amount, directory) if one.amount.roots else ""
    adds_up = parts_add_up(one)
    return {
        "amount": f"{amount}, of which equity {equity}, debt {debt}" if adds_up else amount,
        "equity part": "" if adds_up else equity,
        "debt part": "" if adds_up else debt,
        "valuation": shown_text(one.valuation, directory) if one.valuation.roots else "",
        "announced": shown_text(one.announced, directory) if one.announced.roots else "",
        "leads": _names(one.leads, directory),
        "investors": _investors(one, directory),
        "contested": ", ".join(name.replace("_", " ") for name in one.contested),
    }


def parts_add_up(one: RoundView) -> bool:
    """Whether the equity and the debt that are shown make up the amount that is shown."""
    from domain.values import Money

    whole, equity, debt = one.amount.value, one.equity_amount.value, one.debt_amount.value
    return (
        isinstance(whole, Money)
        and isinstance(equity, Money)
        and isinstance(debt, Money)
        and whole.currency == equity.currency == debt.currency
        and whole.amount == equity.amount + debt.amount
    )


def _investors(one: RoundView, directory: Directory) -> str:
    names = _names(one.investors, directory)
    if not one.list_is_open:
        return names
    return f"{names} and others" if names else "others, not named"


def _names(parties: tuple[PartyId, ...], directory: Directory) -> str:
    return ", ".join(directory.party_name(party) for party in parties)
