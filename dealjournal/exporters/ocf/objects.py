"""From the lines of a ledger to the objects of OCF.

An object that was filed is written as it was; what an entry says now takes the place of what the
object said. What no entry and no document says is filled in so that the object is whole, and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import assert_never

from dealjournal.exporters.ocf.filed import Filed, Thing
from dealjournal.ocf_words import fields_of
from domain.events import (
    LedgerStatement,
    PlanFiled,
    PlanReturned,
    Ratio,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
)
from domain.events.ledgers import SecurityKind
from domain.values import Money, PartyId

_WHAT: Mapping[SecurityKind, str] = {
    "shares": "STOCK",
    "award": "EQUITY_COMPENSATION",
    "cash_award": "EQUITY_COMPENSATION",
    "warrant": "WARRANT",
    "convertible": "CONVERTIBLE",
}
_HOW = {
    "transferred": "TRANSFER",
    "converted": "CONVERSION",
    "cancelled": "CANCELLATION",
    "retracted": "RETRACTION",
    "repurchased": "REPURCHASE",
    "exercised": "EXERCISE",
    "released": "RELEASE",
    "reissued": "REISSUANCE",
    "consolidated": "CONSOLIDATION",
}
UNKNOWN = "not recorded in the journal"


@dataclass
class Writer:
    """Makes objects, and notes what it had to fill in."""

    filed: Filed
    holders: Mapping[PartyId, str]
    """The ids of the stakeholders that parties are."""
    issues: Mapping[str, SecurityIssued]
    """How each security was issued."""
    founded: date
    """The day from which what the ledger does not date holds."""
    filled: list[tuple[str, str, str]] = field(default_factory=list)
    """What was filled in: the kind of the object, its id, the field."""

    def object_of(self, event: LedgerStatement) -> Thing | None:
        """Return the object of a line; None where it has none, or it cannot be one."""
        match event:
            case ShareClassFiled():
                return self._share_class(event)
            case PlanFiled():
                return self._plan(event)
            case SecurityIssued():
                return self._issued(event)
            case SecurityReduced():
                return self._reduced(event)
            case SharesSplit():
                made = self._begun("TX_STOCK_CLASS_SPLIT", event)
                _put(made, "stock_class_id", event.share_class)
                _put(made, "split_ratio", event.ratio)
                return self._whole(made)
            case PlanReturned():
                made = self._begun("TX_STOCK_PLAN_RETURN_TO_POOL", event)
                _put(made, "stock_plan_id", event.plan)
                _put(made, "security_id", event.security)
                _put(made, "quantity", event.quantity)
                _put(made, "reason_text", event.words or None)
                return self._whole(made)
            case _:
                return None

    def consolidated(self, events: Sequence[SecurityReduced]) -> Thing:
        """Return the one object of the lines by which securities became one."""
        first = events[0]
        made = self._begun("TX_STOCK_CONSOLIDATION", first)
        made["security_ids"] = [one.security for one in events]
        made["resulting_security_id"] = first.into[0]
        _put(made, "reason_text", first.words or None)
        return self._whole(made)

    # ── each kind ────────────────────────────────────────────────────────────────────────────────

    def _share_class(self, event: ShareClassFiled) -> Thing:
        if event.line != event.share_class:
            made = self._begun("TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT", event)
            _put(made, "stock_class_id", event.share_class)
            mechanism = made.setdefault("new_ratio_conversion_mechanism", {})
            self._mechanism(mechanism, event)
            return self._whole(made)
        made = self._begun("STOCK_CLASS", event)
        _put(made, "name", event.name)
        _put(made, "class_type", "PREFERRED" if event.preferred else "COMMON")
        _put(made, "votes_per_share", event.votes)
        if event.ratio is not None:
            rights = made.setdefault("conversion_rights", [])
            if not rights:
                rights.append({"type": "STOCK_CLASS_CONVERSION_RIGHT", "conversion_mechanism": {}})
            _put(rights[0], "converts_to_stock_class_id", event.converts_into)
            self._mechanism(rights[0].setdefault("conversion_mechanism", {}), event)
        return self._whole(made)

    def _mechanism(self, mechanism: Thing, event: ShareClassFiled) -> None:
        if not mechanism:
            mechanism |= {
                "type": "RATIO_CONVERSION",
                "conversion_price": {"amount": "0", "currency": "XXX"},
                "rounding_type": "NORMAL",
            }
            self._note("STOCK_CLASS", event.share_class, "conversion_price")
        _put(mechanism, "ratio", event.ratio)

    def _plan(self, event: PlanFiled) -> Thing:
        if event.line != event.plan:
            made = self._begun("TX_STOCK_PLAN_POOL_ADJUSTMENT", event)
            _put(made, "stock_plan_id", event.plan)
            _put(made, "shares_reserved", event.reserved)
            return self._whole(made)
        made = self._begun("STOCK_PLAN", event)
        _put(made, "plan_name", event.name)
        _put(made, "initial_shares_reserved", event.reserved)
        if event.occurred is not None and event.occurred.earliest != self.founded:
            _put(made, "board_approval_date", event.occurred.earliest.isoformat())
        if (made.get("stock_class_id"),) != event.classes:
            made.pop("stock_class_id", None)
            made["stock_class_ids"] = list(event.classes)
        if event.returns:
            made["default_cancellation_behavior"] = "RETURN_TO_POOL"
        elif made.get("default_cancellation_behavior") == "RETURN_TO_POOL":
            del made["default_cancellation_behavior"]
        return self._whole(made)

    def _issued(self, event: SecurityIssued) -> Thing:
        what = _WHAT[event.instrument]
        made = self._begun(f"TX_{what}_ISSUANCE", event)
        _put(made, "security_id", event.security)
        _put(made, "stakeholder_id", self.holders[event.holder])
        made["custom_id"] = event.label or made.get("custom_id") or ""
        match event.instrument:
            case "shares":
                _put(made, "stock_class_id", event.share_class)
                _put(made, "stock_plan_id", event.plan)
                _put(made, "quantity", event.quantity)
                _put(made, "share_price", event.price)
                _put(made, "issuance_type", event.form)
            case "award" | "cash_award":
                _put(made, "stock_class_id", event.share_class)
                _put(made, "stock_plan_id", event.plan)
                _put(made, "quantity", event.quantity)
                _put(made, "compensation_type", event.form)
                is_appreciation = event.form in {"CSAR", "SSAR"}
                _put(made, "base_price" if is_appreciation else "exercise_price", event.price)
            case "warrant":
                if "exercise_triggers" not in made or "quantity" in made:
                    _put(made, "quantity", event.quantity)
                _put(made, "exercise_price", event.price)
                self._triggers(made, "exercise_triggers", event)
            case "convertible":
                self._triggers(made, "conversion_triggers", event)
                _put(made, "convertible_type", event.form)
                _put(made, "investment_amount", event.principal)
            case _:
                assert_never(event.instrument)
        return self._whole(made)

    def _triggers(self, made: Thing, name: str, event: SecurityIssued) -> None:
        """Say what a security becomes, as far as that is recorded."""
        if name in made:
            return
        mechanism: Thing = {
            "type": "CUSTOM_CONVERSION",
            "custom_conversion_description": UNKNOWN,
        }
        if event.instrument == "convertible" and event.quantity is not None:
            mechanism = {
                "type": "FIXED_AMOUNT_CONVERSION",
                "converts_to_quantity": f"{event.quantity:f}",
            }
        right: Thing = {
            "type": f"{_WHAT[event.instrument]}_CONVERSION_RIGHT",
            "conversion_mechanism": mechanism,
        }
        _put(right, "converts_to_stock_class_id", event.share_class)
        trigger = {"type": "UNSPECIFIED", "trigger_id": UNKNOWN, "conversion_right": right}
        made[name] = [trigger]
        self._note(made["object_type"], event.line, name)

    def _reduced(self, event: SecurityReduced) -> Thing | None:
        issued = self.issues[event.security]
        kind = f"TX_{_WHAT[issued.instrument]}_{_HOW[event.how]}"
        made = self._begun(kind, event)
        fields = fields_of(kind)
        _put(made, "security_id", event.security)
        sized = "quantity_converted" if kind == "TX_STOCK_CONVERSION" else "quantity"
        if sized in fields:
            _put(made, sized, event.quantity if event.quantity is not None else issued.quantity)
        if "amount" in fields:
            _put(made, "amount", event.principal or issued.principal)
        if "resulting_security_ids" in fields:
            made["resulting_security_ids"] = list(event.into)
        _put(made, "balance_security_id", event.balance)
        _put(made, "split_transaction_id", event.split)
        if "reason_text" in fields:
            _put(made, "reason_text", event.words or None)
        return self._whole(made)

    # ── what is missing ──────────────────────────────────────────────────────────────────────────

    def _begun(self, kind: str, event: LedgerStatement) -> Thing:
        made = self.filed.of(kind, event.line) or {"object_type": kind, "id": event.line}
        if "date" in fields_of(kind) and event.occurred is not None:
            _put(made, "date", event.occurred.earliest.isoformat())
        return made

    def _whole(self, made: Thing) -> Thing:
        """Fill in what an object must have and nothing says."""
        kind = made["object_type"]
        for name, (form, needed) in fields_of(kind).items():
            if needed and name not in made:
                made[name] = _filling(name, form, made.get("date"))
                if made[name] != []:
                    self._note(kind, made["id"], name)
        return made

    def _note(self, kind: str, name: str, what: str) -> None:
        self.filled.append((kind, name, what))


def _filling(name: str, form: str, day: str | None) -> object:
    """Return what stands in for a field that nothing says."""
    if name in _FILLINGS:
        return _FILLINGS[name]
    match form:
        case "number":
            return "0"
        case "money":
            return {"amount": "0", "currency": "XXX"}
        case "date":
            return day
        case "ids":
            return []
        case "?":
            return 1 if name == "seniority" else []
        case _:
            return UNKNOWN


_FILLINGS: Mapping[str, object] = {
    "initial_shares_authorized": "NOT APPLICABLE",
    "expiration_date": None,
    "compensation_type": "RSU",
    "convertible_type": "CONVERTIBLE_SECURITY",
}
"""What must be of a certain form, and is not known."""


def _put(made: Thing, name: str, value: str | Decimal | Money | Ratio | None) -> None:
    """Set a field to what an entry says; what says the same already keeps its writing."""
    if value is None or _same(made.get(name), value):
        return
    match value:
        case str():
            made[name] = value
        case Decimal():
            made[name] = f"{value:f}"
        case Money():
            made[name] = {"amount": f"{value.amount:f}", "currency": value.currency}
        case Ratio():
            made[name] = {
                "numerator": f"{value.numerator:f}",
                "denominator": f"{value.denominator:f}",
            }
        case _:
            assert_never(value)


def _same(written: object, value: str | Decimal | Money | Ratio) -> bool:
    match value:
        case str():
            return written == value
        case Decimal():
            return _number(written) == value
        case Money():
            return (
                isinstance(written, dict)
                and written.get("currency") == value.currency
                and _number(written.get("amount")) == value.amount
            )
        case Ratio():
            return isinstance(written, dict) and (
                _number(written.get("numerator")),
                _number(written.get("denominator")),
            ) == (value.numerator, value.denominator)
        case _:
            assert_never(value)


def _number(written: object) -> Decimal | None:
    try:
        return Decimal(written) if isinstance(written, str) else None
    except InvalidOperation:
        return None
