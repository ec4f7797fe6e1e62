"""One statement changed twice, in a text and in the journal: both changes, where they can stand."""

from __future__ import annotations

from collections.abc import Mapping

from dealjournal.statements.pointing import Today
from domain.events import Statement, Terms


class Contradiction(Exception):
    """Both changed the same field, and to different values."""


def merged(given: Statement, old: Statement, new: Statement, today: Today) -> Statement:
    """Return what the journal says now, with what a text changed against the old entry.

    Raises:
        Contradiction: both changed the same field to different values, or what they make together
            is no statement.
    """
    if not type(given) is type(old) is type(new):
        raise Contradiction
    told = [_fields(today.told(one)) for one in (given, old, new)]
    written, kept = _fields(given), _fields(new)
    taken = {
        name: (written if _changes(name, *told) else kept).get(name)
        for name in dict.fromkeys((*written, *kept))
    }
    fields = {name: value for name, value in taken.items() if "." not in name}
    terms = {name[len("terms.") :]: value for name, value in taken.items() if "." in name}
    try:
        if any(value is not None for value in terms.values()):
            known = {name: value for name, value in terms.items() if value is not None}
            fields["terms"] = Terms.model_validate(known)
        return type(given).model_validate(fields)
    except ValueError:
        raise Contradiction from None


def _changes(
    name: str,
    given: Mapping[str, object],
    old: Mapping[str, object],
    new: Mapping[str, object],
) -> bool:
    """Whether a text changed a field; raise Contradiction when the journal changed it otherwise."""
    text, before, now = (one.get(name) for one in (given, old, new))
    if text == before:
        return False
    if now not in (before, text):
        raise Contradiction
    return True


def _fields(event: Statement) -> dict[str, object]:
    """Return the fields of a statement, its terms among them one by one."""
    fields = dict(event)
    terms = fields.pop("terms", None)
    if isinstance(terms, Terms):
        fields |= {f"terms.{name}": value for name, value in terms}
    return fields
