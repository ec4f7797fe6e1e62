"""What stands behind a claim, and how often figures with such backing are thought to hold."""

from __future__ import annotations

import re

from projections.claims import Claim
from projections.sources.settings import Backing, Sourced

_BACKING: dict[Sourced, Backing] = {
    "documents seen": "documents",
    "named or several people": "several people",
    "anonymous plural": "several people",
    "one unnamed person": "one person",
    "unattributed": "unattributed",
}
_NAMELESS = re.compile(r"\b(?:sources?|anonym\w*|unnamed|insiders?)\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:people|persons|personnes|several|plusieurs|investors|bankers|executives|proches"
    r"|two|three|four|five|deux|trois|quatre|cinq)\b",
    re.IGNORECASE,
)


def sourced(claim: Claim, *, is_named: bool) -> Sourced:
    """Return the class of what stands behind a claim.

    ``is_named`` says that the root itself is who knows: a person, a party, a regulator. Sources of
    whom a text tells nothing, however many, are less than people of whom it says what they know.
    """
    told = claim.sourcing
    if told is None:
        return "named or several people" if is_named else "unattributed"
    if told.documents_seen:
        return "documents seen"
    if told.on_record:
        return "named or several people"
    words = told.words or ""
    if told.count == 1:
        return "one unnamed person"
    if _NAMELESS.search(words):
        return "anonymous plural"
    if told.count is not None or _PEOPLE.search(words):
        return "named or several people"
    return "unattributed"


def backing(kind: Sourced) -> Backing:
    """Return the same as the card of a rumour has it."""
    return _BACKING[kind]
