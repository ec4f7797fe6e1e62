"""Ledgers of invented companies, each with a table that is kept by hand beside it.

The table never looks at securities: every deed changes the numbers of holders itself. So it cannot
share a mistake with the program, which knows only securities and what became of them.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

START = date(2021, 3, 1)
PEOPLE = ("Ines Kepler", "Odd Lund", "Mara Quill", "Tarn Holding", "Brook Fund II")
FILES = {
    "stock_plans_files": ("OCF_STOCK_PLANS_FILE", ("STOCK_PLAN",)),
    "stock_legend_templates_files": ("OCF_STOCK_LEGEND_TEMPLATES_FILE", ()),
    "stock_classes_files": ("OCF_STOCK_CLASSES_FILE", ("STOCK_CLASS",)),
    "vesting_terms_files": ("OCF_VESTING_TERMS_FILE", ()),
    "valuations_files": ("OCF_VALUATIONS_FILE", ()),
    "transactions_files": ("OCF_TRANSACTIONS_FILE", ("TX",)),
    "stakeholders_files": ("OCF_STAKEHOLDERS_FILE", ("STAKEHOLDER",)),
}
Thing = dict[str, Any]


def text(number: Fraction | int) -> str:
    """Return a number as OCF writes it: at most ten digits after the point."""
    whole = Fraction(number)
    scaled = whole * 10**10
    assert scaled.denominator == 1, "the test asks for a number that OCF cannot write"
    digits = f"{int(scaled):011d}"
    return f"{digits[:-10]}.{digits[-10:]}".rstrip("0").rstrip(".")


def money(amount: int | str, currency: str = "EUR") -> Thing:
    """Return a sum as OCF writes it."""
    return {"amount": str(amount), "currency": currency}


@dataclass
class Table:
    """What everybody has on a day, kept by hand."""

    shares: dict[tuple[str, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """By holder and class."""
    awards: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """Options on common shares, by holder."""
    warrants: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """On common shares, by holder."""
    lent: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Sums of convertibles, by holder."""
    pool: Fraction = Fraction(0)
    """What can still be granted, in common shares."""
    ratio: Fraction = Fraction(1)
    """Common shares for one preferred one."""

    def copied(self) -> Table:
        """Return the same numbers as others."""
        return Table(
            defaultdict(Fraction, self.shares),
            defaultdict(Fraction, self.awards),
            defaultdict(Fraction, self.warrants),
            defaultdict(int, self.lent),
            self.pool,
            self.ratio,
        )

    def holdings(self) -> dict[tuple[str, str], Fraction]:
        """Return the issued shares of those who have any."""
        return {key: number for key, number in self.shares.items() if number}

    def basis(self, basis: str) -> tuple[dict[str, Fraction], Fraction]:
        """Return what everybody has on a basis, and the pool."""
        votes = {"common": Fraction(1), "preferred": Fraction(10)}
        found: dict[str, Fraction] = defaultdict(Fraction)
        for (who, kind), number in self.shares.items():
            weight = {
                "issued": Fraction(1),
                "votes": votes[kind],
                "fully_diluted": self.ratio if kind == "preferred" else Fraction(1),
            }[basis]
            found[who] += number * weight
        if basis == "fully_diluted":
            for more in (self.awards, self.warrants):
                for who, number in more.items():
                    found[who] += number
        pool = self.pool if basis == "fully_diluted" else Fraction(0)
        return {who: number for who, number in found.items() if number}, pool


@dataclass
class Security:
    """A security that somebody holds."""

    id: str
    what: str
    who: str
    kind: str
    number: Fraction
    """Shares, or a sum."""


