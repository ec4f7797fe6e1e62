"""From the objects of a ledger to its lines as events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from dealjournal.importers.ocf.json_text import Json, Thing
from dealjournal.importers.ocf.package import Object, Package
from dealjournal.statements.fields import sentence
from domain.errors import InvalidInput
from domain.events import (
    LedgerFiled,
    LedgerStatement,
    PlanFiled,
    PlanReturned,
    Ratio,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
    Statement,
)
from domain.values import (
    Attribution,
    Money,
    PartialDate,
    PartyId,
    Quote,
    SourceId,
)

_HOW = {
    "TRANSFER": "transferred",
    "CONVERSION": "converted",
    "CANCELLATION": "cancelled",
    "RETRACTION": "retracted",
    "REPURCHASE": "repurchased",
    "EXERCISE": "exercised",
    "RELEASE": "released",
    "REISSUANCE": "reissued",
}
_Made = TypeVar("_Made", bound=Statement)
_AROUND = 32
"""Characters of a quote's surroundings."""
_ONE_QUANTITY = "FIXED_AMOUNT_CONVERSION"
"""The one mechanism that says how many shares a convertible becomes."""


@dataclass(frozen=True)
class Whose:
    """Whose ledger it is, who says so, and who its holders are."""

    package: Package
    company: PartyId
    source: SourceId
    holders: Mapping[str, PartyId]
    """Parties by the ids of their stakeholders."""


def dated(day: date) -> PartialDate:
    """Return a day as a date."""
    return PartialDate(edtf=day.isoformat(), earliest=day, latest=day)


def provenance(one: Object, package: Package, source: SourceId) -> dict[str, Any]:
    """Return what says where an object was read, quoted by its id: that names it in its file."""
    text, document = one.text.text, one.text.hash
    start, end = one.thing.spans["id"]
    quote = Quote(
        exact=text[start:end],
        prefix=text[max(0, start - _AROUND) : start],
        suffix=text[end : end + _AROUND],
        start=start,
        end=end,
        document=document,
    )
    return {
        "document": document,
        "published": dated(package.as_of),
        "quotes": (quote,),
        "attribution": Attribution(root=source),
    }


def made(cls: type[_Made], one: Object, fields: Mapping[str, object]) -> _Made:
    """Return an event of an object.

    Raises:
        InvalidInput: a value is past what an entry can hold.
    """
    try:
        return cls.model_validate(dict(fields))
    except ValueError as error:
        raise InvalidInput((one.flaw(sentence(error)),)) from None


def lines(whose: Whose) -> Iterator[tuple[Object, LedgerStatement]]:
    """Give the lines of a ledger, each with its object; what changes no holding has none.

    Raises:
        InvalidInput: a line cannot be.
    """
    package = whose.package
    yield package.issuer, _line(LedgerFiled, package.issuer, whose, {}, package.as_of)
    for one in package.objects:
        if one.kind == "TX_STOCK_CONSOLIDATION":
            yield from _consolidated(one, whose)
        elif one.kind == "STOCK_CLASS":
            yield one, _line(ShareClassFiled, one, whose, _share_class(one), _founded(package))
        elif one.kind == "STOCK_PLAN":
            approved = one.get("board_approval_date")
            day = date.fromisoformat(approved) if approved else _founded(package)
            yield one, _line(PlanFiled, one, whose, _plan(one), day)
        elif (told := _transaction(one, whose)) is not None:
            cls, fields = told
            yield one, _line(cls, one, whose, fields, date.fromisoformat(one.get("date") or ""))


def _founded(package: Package) -> date:
    """Return the day from which that holds which the ledger does not date: the company's first."""
    return date.fromisoformat(package.issuer.get("formation_date") or "")


def _line(
    cls: type[LedgerStatement],
    one: Object,
    whose: Whose,
    fields: Mapping[str, object],
    day: date,
) -> LedgerStatement:
    if day > whose.package.as_of:
        text = f"{day} is after the day of the ledger, {whose.package.as_of}"
        raise InvalidInput((one.flaw(text, "date"),))
    given = {name: value for name, value in fields.items() if value is not None}
    told = {
        **provenance(one, whose.package, whose.source),
        "company": whose.company,
        "line": one.id,
        "occurred": dated(day),
        **given,
    }
    return made(cls, one, told)


