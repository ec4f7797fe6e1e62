"""``dealjournal assume``: record what is assumed of a company's shares, list it, withdraw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands import completing
from dealjournal.commands.options import (
    Read,
    Surroundings,
    attribute_type,
    dry_run_option,
    form_options,
    journal_option,
    reason_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.journal import Intent, Journal
    from dealjournal.location import Location
    from dealjournal.shapes.ownership import Assumptions
    from domain.entries import Entry


@click.command("assume")
@click.argument("company", required=False, shell_complete=completing.companies)
@click.argument("text", required=False)
@click.option(
    "--about",
    type=attribute_type,
    metavar="ATTRIBUTE",
    help="What to file it under.  [default: what it speaks of]",
)
@click.option("--list", "listing", is_flag=True, help="Show what is assumed of COMPANY.")
@click.option("--withdraw", "withdrawn", metavar="ENTRY", help="Withdraw this assumption.")
@reason_option
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str | None,
    text: str | None,
    about: str | None,
    listing: bool,
    withdrawn: str | None,
    reason: str,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Record TEXT as assumed of the shares of COMPANY: every answer that uses it will list it.

    \b
    ROUND all equity                    PARTY holds SHARE after ROUND|at creation
    ROUND equity MONEY                  PARTY each hold SHARE after ROUND|at creation
    ROUND valuation MONEY [pre|post]    PARTY equal
    ROUND pool SHARE                    PARTY country CODE
    ROUND others MONEY                  PARTY pays MONEY in ROUND
    CODE share SHARE after ROUND        PARTY sells MONEY in ROUND
    ROUND sales immaterial              PARTY converts MONEY at MONEY in ROUND
    ROUND conversions immaterial

    It takes the place of what is claimed of the same thing, and of an earlier assumption on it.
    'ownership --assume' and 'ask --assume' ask what if, and record nothing.
    """  # noqa: D301 - click takes this mark for lines to leave as they are
    from dealjournal.commands.writing import carry_out

    _check(company, text, about, withdrawn, reason, listing=listing)
    if listing:
        _list(surroundings, company or "", journal, form)
        return
    with surroundings.open(journal) as opened:
        known = opened.entries()
        if withdrawn is not None:
            what = f"assume --withdraw {withdrawn}"
            intents = _withdrawing(known, withdrawn, reason)
        else:
            what = "assume"
            intents = _assuming(
                opened, known, surroundings, (company or "", text or ""), about, reason
            )
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run, after=len(known))


def _check(
    company: str | None,
    text: str | None,
    about: str | None,
    withdrawn: str | None,
    reason: str,
    *,
    listing: bool,
) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: some do not.
    """
    is_recorded = not listing and withdrawn is None
    wrong = {
        "--list and --withdraw are two tasks: give one at a time": listing
        and withdrawn is not None,
        "--list shows what is assumed of a company: name it": listing and company is None,
        "--list records nothing: leave out the assumption": listing and text is not None,
        "--withdraw takes the entry alone: leave out company and assumption": withdrawn is not None
        and company is not None,
        "name the company and what is assumed of it, such as "
        "dealjournal assume mistral-ai 'seed all equity' --reason '...'": is_recorded
        and text is None,
        "--about files a new assumption: leave it out": about is not None and not is_recorded,
        "an assumption is recorded, and withdrawn, with --reason": not listing
        and not reason.strip(),
    }
    for message, is_wrong in wrong.items():
        if is_wrong:
            raise click.UsageError(message)


def _assuming(
    journal: Journal,
    known: Sequence[Entry],
    surroundings: Surroundings,
    asked: tuple[str, str],
    about: str | None,
    reason: str,
) -> list[Intent]:
    """Return what records an assumption; one that a later one replaced is made again."""
    from dealjournal.assuming import assuming
    from dealjournal.naming import find_party, suggesting
    from dealjournal.reading import Asked, Reading
    from projections.times import Times

    name, text = asked
    times = Times(surroundings.clock().date())
    found = Reading(journal.location.name, known, Asked(times))
    company = find_party(found.names, name, "company")
    with suggesting():
        return assuming(found.view, company, found.names, text, about, reason)


def _withdrawing(known: Sequence[Entry], name: str, reason: str) -> list[Intent]:
    """Return what withdraws an assumption; one that is withdrawn already needs nothing."""
    from dealjournal.assuming import withdrawing
    from dealjournal.commands.writing import find_entry

    return withdrawing(known, find_entry(known, name), reason)


def _list(surroundings: Surroundings, name: str, journal: Location | None, form: str) -> None:
    """Print what is assumed of a company, and what became of what was."""
    from dealjournal.assuming import listed
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party
    from dealjournal.shapes.of_ownership import of_listed
    from dealjournal.shapes.ownership import Assumptions

    found = reading(surroundings, Read(journal, None, None, None, "rumored", form))
    company = find_party(found.names, name, "company")
    told = listed(found.view, company, found.names)
    shapes = [of_listed(one) for one in told]
    answer = Assumptions(**found.ownership_header, company=company, assumptions=shapes)
    if form != "table":
        print_data(answer, "assumptions", form)
        return
    _print(answer, found.directory.party_name(company))


def _print(answer: Assumptions, name: str) -> None:
    from dealjournal.commands.output import print_table, row, table, write
    from dealjournal.plain import plain

    if not answer.assumptions:
        write(plain(f"nothing is assumed of the shares of {name}"))
        return
    made = table(f"What is assumed of {name}", ("@", "assumption", "state", "by", "reason"))
    for one in answer.assumptions:
        state = one.status if one.because is None else f"{one.status}, @{one.because}"
        row(made, (str(one.position), one.text, state, one.by, one.reason))
    print_table(made, answer.model_dump())
