"""Finding what a person means by a name: exact names first, near ones only as suggestions."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from domain.errors import UnknownEntity
from domain.values import PartyId, RoundId, SourceId
from projections.directory import Directory, Profile, folded
from projections.ownership import OTHERS, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.ownership import Study

_NEAR = 70
"""Least likeness of a suggestion, in rapidfuzz's weighted ratio from 0 to 100."""
_MOST = 3


def find_party(directory: Directory, name: str, kind: str = "party") -> PartyId:
    """Return the party that a name or slug means; ``kind`` is what a refusal calls it.

    Raises:
        UnknownEntity: none, with near names; or several.
    """
    return PartyId(directory.shown(_find(kind, directory.parties, directory.parties_by_name, name)))


def find_source(directory: Directory, name: str) -> SourceId:
    """Return the source that a name or slug means.

    Raises:
        UnknownEntity: none, with near names; or several.
    """
    return SourceId(_find("source", directory.sources, directory.sources_by_name, name))


def find_round(directory: Directory, name: str, company: str | None = None) -> RoundId:
    """Return the round that ``company/slug`` means; the slug is enough where the company is known.

    Raises:
        UnknownEntity: none, with near names.
    """
    left, slash, right = name.partition("/")
    if not slash and company is None:
        msg = f"a round is named company/slug, such as mistral-ai/series-b, not {name!r}"
        raise UnknownEntity(msg)
    full = f"{find_party(directory, left, 'company')}/{right}" if slash else f"{company}/{name}"
    if full in directory.rounds:
        return RoundId(directory.shown(full))
    known = [one for one in directory.rounds if company is None or one.startswith(f"{company}/")]
    msg = f"no round {full!r} is known{did_you_mean(full, known)}"
    raise UnknownEntity(msg)


def find_holder(directory: Directory, study: Study, name: str) -> PartyId:
    """Return the holder that a name or slug means: a party that may have shares, or a group.

    Raises:
        UnknownEntity: none, with near names; or nobody says that it holds shares.
    """
    party = find_party(directory, name, "holder")
    holders = study.shares.holders()
    if not set(study.shares.atoms(party)).intersection(holders):
        names = [directory.party_name(one) for one in holders if not one.startswith(OTHERS)]
        near = did_you_mean(name, names)
        msg = f"nobody says that {directory.party_name(party)} holds shares{near}"
        raise UnknownEntity(msg)
    return party


@contextmanager
def suggesting() -> Generator[None]:
    """Answer a name within words, which nobody knows, with near names.

    Raises:
        UnknownEntity: there is one.
    """
    try:
        yield
    except UnknownName as error:
        known = {folded(one): one for one in reversed(error.known)}
        msg = f"{error}{did_you_mean(error.name, known.values())}"
        raise UnknownEntity(msg) from None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a half-sentence that suggests near names; empty when none is near."""
    known = list(dict.fromkeys(names))
    near = process.extract(
        name, known, scorer=fuzz.ratio, processor=str.casefold, limit=_MOST, score_cutoff=_NEAR
    ) or process.extract(
        name, known, scorer=fuzz.WRatio, processor=str.casefold, limit=_MOST, score_cutoff=_NEAR
    )
    found = [match[0] for match in near]
    return f"; did you mean {' or '.join(repr(one) for one in found)}?" if found else ""


def _find(
    kind: str,
    profiles: Mapping[PartyId, Profile] | Mapping[SourceId, Profile],
    by_name: Mapping[str, tuple[str, ...]],
    name: str,
) -> str:
    if name in profiles:
        return name
    found = by_name.get(folded(name), ())
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"{name!r} can mean {' or '.join(found)}; write the slug"
        raise UnknownEntity(msg)
    names = [
        one
        for slug, profile in profiles.items()
        for one in (
            *profile.names,
            *(() if folded(slug) in map(folded, profile.names) else (slug,)),
        )
    ]
    msg = f"no {kind} {name!r} is known{did_you_mean(name, names)}"
    raise UnknownEntity(msg)
