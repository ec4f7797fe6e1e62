"""A package: its manifest, the files that it names, and their objects, checked one by one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from dealjournal.importers.ocf.containers import Part
from dealjournal.importers.ocf.json_text import Json, Text, Thing
from dealjournal.naming import did_you_mean
from dealjournal.ocf_words import (
    FILES,
    KINDS,
    MANIFEST,
    MUST_LIST,
    OBJECTS,
    TRANSACTIONS,
    fields_of,
    known_as,
)
from domain.errors import Flaw, InvalidInput, Place

MOST_FLAWS = 20
"""How many flaws are told at once."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMERIC = re.compile(r"[+-]?[0-9]+(\.[0-9]{1,10})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_ID = 90


@dataclass(frozen=True)
class Object:
    """One object of a ledger."""

    kind: str
    thing: Thing
    text: Text
    path: str
    """Where it stands in its file, e.g. ``items[3]``."""

    def get(self, name: str) -> str | None:
        """Return a text member; None where there is none."""
        value = self.thing.members.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a member that is a list of texts."""
        value = self.thing.members.get(name)
        return (
            tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
        )

    @property
    def id(self) -> str:
        """Its id."""
        return self.get("id") or ""

    def flaw(self, text: str, name: str | None = None) -> Flaw:
        """Return what is wrong with it, or with a member of it."""
        at = self.thing.spans[name][0] if name in self.thing.spans else self.thing.at
        where = f"{self.path}.{name}" if name in self.thing.members else self.path
        return Flaw(self.text.place(at), f"{where}: {text}")


@dataclass
class Package:
    """A ledger as it was read."""

    issuer: Object
    as_of: date
    manifest: Text
    objects: list[Object] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What is in the package and is not taken in."""


def read_package(parts: Sequence[Part]) -> Package:
    """Return the ledger that a package's files hold.

    Raises:
        InvalidInput: with every flaw found, up to ``MOST_FLAWS``.
    """
    read = [(part, text, text.parsed()) for part in parts for text in [Text(part.name, part.data)]]
    manifests = [one for one in read if one[2].members.get("file_type") == MANIFEST]
    if len(manifests) != 1:
        where = parts[0].name if parts else "the package"
        found = "no manifest" if not manifests else "more than one manifest"
        text = (
            f"there is {found} (file_type {MANIFEST}) among its JSON files; give one whole package"
        )
        raise InvalidInput((Flaw(Place(where, 1, 1), text),))
    reader = _Reader(*manifests[0])
    reader.take([one for one in read if one[2] is not manifests[0][2]])
    return reader.package()