def _transaction(
    one: Object, whose: Whose
) -> tuple[type[LedgerStatement], dict[str, object]] | None:
    match one.kind:
        case "TX_STOCK_CLASS_SPLIT":
            ratio = _ratio(one.thing.members["split_ratio"])
            return SharesSplit, {"share_class": one.get("stock_class_id"), "ratio": ratio}
        case "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT":
            return ShareClassFiled, _adjusted_class(one, whose.package)
        case "TX_STOCK_PLAN_POOL_ADJUSTMENT":
            return PlanFiled, _adjusted_plan(one, whose.package)
        case "TX_STOCK_PLAN_RETURN_TO_POOL":
            return PlanReturned, {
                "plan": one.get("stock_plan_id"),
                "security": one.get("security_id"),
                "quantity": _number(one, "quantity"),
                "words": one.get("reason_text"),
            }
        case kind if kind.endswith("_ISSUANCE") and kind.startswith("TX_"):
            return SecurityIssued, _issued(one, whose)
        case kind if kind.startswith("TX_") and kind.rpartition("_")[2] in _HOW:
            return SecurityReduced, _reduced(one)
        case _:
            return None


# ── classes and plans ────────────────────────────────────────────────────────────────────────────


def _share_class(one: Object) -> dict[str, object]:
    rights = one.thing.members.get("conversion_rights")
    first = rights[0] if isinstance(rights, list) and rights else None
    into, ratio = None, None
    if isinstance(first, Thing):
        into = first.members.get("converts_to_stock_class_id")
        ratio = _mechanism_ratio(one, first.members.get("conversion_mechanism"))
    return {
        "share_class": one.id,
        "name": one.get("name"),
        "preferred": one.get("class_type") == "PREFERRED",
        "votes": _number(one, "votes_per_share"),
        "converts_into": into,
        "ratio": ratio,
    }


def _mechanism_ratio(one: Object, mechanism: Json) -> Ratio | None:
    if not isinstance(mechanism, Thing) or "ratio" not in mechanism.members:
        return None
    try:
        return _ratio(mechanism.members["ratio"])
    except ValueError:
        text = "its conversion ratio is none: two numbers above zero are wanted"
        raise InvalidInput((one.flaw(text),)) from None


def _adjusted_class(one: Object, package: Package) -> dict[str, object]:
    known = _named(one, package, "STOCK_CLASS", "stock_class_id")
    mechanism = one.thing.members["new_ratio_conversion_mechanism"]
    return {**_share_class(known), "ratio": _mechanism_ratio(one, mechanism)}


def _plan(one: Object) -> dict[str, object]:
    single = one.get("stock_class_id")
    return {
        "plan": one.id,
        "name": one.get("plan_name"),
        "reserved": _number(one, "initial_shares_reserved"),
        "classes": (single,) if single else one.texts("stock_class_ids"),
        "returns": one.get("default_cancellation_behavior") == "RETURN_TO_POOL",
    }


def _adjusted_plan(one: Object, package: Package) -> dict[str, object]:
    known = _named(one, package, "STOCK_PLAN", "stock_plan_id")
    return {**_plan(known), "reserved": _number(one, "shares_reserved")}


def _named(one: Object, package: Package, kind: str, name: str) -> Object:
    wanted = one.get(name)
    for other in package.objects:
        if other.kind == kind and other.id == wanted:
            return other
    raise InvalidInput((one.flaw(f"no {kind} of this ledger has the id {wanted!r}", name),))


# ── securities ───────────────────────────────────────────────────────────────────────────────────


