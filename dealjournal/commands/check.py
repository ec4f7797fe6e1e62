"""``dealjournal check``: what in the journal needs a person's eye."""

from __future__ import annotations

import click

from dealjournal.commands import completing
from dealjournal.commands.options import Read, Surroundings, read_options

_SEVERITIES = ("error", "warning", "info")


@click.command("check")
@click.argument("company", required=False, shell_complete=completing.companies)
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
    default="info",
    show_default=True,
    help="The least grave findings to show.",
)
@read_options
@click.pass_context
def command(context: click.Context, company: str | None, severity: str, read: Read) -> None:
    """Look for contradictions, weak quotes, stale rumours, outliers; exit 1 when some are found."""
    from dealjournal.commands.output import print_data, print_table, row, table
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party
    from dealjournal.shapes import Check, FindingShape
    from dealjournal.wording import counted

    surroundings: Surroundings = context.obj
    found = reading(surroundings, read)
    companies = (
        found.directory.companies()
        if company is None
        else (find_party(found.names, company, "company"),)
    )
    wanted = _SEVERITIES[: _SEVERITIES.index(severity) + 1]
    findings = [
        finding
        for one in companies
        for finding in found.findings(one)
        if finding.severity in wanted
    ]
    if read.form != "table":
        shapes = [
            FindingShape(
                code=finding.code,
                severity=finding.severity,
                subject=finding.subject,
                text=finding.text,
                positions=list(finding.positions),
            )
            for finding in findings
        ]
        print_data(Check(**found.header, findings=shapes), "findings", read.form)
    else:
        made = table(
            counted(len(findings), "finding"), ("severity", "code", "of", "what", "entries")
        )
        made.columns[1].no_wrap = True
        for finding in findings:
            places = " ".join(f"@{position}" for position in finding.positions)
            row(made, (finding.severity, finding.code, finding.subject, finding.text, places))
        print_table(made, found.header)
    if findings:
        context.exit(1)
