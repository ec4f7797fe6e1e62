"""Identifiers of companies, checked by their check digits where they have them."""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import model_validator
from stdnum import lei
from stdnum.exceptions import ValidationError
from stdnum.fr import siren

from domain.values import Short, Value

Scheme = Literal["lei", "wikidata", "siren", "cik", "domain", "crunchbase", "ocf", "other"]
SCHEMES: tuple[str, ...] = get_args(Scheme)
_FORMS: dict[str, str] = {"wikidata": "Q followed by digits", "cik": "up to ten digits"}


class Identifier(Value):
    """The name of a party in somebody's register (after FollowTheMoney and python-stdnum)."""

    scheme: Scheme
    """Whose register: GLEIF, Wikidata, INSEE, SEC, DNS, Crunchbase, a company's ledger (ocf)."""
    value: Short
    """The identifier in its register's compact form."""

    @model_validator(mode="after")
    def _check_digits_hold(self) -> Self:
        if not _well_formed(self.scheme, self.value):
            form = _FORMS.get(self.scheme, "its check digits do not hold")
            msg = f"{self.value!r} is no {self.scheme}: {form}"
            raise ValueError(msg)
        return self


def compact(scheme: str, value: str) -> str:
    """Return an identifier as its register writes it, without spaces."""
    match scheme:
        case "lei":
            return lei.compact(value)
        case "siren":
            return siren.compact(value)
        case "domain":
            return value.strip().lower()
        case _:
            return value.strip()


def _well_formed(scheme: str, value: str) -> bool:
    match scheme:
        case "lei":
            return _holds(lei.validate, value)
        case "siren":
            return _holds(siren.validate, value)
        case "wikidata":
            return value[:1] == "Q" and value[1:].isascii() and value[1:].isdigit()
        case "cik":
            return value.isascii() and value.isdigit() and len(value) <= 10  # noqa: PLR2004 - SEC's own width
        case _:
            return True


def _holds(validate: object, value: str) -> bool:
    try:
        return callable(validate) and validate(value) == value
    except ValidationError:
        return False