def _issued(one: Object, whose: Whose) -> dict[str, object]:
    holder = whose.holders.get(one.get("stakeholder_id") or "")
    if holder is None:
        wanted = one.get("stakeholder_id")
        text = f"no STAKEHOLDER of this ledger has the id {wanted!r}"
        raise InvalidInput((one.flaw(text, "stakeholder_id"),))
    common: dict[str, object] = {
        "security": one.get("security_id"),
        "holder": holder,
        "label": one.get("custom_id") or None,
        "share_class": one.get("stock_class_id"),
        "plan": one.get("stock_plan_id"),
        "quantity": _number(one, "quantity"),
    }
    match one.kind:
        case "TX_STOCK_ISSUANCE":
            price = _money(one, "share_price")
            return {
                **common,
                "instrument": "shares",
                "price": price,
                "form": one.get("issuance_type"),
            }
        case "TX_EQUITY_COMPENSATION_ISSUANCE":
            form = one.get("compensation_type")
            is_cash = form == "CSAR"
            price = _money(one, "exercise_price") or _money(one, "base_price")
            kind = "cash_award" if is_cash else "award"
            return {**common, "instrument": kind, "price": price, "form": form}
        case "TX_WARRANT_ISSUANCE":
            price = _money(one, "exercise_price")
            becomes = _becomes(one, "exercise_triggers")
            quantity = common["quantity"] or becomes[0]
            more = {"quantity": quantity, "share_class": becomes[1], "price": price}
            return {**common, **more, "instrument": "warrant"}
        case _:
            quantity, into = _becomes(one, "conversion_triggers")
            return {
                **common,
                "instrument": "convertible",
                "form": one.get("convertible_type"),
                "principal": _money(one, "investment_amount"),
                "quantity": quantity,
                "share_class": into,
            }


def _becomes(one: Object, name: str) -> tuple[Decimal | None, str | None]:
    """Return how many shares of which class a security becomes, where all its triggers agree."""
    triggers = one.thing.members.get(name)
    rights = [
        trigger.members.get("conversion_right")
        for trigger in (triggers if isinstance(triggers, list) else ())
        if isinstance(trigger, Thing)
    ]
    found = {_right(one, right) for right in rights if isinstance(right, Thing)}
    if len(found) != 1:
        return None, None
    return found.pop()


def _right(one: Object, right: Thing) -> tuple[Decimal | None, str | None]:
    mechanism, into = (
        right.members.get("conversion_mechanism"),
        right.members.get("converts_to_stock_class_id"),
    )
    quantity = None
    if isinstance(mechanism, Thing) and mechanism.members.get("type") == _ONE_QUANTITY:
        quantity = mechanism.members.get("converts_to_quantity")
    inner = Object(one.kind, mechanism, one.text, one.path) if isinstance(mechanism, Thing) else one
    number = _number(inner, "converts_to_quantity") if quantity is not None else None
    return number, into if isinstance(into, str) else None


def _reduced(one: Object) -> dict[str, object]:
    how = _HOW[one.kind.rpartition("_")[2]]
    return {
        "security": one.get("security_id"),
        "how": how,
        "quantity": _number(one, "quantity") or _converted(one),
        "principal": _money(one, "amount"),
        "into": one.texts("resulting_security_ids"),
        "balance": one.get("balance_security_id"),
        "split": one.get("split_transaction_id"),
        "words": one.get("reason_text"),
    }


def _converted(one: Object) -> Decimal | None:
    """Return how many shares were converted; a convertible is counted by its sum, not by units."""
    return _number(one, "quantity_converted") if one.kind == "TX_STOCK_CONVERSION" else None


def _consolidated(one: Object, whose: Whose) -> Iterator[tuple[Object, LedgerStatement]]:
    for security in one.texts("security_ids"):
        fields = {
            "security": security,
            "how": "consolidated",
            "into": (one.get("resulting_security_id"),),
            "words": one.get("reason_text"),
        }
        day = date.fromisoformat(one.get("date") or "")
        yield one, _line(SecurityReduced, one, whose, fields, day)


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _number(one: Object, name: str) -> Decimal | None:
    """Return a number that was checked, or one deeper down that was not.

    Raises:
        InvalidInput: it is none, or below zero.
    """
    value = one.thing.members.get(name)
    if value is None:
        return None
    text = value.removeprefix("+") if isinstance(value, str) else ""
    try:
        number = Decimal(text)
    except ArithmeticError:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise InvalidInput((one.flaw("a number of zero or more is wanted here", name),))
    return number


def _money(one: Object, name: str) -> Money | None:
    value = one.thing.members.get(name)
    if not isinstance(value, Thing):
        return None
    try:
        amount = str(value.members["amount"]).removeprefix("+")
        return Money.model_validate({"amount": amount, "currency": value.members["currency"]})
    except ValueError as error:
        raise InvalidInput((one.flaw(sentence(error), name),)) from None


def _ratio(value: Json) -> Ratio:
    members = value.members if isinstance(value, Thing) else {}
    parts = {
        name: str(members.get(name)).removeprefix("+") for name in ("numerator", "denominator")
    }
    return Ratio.model_validate(parts)