class Book:
    """Writes a ledger deed by deed, and keeps the table."""

    def __init__(self, name: str = "Pelican Optics", issuer: str = "issuer-1") -> None:
        self.day = START
        self.table = Table()
        self.tables: dict[date, Table] = {}
        self.open: list[Security] = []
        self.count = 0
        self.issuer: Thing = {
            "object_type": "ISSUER",
            "id": issuer,
            "legal_name": name,
            "formation_date": START.isoformat(),
            "country_of_formation": "FR",
        }
        self.reserved = Fraction(0)
        self.objects: list[Thing] = [
            self._class("common", "Common", "COMMON", 1),
            {
                **self._class("preferred", "Preferred A", "PREFERRED", 10),
                "conversion_rights": [_right("common", "1", "1")],
            },
            *(
                {
                    "object_type": "STAKEHOLDER",
                    "id": f"h-{number}",
                    "name": {"legal_name": who},
                    "stakeholder_type": "INDIVIDUAL" if number < 3 else "INSTITUTION",
                }
                for number, who in enumerate(PEOPLE)
            ),
        ]

    @staticmethod
    def _class(name: str, label: str, kind: str, votes: int) -> Thing:
        return {
            "object_type": "STOCK_CLASS",
            "id": name,
            "name": label,
            "class_type": kind,
            "default_id_prefix": label[:1],
            "initial_shares_authorized": "UNLIMITED",
            "votes_per_share": str(votes),
            "seniority": "1",
        }

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def id(self, what: str) -> str:
        """Return an id that nothing has."""
        self.count += 1
        return f"{what}-{self.count}"

    def add(self, kind: str, **fields: Any) -> Thing:
        """Add a transaction."""
        made = {"object_type": kind, "id": self.id("tx"), "date": self.day.isoformat(), **fields}
        self.objects.append(made)
        return made

    def later(self, days: int) -> None:
        """Let days pass; the table as it was holds until then."""
        self.tables[self.day] = self.table.copied()
        self.day += timedelta(days=days)

    def issue(self, what: str, who: str, kind: str, number: Fraction, **fields: Any) -> Security:
        """Write an issuance, without a change of the table."""
        security = Security(self.id("s"), what, who, kind, number)
        common = {
            "security_id": security.id,
            "custom_id": f"C-{self.count}",
            "stakeholder_id": f"h-{PEOPLE.index(who)}",
            "security_law_exemptions": [],
        }
        if what == "STOCK":
            common |= {"stock_class_id": kind, "share_price": money("0.01")}
            common |= {"quantity": text(number), "stock_legend_ids": []}
        elif what == "EQUITY_COMPENSATION":
            common |= {"compensation_type": "OPTION", "exercise_price": money(1)}
            common |= {"quantity": text(number), "stock_plan_id": "plan", "expiration_date": None}
            common |= {"termination_exercise_windows": []}
        elif what == "WARRANT":
            common |= {"quantity": text(number), "purchase_price": money(5)}
            common |= {"exercise_triggers": [_trigger("WARRANT", "common")]}
        else:
            common |= {"convertible_type": "NOTE", "investment_amount": money(text(number))}
            common |= {
                "conversion_triggers": [_trigger("CONVERTIBLE", "preferred")],
                "seniority": 1,
            }
        self.add(f"TX_{what}_ISSUANCE", **common, **fields)
        self.open.append(security)
        return security

    def end(self, security: Security) -> None:
        """Let a security be no more."""
        self.open.remove(security)

    def move(self, security: Security, number: Fraction, sign: int) -> None:
        """Change the table by a number of a security's kind."""
        if security.what == "STOCK":
            self.table.shares[security.who, security.kind] += sign * number
        elif security.what == "EQUITY_COMPENSATION":
            self.table.awards[security.who] += sign * number
        elif security.what == "WARRANT":
            self.table.warrants[security.who] += sign * number
        else:
            self.table.lent[security.who] += sign * int(number)

    def rest(self, security: Security, number: Fraction) -> dict[str, str]:
        """Write what is left of a security under another id; nothing where nothing is left."""
        self.end(security)
        if number == security.number:
            return {}
        left = security.number - number
        return {
            "balance_security_id": self.issue(security.what, security.who, security.kind, left).id
        }

    # ── deeds ────────────────────────────────────────────────────────────────────────────────────

    def found(self, who: str, kind: str, number: int) -> Security:
        """Issue new shares, options, warrants or a convertible."""
        what = {"option": "EQUITY_COMPENSATION", "warrant": "WARRANT", "note": "CONVERTIBLE"}
        security = self.issue(what.get(kind, "STOCK"), who, kind, Fraction(number))
        self.move(security, security.number, 1)
        if kind == "option":
            self.table.pool -= number
        return security

    def transfer(self, security: Security, to: str, number: Fraction) -> None:
        """Pass a part of a security on."""
        sized = (
            {"amount": money(text(number))}
            if security.what == "CONVERTIBLE"
            else {"quantity": text(number)}
        )
        place = len(self.objects)
        rest = self.rest(security, number)
        new = self.issue(security.what, to, security.kind, number)
        made = self.add(
            f"TX_{security.what}_TRANSFER",
            security_id=security.id,
            resulting_security_ids=[new.id],
            **sized,
            **rest,
        )
        self.objects.insert(place, self.objects.pop())
        assert self.objects[place] is made
        self.move(security, number, -1)
        self.move(new, number, 1)

    def cancel(self, security: Security, number: Fraction, *, returned: bool) -> None:
        """Cancel a part of a security."""
        sized = (
            {"amount": money(text(number))}
            if security.what == "CONVERTIBLE"
            else {"quantity": text(number)}
        )
        rest = self.rest(security, number)
        self.add(
            f"TX_{security.what}_CANCELLATION",
            security_id=security.id,
            reason_text="given back",
            **sized,
            **rest,
        )
        self.move(security, number, -1)
        if security.what == "EQUITY_COMPENSATION" and returned:
            self.add(
                "TX_STOCK_PLAN_RETURN_TO_POOL",
                security_id=security.id,
                stock_plan_id="plan",
                quantity=text(number),
                reason_text="to be granted again",
            )
            self.table.pool += number

    def retract(self, security: Security) -> None:
        """Take an issuance back."""
        self.end(security)
        self.add(f"TX_{security.what}_RETRACTION", security_id=security.id, reason_text="a mistake")
        self.move(security, security.number, -1)
        if security.what == "EQUITY_COMPENSATION":
            self.table.pool += security.number

    def exercise(self, security: Security, number: Fraction) -> None:
        """Turn options or a warrant into common shares; options under their own id in part."""
        new = self.issue("STOCK", security.who, "common", number)
        if security.what == "WARRANT":
            self.add(
                "TX_WARRANT_EXERCISE",
                security_id=security.id,
                trigger_id="t",
                resulting_security_ids=[new.id],
            )
        else:
            self.add(
                "TX_EQUITY_COMPENSATION_EXERCISE",
                security_id=security.id,
                quantity=text(number),
                resulting_security_ids=[new.id],
            )
        self.move(security, number, -1)
        self.move(new, number, 1)
        security.number -= number
        if not security.number:
            self.end(security)

    def convert(self, security: Security, number: Fraction, into: Fraction) -> None:
        """Turn preferred shares into common ones, or a whole note into preferred ones."""
        is_note = security.what == "CONVERTIBLE"
        rest = self.rest(security, number)
        new = self.issue("STOCK", security.who, "preferred" if is_note else "common", into)
        more: Thing = {"quantity_converted": text(number)}
        if is_note:
            more = {"reason_text": "a new round", "trigger_id": "t"}
        self.add(
            f"TX_{security.what}_CONVERSION",
            security_id=security.id,
            resulting_security_ids=[new.id],
            **more,
            **rest,
        )
        self.move(security, number, -1)
        self.move(new, into, 1)

    def repurchase(self, security: Security, number: Fraction) -> None:
        """Let the company buy shares back."""
        rest = self.rest(security, number)
        self.add(
            "TX_STOCK_REPURCHASE",
            security_id=security.id,
            quantity=text(number),
            price=money("0.02"),
            **rest,
        )
        self.move(security, number, -1)

    def split(self, kind: str, ratio: int) -> None:
        """Make several shares of one; what may become common shares becomes as many."""
        self.add(
            "TX_STOCK_CLASS_SPLIT",
            stock_class_id=kind,
            split_ratio={"numerator": str(ratio), "denominator": "1"},
        )
        for key in self.table.shares:
            if key[1] == kind:
                self.table.shares[key] *= ratio
        for security in self.open:
            common = security.what in {"EQUITY_COMPENSATION", "WARRANT"}
            if (security.what == "STOCK" and security.kind == kind) or (
                common and kind == "common"
            ):
                security.number *= ratio
        if kind == "common":
            for more in (self.table.awards, self.table.warrants):
                for who in more:
                    more[who] *= ratio
            self.table.pool *= ratio
            self.reserved *= ratio

    def reserve(self, number: int) -> None:
        """Set a plan up, or make it larger, on a day of its own.

        On the day of a split a size is that after the split, which is tested by itself.
        """
        self.later(1)
        if not self.reserved:
            self.objects.append(
                {
                    "object_type": "STOCK_PLAN",
                    "id": "plan",
                    "plan_name": "Crew plan",
                    "board_approval_date": self.day.isoformat(),
                    "initial_shares_reserved": str(number),
                    "stock_class_ids": ["common"],
                }
            )
        else:
            self.add(
                "TX_STOCK_PLAN_POOL_ADJUSTMENT",
                stock_plan_id="plan",
                shares_reserved=text(self.reserved + number),
            )
        self.reserved += number
        self.table.pool += number
        self.later(1)

    def reprice(self, ratio: int) -> None:
        """Let a preferred share become more common shares than before."""
        self.add(
            "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
            stock_class_id="preferred",
            new_ratio_conversion_mechanism=_ratio(str(ratio), "2"),
        )
        self.table.ratio = Fraction(ratio, 2)

    # ── the package ──────────────────────────────────────────────────────────────────────────────

    def package(self, until: date | None = None) -> dict[str, bytes]:
        """Return the files of the package; those of a day, its manifest first."""
        day = until or self.day
        objects = [one for one in self.objects if str(one.get("date", "")) <= day.isoformat()]
        objects = [
            one
            for one in objects
            if one["object_type"] != "STOCK_PLAN" or one["board_approval_date"] <= day.isoformat()
        ]
        return package(self.issuer, objects, day)


