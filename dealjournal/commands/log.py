"""``dealjournal log``: the entries as the journal holds them."""

from __future__ import annotations

import click

from dealjournal.commands.options import Read, Surroundings, read_options


@click.command("log")
@click.argument("entry", required=False)
@click.option("--stream", help="Only streams whose name holds this text.")
@read_options
@click.pass_obj
def command(surroundings: Surroundings, entry: str | None, stream: str | None, read: Read) -> None:
    """Show the entries, voided ones included, or one ENTRY whole (@POSITION or id)."""
    from dealjournal.commands.output import (
        json_text,
        print_data,
        print_table,
        row,
        table,
        write,
    )
    from dealjournal.commands.times import asked
    from dealjournal.commands.writing import find_entry
    from dealjournal.plain import stream_text
    from dealjournal.reading import Reading
    from dealjournal.shapes import Log, of_entry
    from projections.rules import Rules
    from projections.times import listed, voids

    if read.believe != "rumored":
        msg = "the log shows every entry, believed or not; leave --believe out"
        raise click.UsageError(msg)
    with surroundings.open(read.journal) as journal:
        entries = journal.entries()
        name, rules = journal.location.name, Rules(journal.rates())
    found = Reading(name, entries, asked(read, entries, surroundings.clock().date()), rules)
    shown = listed(entries, found.asked.times)
    if entry is not None:
        shown = [find_entry(shown, entry)]
    shown = [one for one in shown if stream is None or stream in one.stream]
    gone = voids(entries, found.asked.times.known_until)
    shapes = [of_entry(one, gone.get(one.event_id)) for one in shown]
    if read.form != "table":
        print_data(Log(**found.header, entries=shapes), "entries", read.form)
        return
    if entry is not None:
        write(json_text(shapes[0].model_dump(mode="json"), indent=2))
        return
    made = table("Entries", ("@", "recorded", "by", "event", "of", "says", "state"))
    for one in shapes:
        row(
            made,
            (
                str(one.position),
                one.recorded_at[:19],
                one.recorded_by,
                one.type.partition(".")[0].replace("_", " "),
                stream_text(one.stream),
                _says(one.data),
                f"void by @{one.voided_by}" if one.voided_by else "",
            ),
        )
    print_table(made, found.header)


def _says(data: dict[str, object]) -> str:
    """Return what tells an entry from its neighbours: its quote, or its first own words."""
    from dealjournal.plain import shortened

    quotes = data.get("quotes")
    if isinstance(quotes, list) and quotes:
        text = str(quotes[0].get("exact", ""))
    else:
        told = (data.get(key) for key in ("name", "title", "reason", "address", "publisher"))
        text = str(next((one for one in told if one), ""))
    return shortened(text, 60)
