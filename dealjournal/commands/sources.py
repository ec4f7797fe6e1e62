"""``dealjournal sources``: how good each source has been, and who merely repeats whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands import completing
from dealjournal.commands.options import Read, Surroundings, read_options

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from projections.sources.records import Edge, Record


@click.command("sources")
@click.argument("source", required=False, shell_complete=completing.sources)
@click.option("--svg", metavar="FILE", help="Draw the odds of rumours and their outcomes ('-').")
@read_options
@click.pass_obj
def command(surroundings: Surroundings, source: str | None, svg: str | None, read: Read) -> None:
    """Show track records of all sources, or of SOURCE with whom it repeats and who repeats it.

    Rates are shrunk towards the base rate and shown with their 90 % interval; fewer than five
    outcomes are too few. The order of the table is no ranking.
    """
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import reading
    from dealjournal.crediting import of_audit
    from dealjournal.naming import find_source

    if svg is not None and read.form != "table":
        msg = "--svg is a form of its own: leave out --json, --jsonl and --csv"
        raise click.UsageError(msg)
    found = reading(surroundings, read)
    one = find_source(found.names, source) if source else None
    if svg is not None:
        _draw(found, svg)
        return
    records = [found.audit.record(one)] if one else found.audit.records()
    if read.form != "table":
        print_data(of_audit(found.audit, records, found.header), "sources", read.form)
    elif one:
        _print_record(found, records[0])
    else:
        _print_records(found, records)


def _print_records(found: Reading, records: list[Record]) -> None:
    from dealjournal.commands.output import console, print_table, row, table
    from dealjournal.crediting import forecasts_text, prior_text, rate_text

    columns = ("source", "claims", "rumours", "came true", "figures held", "lead", "error", "own")
    made = table("Sources" if records else "Sources: none", columns)
    for one in records:
        row(
            made,
            (
                found.directory.source_name(one.source),
                str(one.claims),
                _statuses(one),
                rate_text(one.closing) if one.closing.outcomes else "",
                f"{one.held} of {len(one.figures)}" if one.figures else "",
                "" if one.median_lead_days is None else str(one.median_lead_days),
                "" if one.bias is None else f"{one.bias:+.1%}",
                "" if one.originality is None else f"{one.originality:.0%}",
            ),
        )
    print_table(made, found.header)
    out = console()
    features = [
        f"{kind}: {name}: {rate_text(rate)}" for (kind, name), rate in found.audit.features.items()
    ]
    signed = [
        f"signed by {who}: {rate_text(rate)}" for who, rate in found.audit.journalists.items()
    ]
    for line in (prior_text(found.audit), forecasts_text(found.audit), *features, *signed):
        out.print(line, style="dim", markup=False)


def _statuses(one: Record) -> str:
    return ", ".join(
        f"{count} {status.replace('_', ' ')}" for status, count in sorted(one.statuses.items())
    )


def _print_record(found: Reading, one: Record) -> None:
    from dealjournal.commands.output import Cards, print_cards
    from dealjournal.crediting import prior_text, rate_text

    directory = found.directory
    made = Cards(f"{directory.source_name(one.source)}: {one.claims} claims of its own")
    made.add(
        f"Rumours of rounds: {one.closing.outcomes} of {one.rounds} answered",
        {
            "how they stand": _statuses(one),
            "came true": rate_text(one.closing),
            "prior": prior_text(found.audit),
            "by the horizon": _or_nothing(one.incidence, "{:.3f}, open ones counted"),
            "decided alone": _or_nothing(one.resolved_only, "{:.3f}, which flatters"),
            "median lead": _or_nothing(one.median_lead_days, "{} days"),
            "told first": f"{one.first} of {one.rounds} rounds" if one.rounds else "",
        },
    )
    held = f"{one.held} of {len(one.figures)}"
    errors = {
        "held": held,
        "median error": _or_nothing(one.median_error, "{:.3f} of |ln(said / actual)|"),
        "bias": _or_nothing(one.bias, "{:+.1%}"),
    }
    made.add(f"Figures that a principal answered: {len(one.figures)}", errors)
    made.add(f"Hits and misses: {len(one.endings) + len(one.figures)}", _timeline(found, one))
    if one.closing.outcomes:
        made.add("Rumours by what they say: ", _counted(found, one))
    made.add(
        f"What is its own: {_or_nothing(one.originality, '{:.0%}')}",
        {
            "originality": _or_nothing(one.originality, "{:.3f}")
            + f" ({one.claims} claims of its own, {one.passed_on} passed on)",
            "drifted": f"{one.drifted} of {one.passed_on} that it passed on"
            if one.passed_on
            else "",
            "corrections": str(one.corrections) if one.corrections else "",
            **{f"repeats {name}": text for name, text in _edges(found, one.repeats, own=True)},
            **{
                f"repeated by {name}": text
                for name, text in _edges(found, one.repeated_by, own=False)
            },
        },
    )
    print_cards(made, found.header)


def _timeline(found: Reading, one: Record) -> dict[str, str]:
    """Return a line for each rumour and figure, oldest first, by its day and first claim."""
    from dealjournal.crediting import ended_text, said_text
    from projections.sources.track import track

    return {
        f"{told.said} @{told.claims[0].position} {'figure' if told.is_figure else 'rumour'}": (
            f"{told.subject}: {said_text(told, found.directory)}:"
            f" {ended_text(told, found.directory)}"
        )
        for told in track(one.endings, one.figures)
    }


def _counted(found: Reading, one: Record) -> dict[str, str]:
    """Return rates by feature and by who signed, of the rumours of one source."""
    from dealjournal.crediting import rate_text

    features = found.audit.features_of(one.source).items()
    signed = found.audit.journalists_of(one.source).items()
    return {f"{kind}: {name}": rate_text(rate) for (kind, name), rate in features} | {
        f"signed by {name}": rate_text(rate) for name, rate in signed
    }


def _edges(found: Reading, edges: tuple[Edge, ...], *, own: bool) -> list[tuple[str, str]]:
    name = found.directory.source_name
    return [
        (
            name(edge.origin if own else edge.repeater),
            f"{edge.times} x {edge.method}, {edge.confidence:.3f} sure"
            + (f", through {', '.join(map(name, edge.chain))}" if edge.chain else "")
            + (f", {edge.drifted} drifted" if edge.drifted else ""),
        )
        for edge in edges
    ]


def _or_nothing(value: object | None, text: str) -> str:
    return "" if value is None else text.format(value)


def _draw(found: Reading, svg: str) -> None:
    from dealjournal.commands.output import footer, talk, write
    from dealjournal.drawing.reliability_svg import reliability_svg
    from dealjournal.drawing.saving import save
    from projections.sources.calibration import reliability

    text = reliability_svg(reliability(found.audit.forecasts), footer(found.header))
    if svg == "-":
        write(text, newline=False)
        return
    save(Path(svg), text)
    talk(f"{svg}: written")