def package(issuer: Thing, objects: list[Thing], day: date) -> dict[str, bytes]:
    """Return the files of a package."""
    files: dict[str, bytes] = {}
    manifest: Thing = {
        "ocf_version": "1.2.0",
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": issuer,
        "as_of": day.isoformat(),
        "generated_at": f"{day.isoformat()}T12:00:00Z",
    }
    for name, (kind, begins) in FILES.items():
        items = [one for one in objects if begins and one["object_type"].startswith(begins)]
        manifest[name] = []
        if items:
            file = f"{name.removesuffix('_files')}.ocf.json"
            files[file] = json.dumps({"file_type": kind, "items": items}, indent=1).encode()
            digest = hashlib.md5(files[file], usedforsecurity=False).hexdigest()
            manifest[name] = [{"filepath": file, "md5": digest}]
    return {"manifest.ocf.json": json.dumps(manifest, indent=1).encode(), **files}


def saved(files: dict[str, bytes], folder: Path) -> str:
    """Write a package into a folder, and return its name."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder)


def _right(into: str, numerator: str, denominator: str) -> Thing:
    return {
        "type": "STOCK_CLASS_CONVERSION_RIGHT",
        "converts_to_stock_class_id": into,
        "conversion_mechanism": _ratio(numerator, denominator),
    }


def _ratio(numerator: str, denominator: str) -> Thing:
    return {
        "type": "RATIO_CONVERSION",
        "ratio": {"numerator": numerator, "denominator": denominator},
        "conversion_price": money(1),
        "rounding_type": "NORMAL",
    }


def _trigger(what: str, into: str) -> Thing:
    return {
        "type": "ELECTIVE_AT_WILL",
        "trigger_id": "t",
        "conversion_right": {
            "type": f"{what}_CONVERSION_RIGHT",
            "converts_to_stock_class_id": into,
            "conversion_mechanism": {
                "type": "CUSTOM_CONVERSION",
                "custom_conversion_description": "as the papers say",
            },
        },
    }


# ── random ledgers ───────────────────────────────────────────────────────────────────────────────


@st.composite
def books(draw: st.DrawFn, most: int = 14) -> Book:
    """Draw a ledger: founders' shares, then deeds of every kind on later and later days."""
    book = Book()
    book.found(PEOPLE[0], "common", draw(st.integers(100, 10_000)))
    for _ in range(draw(st.integers(0, most))):
        if draw(st.booleans()):
            book.later(draw(st.integers(1, 90)))
        _deed(draw, book)
    book.later(1)
    return book


