"""``dealjournal show``: what was said of a company, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from dealjournal.shapes import TimelineEntry
    from projections.book import Row
    from projections.claims import Claim


@click.command("show")
@company_argument
@read_options
@click.pass_obj
def command(surroundings: Surroundings, company: str, read: Read) -> None:
    """Show COMPANY: its names, its rounds, and what was said of it in the order it was said."""
    from dealjournal.commands.output import print_data, print_table, row, table, write
    from dealjournal.commands.rounds import print_rounds
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party
    from dealjournal.plain import plain
    from dealjournal.shapes import Show

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    profile = found.directory.parties.get(slug) or found.names.parties[slug]
    entries = _entries(found, slug)
    if read.form != "table":
        answer = Show(
            **found.header,
            company=slug,
            name=profile.name,
            names=list(profile.names),
            entries=entries,
        )
        print_data(answer, "entries", read.form)
        return
    write(plain(f"{profile.name} ({profile.kind}); known as {', '.join(profile.names)}"))
    print_rounds(found, slug)
    made = table("Said of it", ("said", "happened", "what", "@"))
    for entry in entries:
        row(made, (entry.published or "", entry.occurred or "", entry.text, str(entry.position)))
    print_table(made, found.header)


def _entries(found: Reading, company: str) -> list[TimelineEntry]:
    """Return the entries of a company in the order they were published, one line each."""
    from dealjournal.shapes import TimelineEntry
    from dealjournal.wording import chain_text, value_text

    told: dict[int, list[Row]] = {}
    for one, _standing in found.rows_of(company):
        told.setdefault(one.claim.position, []).append(one)
    made = []
    ordered = sorted(told.items(), key=lambda one: _order(one[1][0].claim))
    for position, rows in ordered:
        claim = rows[0].claim
        values = "; ".join(
            f"{one.claim.attribute.replace('_', ' ')} {value_text(one.claim, found.directory)}"
            for one in rows
        )
        who = chain_text(claim.root, claim.via, found.directory)
        subject = claim.subject.partition("/")[2] or claim.subject
        text = f"{who} {claim.modality.replace('_', ' ')} of {subject}: {values}"
        made.append(
            TimelineEntry(
                occurred=claim.occurred.edtf if claim.occurred else None,
                published=claim.published.edtf if claim.published else None,
                position=position,
                text=text,
                claims=[one.claim.attribute for one in rows],
            )
        )
    return made


def _order(claim: Claim) -> tuple[str, int]:
    """Order by the last day on which it can have been said."""
    return (claim.published.latest.isoformat() if claim.published else ""), claim.position
