"""``dealjournal export ocf``: a company's ledger of shares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, company_argument, journal_option
from dealjournal.location import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.exporters.ocf import Ledger, Left


@click.command("ocf")
@company_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER|ZIP",
    help="Write a new folder, or an archive where the name ends in .zip.",
)
@click.option("--at", metavar="DATE", help="The ledger as it was at the end of that day.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What could not be written, claim by claim, as JSON in a new file.",
)
@journal_option
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    out: Path | None,
    at: str | None,
    report_file: Path | None,
    journal: Location | None,
) -> None:
    """Write what is confirmed of a company's ledger in Open Cap Format (OCF).

    Everything that 'import ocf' took in comes out again, with what was corrected since. What OCF
    has no words for is told: rumours, ranges, contradicted claims, what is said in words. Without
    --out all files are printed as one JSON object, by their names.
    """
    from dealjournal.commands.output import talk
    from dealjournal.commands.saving import write_new
    from dealjournal.exporters.ocf import gather, packed, report, save
    from dealjournal.naming import find_party
    from dealjournal.reading import Asked, Reading
    from domain.errors import Refusal
    from domain.writing import parse_date
    from projections.times import Times

    day = parse_date(at).latest if at is not None else None
    if report_file is not None and report_file.exists():
        msg = f"{report_file} is there already, and is not overwritten; choose another name"
        raise Refusal(msg)
    with surroundings.open(journal) as opened:
        today = surroundings.clock().date()
        reading = Reading(opened.location.name, opened.entries(), Asked(Times(true_on=today)))
        party = find_party(reading.directory, company, "company")
        entries = reading.view.entries
        ledger = gather(party, entries, reading.directory, opened.text, day)
        left = report(reading.rows_of(party))
        files = packed(ledger)
        if out is None:
            shown = {name: json.loads(data) for name, data in files.items()}
            click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        else:
            save(files, out)
            talk(f"written: {out}")
        if report_file is not None:
            text = json.dumps(_reported(ledger, left), ensure_ascii=False, indent=2)
            write_new(report_file, text + "\n")
            talk(f"written: {report_file}")
    for line in _told(ledger, left):
        talk(line)


def _told(ledger: Ledger, left: Sequence[Left]) -> list[str]:
    """Return what could not be written, counted."""
    from collections import Counter

    from dealjournal.exporters.ocf.reporting import SOURCES

    told = [f"the ledger of {ledger.company} on {ledger.as_of}: {len(ledger.objects)} objects"]
    why = Counter(one.why for one in left)
    told += [f"{count} not written: {reason}" for reason, count in sorted(why.items())]
    if ledger.unconfirmed:
        places = ", ".join(f"@{position}" for position in ledger.unconfirmed)
        told.append(f"not written: {places}, lines that neither company nor register vouches for")
    filled = Counter(field for _, _, field in ledger.filled)
    told += [f"{count} filled in: {name} is not recorded" for name, count in sorted(filled.items())]
    told += [f"{kind} {name!r} is not written: {reason}" for kind, name, reason in ledger.dropped]
    told.append(f"OCF has no place for {SOURCES}")
    return told


def _reported(ledger: Ledger, left: Sequence[Left]) -> dict[str, object]:
    from collections import Counter

    from dealjournal.exporters.ocf.reporting import SOURCES

    return {
        "company": ledger.company,
        "as_of": ledger.as_of.isoformat(),
        "objects": dict(sorted(Counter(one["object_type"] for one in ledger.objects).items())),
        "left_out": [
            {
                "position": one.position,
                "subject": one.subject,
                "attribute": one.attribute,
                "why": one.why,
            }
            for one in left
        ],
        "unconfirmed": ledger.unconfirmed,
        "filled_in": [
            {"object_type": kind, "id": name, "field": what} for kind, name, what in ledger.filled
        ],
        "not_carried_over": [
            {"object_type": kind, "id": name, "why": why} for kind, name, why in ledger.dropped
        ],
        "no_place_for": SOURCES,
    }