def _deed(draw: st.DrawFn, book: Book) -> None:
    deed = draw(st.sampled_from(DEEDS))
    who = draw(st.sampled_from(PEOPLE))
    if deed == "issue":
        kind = draw(st.sampled_from(["common", "preferred", "warrant", "note"]))
        book.found(who, kind, draw(st.integers(1, 10_000)))
    elif deed == "reserve":
        book.reserve(draw(st.integers(1, 5_000)))
    elif deed == "grant" and book.table.pool >= 1:
        book.found(who, "option", draw(st.integers(1, int(book.table.pool))))
    elif deed == "split":
        book.split(draw(st.sampled_from(["common", "preferred"])), draw(st.integers(2, 5)))
    elif deed == "reprice":
        book.reprice(draw(st.integers(1, 6)))
    else:
        _on_security(draw, book, deed, who)


def _on_security(draw: st.DrawFn, book: Book, deed: str, who: str) -> None:
    fits = {
        "transfer": lambda _: True,
        "cancel": lambda _: True,
        "retract": lambda _: True,
        "exercise": lambda one: one.what in {"EQUITY_COMPENSATION", "WARRANT"},
        "convert": lambda one: one.what == "CONVERTIBLE" or one.kind == "preferred",
        "repurchase": lambda one: one.what == "STOCK",
    }
    found = [one for one in book.open if deed in fits and fits[deed](one)]
    if not found:
        return
    security = draw(st.sampled_from(found))
    part = Fraction(draw(st.integers(1, int(security.number))))
    match deed:
        case "transfer":
            book.transfer(security, who, part)
        case "cancel":
            book.cancel(security, part, returned=draw(st.booleans()))
        case "retract":
            book.retract(security)
        case "exercise":
            book.exercise(security, security.number if security.what == "WARRANT" else part)
        case "convert" if security.what == "CONVERTIBLE":
            book.convert(security, security.number, Fraction(draw(st.integers(1, 9_999))))
        case "convert":
            book.convert(security, part, part * book.table.ratio)
        case _:
            book.repurchase(security, part)


DEEDS = (
    "issue",
    "issue",
    "reserve",
    "grant",
    "grant",
    "split",
    "reprice",
    "transfer",
    "transfer",
    "cancel",
    "retract",
    "exercise",
    "convert",
    "repurchase",
)