class _Reader:
    def __init__(self, part: Part, text: Text, thing: Thing) -> None:
        self._folder = PurePosixPath(part.path).parent
        self._manifest = Object(MANIFEST, thing, text, "manifest")
        self._flaws: list[Flaw] = []
        self._objects: list[Object] = []
        self._texts = [text]
        self._notices: list[str] = []
        self._left: Counter[str] = Counter()
        self._issuer = self._issuer_of(thing, text)
        self._as_of = self._day(self._manifest, "as_of")

    def package(self) -> Package:
        """Return what was read.

        Raises:
            InvalidInput: there are flaws.
        """
        self._twice()
        if self._flaws or self._issuer is None or self._as_of is None:
            raise InvalidInput(tuple(self._flaws[:MOST_FLAWS]))
        for kind, count in sorted(self._left.items()):
            self._notices.append(f"{count} of {kind}: no kind of object that OCF has; left out")
        return Package(
            self._issuer,
            self._as_of,
            self._manifest.text,
            self._objects,
            self._texts,
            self._notices,
        )

    def take(self, others: Sequence[tuple[Part, Text, Thing]]) -> None:
        """Take in the files that the manifest names."""
        by_path = {PurePosixPath(part.path): (text, thing) for part, text, thing in others}
        used: set[PurePosixPath] = set()
        for name, kind in FILES.items():
            listed = self._manifest.thing.members.get(name, [] if name not in MUST_LIST else None)
            if not isinstance(listed, list):
                self._flaws.append(
                    self._manifest.flaw(f"{name!r} is missing; an empty list will do")
                )
                continue
            for place, one in enumerate(listed):
                self._file(f"{name}[{place}]", one, kind, by_path, used)
        self._notices += [
            f"{part.name}: the manifest does not name it; left out"
            for part, _, _ in others
            if PurePosixPath(part.path) not in used
        ]

    def _file(
        self,
        where: str,
        listed: Json,
        kind: str,
        by_path: dict[PurePosixPath, tuple[Text, Thing]],
        used: set[PurePosixPath],
    ) -> None:
        path = listed.members.get("filepath") if isinstance(listed, Thing) else None
        if not isinstance(listed, Thing) or not isinstance(path, str):
            self._flaws.append(self._manifest.flaw(f"{where} has no 'filepath'"))
            return
        entry = Object(MANIFEST, listed, self._manifest.text, where)
        wanted = PurePosixPath(path)
        if wanted.is_absolute() or ".." in wanted.parts or "\\" in path or ":" in path:
            told = f"{path!r} points out of the package; no file of a ledger does"
            self._flaws.append(entry.flaw(told, "filepath"))
            return
        found = self._folder / wanted
        if found not in by_path:
            near = did_you_mean(str(found), [str(one) for one in by_path])
            self._flaws.append(entry.flaw(f"the package has no file {path!r}{near}", "filepath"))
            return
        if found in used:
            self._flaws.append(entry.flaw(f"{path!r} is named twice", "filepath"))
            return
        used.add(found)
        text, thing = by_path[found]
        digest = hashlib.md5(text.data, usedforsecurity=False).hexdigest()
        given = listed.members.get("md5")
        if not isinstance(given, str) or given.lower() != digest:
            told = (
                f"the MD5 of {path!r} is {digest}, not {given}: get the package again, or write "
                "this one if the file is right"
            )
            self._flaws.append(entry.flaw(told, "md5"))
            return
        self._texts.append(text)
        self._items(text, thing, kind)

    def _items(self, text: Text, thing: Thing, kind: str) -> None:
        file = Object(kind, thing, text, "file")
        if file.get("file_type") != kind:
            told = f"this is a file of the kind {file.get('file_type')}, not {kind}"
            self._flaws.append(file.flaw(told, "file_type"))
            return
        items = thing.members.get("items")
        if not isinstance(items, list):
            self._flaws.append(file.flaw("'items' is missing: a list of objects", "items"))
            return
        for place, item in enumerate(items):
            path = f"items[{place}]"
            if not isinstance(item, Thing):
                self._flaws.append(file.flaw(f"{path} is no object", "items"))
                continue
            self._object(Object(_kind_of(item), item, text, path), kind)

    def _object(self, one: Object, file_kind: str) -> None:
        if one.kind not in OBJECTS:
            self._left[one.kind or "an unnamed kind"] += 1
            return
        belongs = KINDS.get(one.kind, TRANSACTIONS)
        if belongs != file_kind or one.kind == "ISSUER":
            self._flaws.append(one.flaw(f"{one.kind} belongs into a file of the kind {belongs}"))
            return
        if self._fields(one):
            self._objects.append(one)

    def _issuer_of(self, thing: Thing, text: Text) -> Object | None:
        issuer = thing.members.get("issuer")
        if not isinstance(issuer, Thing):
            self._flaws.append(self._manifest.flaw("'issuer' is missing: whose ledger is it?"))
            return None
        one = Object("ISSUER", issuer, text, "issuer")
        return one if self._fields(one) else None

    def _fields(self, one: Object) -> bool:
        """Check the fields of an object; say whether they are as they should be."""
        known, before = fields_of(one.kind), len(self._flaws)
        for name, (form, needed) in known.items():
            value = one.thing.members.get(name)
            if name not in one.thing.members or (value is None and form != "?"):
                if needed:
                    self._flaws.append(one.flaw(f"{name!r} is missing"))
                continue
            wrong = _wrong(form, value)
            if wrong:
                self._flaws.append(one.flaw(wrong, name))
        for name in one.thing.members:
            if name not in known:
                near = did_you_mean(name, known)
                place = one.flaw(f"OCF knows no such field{near}", name)
                self._notices.append(f"{place}; it stays in the document")
        return len(self._flaws) == before

    def _day(self, one: Object, name: str) -> date | None:
        value = one.thing.members.get(name)
        wrong = _wrong("date", value) if value is not None else f"{name!r} is missing"
        if wrong:
            self._flaws.append(one.flaw(wrong, name))
            return None
        return date.fromisoformat(str(value))

    def _twice(self) -> None:
        seen: set[tuple[str, str]] = set()
        for one in self._objects:
            key = (one.kind, one.id)
            if key in seen:
                self._flaws.append(one.flaw(f"another {one.kind} has the id {one.id!r}", "id"))
            seen.add(key)


def _kind_of(item: Thing) -> str:
    kind = item.members.get("object_type")
    return known_as(kind) if isinstance(kind, str) else ""


def _wrong(form: str, value: Json) -> str | None:
    """Return what is wrong with a value; None when it has its form."""
    match form:
        case "text":
            return None if isinstance(value, str) else "a text is wanted here"
        case "id":
            return _wrong_id(value)
        case "ids":
            if not isinstance(value, list):
                return "a list of ids is wanted here"
            return next((wrong for one in value if (wrong := _wrong_id(one))), None)
        case "date":
            return None if _is_day(value) else "a day is wanted here, such as 2024-05-09"
        case "number":
            return _wrong_number(value)
        case "money":
            return _wrong_money(value)
        case "ratio":
            return _wrong_ratio(value)
        case _:
            return None


def _wrong_id(value: Json) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return "an id is wanted here: a text that is not empty"
    return f"this id has more than {_LONGEST_ID} characters" if len(value) > _LONGEST_ID else None


def _wrong_number(value: Json) -> str | None:
    if not isinstance(value, str) or not _NUMERIC.fullmatch(value):
        return 'a number is wanted here, as a text of digits such as "1000" or "0.25"'
    if value.startswith("-") and value.strip("-0."):
        return f"{value} is below zero; what leaves a holder is a transaction of its own"
    return None


def _wrong_money(value: Json) -> str | None:
    if not isinstance(value, Thing):
        return 'a sum is wanted here: {"amount": "0.25", "currency": "EUR"}'
    currency = value.members.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        return f"{currency!r} is no currency; write a code such as EUR, USD or GBP"
    return _wrong_number(value.members.get("amount"))


def _wrong_ratio(value: Json) -> str | None:
    if not isinstance(value, Thing):
        return 'a ratio is wanted here: {"numerator": "2", "denominator": "1"}'
    for name in ("numerator", "denominator"):
        number = value.members.get(name)
        wrong = _wrong_number(number)
        if wrong or not str(number).strip("+0."):
            return wrong or f"the {name} is zero"
    return None


def _is_day(value: Json) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
