"""Whatever is given as a ledger is taken in whole, or refused in a sentence with its place."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import Desk
from tests.ocf.ledgers import PEOPLE, Book, Thing, package

Make = Callable[[Book], dict[str, bytes]]


def ledger() -> Book:
    """Return a small ledger with a deed of most kinds."""
    book = Book()
    first = book.found(PEOPLE[0], "common", 1000)
    book.reserve(100)
    option = book.found(PEOPLE[1], "option", 50)
    book.transfer(first, PEOPLE[3], first.number / 4)
    book.exercise(option, option.number / 2)
    book.later(1)
    return book


def of(book: Book, kind: str, place: int = 0) -> Thing:
    """Return an object of a kind."""
    found = [one for one in book.objects if one["object_type"] == kind]
    return found[place]


def changed(kind: str, place: int = 0, **fields: Any) -> Make:
    """Return what changes fields of an object."""

    def make(book: Book) -> dict[str, bytes]:
        of(book, kind, place).update(fields)
        return package(book.issuer, book.objects, book.day)

    return make


def without(kind: str, name: str) -> Make:
    """Return what takes a field away."""

    def make(book: Book) -> dict[str, bytes]:
        del of(book, kind)[name]
        return book.package()

    return make


def added(one: Thing) -> Make:
    """Return what adds an object."""

    def make(book: Book) -> dict[str, bytes]:
        book.objects.append({"id": "tx-new", "date": book.day.isoformat(), **one})
        return book.package()

    return make


def replaced(name: str, data: bytes | Callable[[bytes], bytes]) -> Make:
    """Return what changes the bytes of a file behind the manifest's back."""

    def make(book: Book) -> dict[str, bytes]:
        files = book.package()
        return {**files, name: data if isinstance(data, bytes) else data(files[name])}

    return make


def manifest(**fields: Any) -> Make:
    """Return what changes members of the manifest."""

    def make(book: Book) -> dict[str, bytes]:
        files = book.package()
        told = {**json.loads(files["manifest.ocf.json"]), **fields}
        told = {name: value for name, value in told.items() if value is not ...}
        return {**files, "manifest.ocf.json": json.dumps(told).encode()}

    return make


def issuer(**fields: Any) -> Make:
    """Return what changes the issuer."""

    def make(book: Book) -> dict[str, bytes]:
        book.issuer.update(fields)
        return book.package()

    return make


def ring(book: Book) -> dict[str, bytes]:
    """Let two securities come out of each other."""
    one, other = (
        book.issue("STOCK", PEOPLE[0], "common", 5),
        book.issue("STOCK", PEOPLE[0], "common", 5),
    )
    for ends, comes in ((one, other), (other, one)):
        book.add(
            "TX_STOCK_TRANSFER",
            security_id=ends.id,
            quantity="5",
            resulting_security_ids=[comes.id],
        )
    return book.package()


def twice_issued(book: Book) -> dict[str, bytes]:
    """Issue one security twice."""
    again = {**of(book, "TX_STOCK_ISSUANCE"), "id": "tx-again"}
    book.objects.append(again)
    return book.package()


def split_into_nothing(book: Book) -> dict[str, bytes]:
    """Split by a ratio of nothing."""
    book.split("common", 2)
    of(book, "TX_STOCK_CLASS_SPLIT")["split_ratio"]["denominator"] = "0"
    return book.package()


MANIFEST, TRANSACTIONS = "manifest.ocf.json", "transactions.ocf.json"
CANCEL = {"object_type": "TX_STOCK_CANCELLATION", "reason_text": "x"}
STOCK, TRANSFER = "TX_STOCK_ISSUANCE", "TX_STOCK_TRANSFER"
OPTION, EXERCISE = "TX_EQUITY_COMPENSATION_ISSUANCE", "TX_EQUITY_COMPENSATION_EXERCISE"


def _less(book: Book, name: str) -> dict[str, bytes]:
    files = book.package()
    del files[name]
    return files


def _swapped(book: Book) -> dict[str, bytes]:
    files = book.package()
    told = json.loads(files[MANIFEST])
    told["valuations_files"] = told.pop("transactions_files")
    return {**files, MANIFEST: json.dumps({**told, "transactions_files": []}).encode()}


def _doubled(book: Book) -> dict[str, bytes]:
    files = book.package()
    told = json.loads(files[MANIFEST])
    told["transactions_files"] *= 2
    return {**files, MANIFEST: json.dumps(told).encode()}


def _moved(book: Book) -> dict[str, bytes]:
    return _renamed(book, b'"TX_STOCK_TRANSFER"', b'"STOCK_PLAN"')


def _text_item(book: Book) -> dict[str, bytes]:
    return _renamed(book, b'"items": [', b'"items": ["text",')


def _renamed(book: Book, before: bytes, after: bytes) -> dict[str, bytes]:
    """Change a file, and what the manifest says of it."""
    files = book.package()
    data = files[TRANSACTIONS].replace(before, after)
    told = json.loads(files[MANIFEST])
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    told["transactions_files"][0]["md5"] = digest
    return {**files, TRANSACTIONS: data, MANIFEST: json.dumps(told).encode()}


def _outcome(book: Book) -> Thing:
    (name,) = of(book, TRANSFER)["resulting_security_ids"]
    return next(one for one in book.objects if one.get("security_id") == name)


def _other_class(book: Book) -> dict[str, bytes]:
    _outcome(book)["stock_class_id"] = "preferred"
    return book.package()


def _other_holder(book: Book) -> dict[str, bytes]:
    rest = of(book, TRANSFER)["balance_security_id"]
    next(one for one in book.objects if one.get("security_id") == rest)["stakeholder_id"] = "h-2"
    return book.package()


TABLE: dict[str, tuple[Make, str]] = {
    # the files
    "no JSON": (replaced(MANIFEST, b"hello"), "this is not JSON"),
    "an empty file": (replaced(MANIFEST, b""), "ends in the middle"),
    "half a file": (replaced(MANIFEST, lambda data: data[:200]), "manifest.ocf.json"),
    "a list": (replaced(MANIFEST, b"[]"), "one JSON object, in braces"),
    "more behind the end": (replaced(MANIFEST, lambda data: data + b"{}"), "more after the end"),
    "a trailing comma": (replaced(MANIFEST, b'{"a": 1,}'), "name of a member is missing"),
    "no comma": (replaced(MANIFEST, b'{"a": 1 "b": 2}'), "a comma or the end"),
    "no colon": (replaced(MANIFEST, b'{"a" 1}'), "a colon is missing"),
    "an open list": (replaced(MANIFEST, b'{"a": [1 2]}'), "end of the list"),
    "a name twice": (replaced(MANIFEST, b'{"a": 1, "a": 2}'), "'a' stands twice"),
    "deep nesting": (replaced(MANIFEST, b'{"a":' + b"[" * 100_000), "nested more than 40 deep"),
    "deep objects": (replaced(MANIFEST, b'{"a":' * 5_000), "nested more than 40 deep"),
    "a huge number": (replaced(MANIFEST, b'{"a": ' + b"9" * 10_000 + b"}"), "more than 40 digits"),
    "NaN": (replaced(MANIFEST, b'{"a": NaN}'), "this is not JSON"),
    "a control character": (replaced(MANIFEST, b'{"a": "\x01"}'), "this is not JSON"),
    "half a character": (replaced(MANIFEST, b'{"a": "\\ud800"}'), "half a character"),
    "UTF-16": (replaced(MANIFEST, '{"a": 1}'.encode("utf-16")), "save it as UTF-8"),
    "UTF-32": (replaced(MANIFEST, '{"a": 1}'.encode("utf-32-be")), "save it as UTF-8"),
    "Latin-1": (replaced(MANIFEST, '{"a": "é"}'.encode("latin-1")), "byte 0xe9 is not UTF-8"),
    "no manifest": (lambda book: _less(book, MANIFEST), "no manifest"),
    "two manifests": (
        lambda book: {**book.package(), "other.json": book.package()[MANIFEST]},
        "more than one manifest",
    ),
    "a file that is not there": (lambda book: _less(book, TRANSACTIONS), "the package has no file"),
    "a changed file": (replaced(TRANSACTIONS, lambda data: data + b"\n"), "the MD5 of"),
    "a path out of the package": (
        manifest(transactions_files=[{"filepath": "../../etc/passwd", "md5": "0" * 32}]),
        "points out of the package",
    ),
    "an absolute path": (
        manifest(transactions_files=[{"filepath": "/etc/passwd", "md5": "0" * 32}]),
        "points out of the package",
    ),
    "a file without a path": (manifest(transactions_files=[{}]), "has no 'filepath'"),
    "a file that is a text": (manifest(transactions_files=["x"]), "has no 'filepath'"),
    "a missing list": (manifest(transactions_files=...), "'transactions_files' is missing"),
    "a list of another kind": (
        _swapped,
        "this is a file of the kind OCF_TRANSACTIONS_FILE",
    ),
    "a file named twice": (_doubled, "is named twice"),
    # the manifest
    "no issuer": (manifest(issuer=...), "'issuer' is missing"),
    "an issuer without a name": (
        manifest(issuer={"object_type": "ISSUER", "id": "i"}),
        "'legal_name' is missing",
    ),
    "no day": (manifest(as_of=...), "'as_of' is missing"),
    "a day that is none": (manifest(as_of="2021-02-30"), "a day is wanted here"),
    "a month": (manifest(as_of="2021-02"), "a day is wanted here"),
    "a company without letters": (issuer(legal_name="!!!"), "gives no slug"),
    "a name that is too long": (issuer(legal_name="long " * 200), "at most 500 characters"),
    # objects
    "an object that is a text": (_text_item, "is no object"),
    "an id twice": (changed(STOCK, 1, id="tx-2"), "another TX_STOCK_ISSUANCE has the id 'tx-2'"),
    "an empty id": (changed(STOCK, id=""), "an id is wanted here"),
    "a number as id": (changed(STOCK, id=7), "an id is wanted here"),
    "a very long id": (changed(STOCK, id="x" * 5000), "more than 90 characters"),
    "no holder": (without(STOCK, "stakeholder_id"), "'stakeholder_id' is missing"),
    "no quantity": (without(STOCK, "quantity"), "'quantity' is missing"),
    "an unknown holder": (changed(STOCK, stakeholder_id="h-99"), "no STAKEHOLDER"),
    "an unknown class": (changed(STOCK, stock_class_id="gold"), "no class of this ledger"),
    "an unknown plan": (changed(OPTION, stock_plan_id="none"), "no plan of this ledger"),
    "an unknown security": (changed(TRANSFER, security_id="s-99"), "no security of this ledger"),
    "an outcome that is not issued": (
        changed(TRANSFER, resulting_security_ids=["s-99"]),
        "no security of this ledger",
    ),
    "an unknown balance": (changed(TRANSFER, balance_security_id="b"), "no security of this"),
    "a class that converts into nothing": (
        changed(
            "STOCK_CLASS",
            1,
            conversion_rights=[{"converts_to_stock_class_id": "gold"}],
        ),
        "no class of this ledger has the id 'gold'",
    ),
    "a ratio of nothing": (split_into_nothing, "the denominator is zero"),
    "a conversion ratio of nothing": (
        changed(
            "STOCK_CLASS",
            1,
            conversion_rights=[
                {"conversion_mechanism": {"ratio": {"numerator": "0", "denominator": "1"}}}
            ],
        ),
        "its conversion ratio is none",
    ),
    "an object in the wrong file": (
        added({"object_type": "TX_STOCK_ACCEPTANCE", "id": "a"}),
        "'security_id' is missing",
    ),
    "an object of another file": (_moved, "belongs into a file of the kind"),
    "a file without a list": (
        lambda book: _renamed(book, b'"items"', b'"things"'),
        "'items' is missing",
    ),
    "ids that are no list": (changed(TRANSFER, resulting_security_ids="s-6"), "a list of ids"),
    "a new ratio of an unknown class": (
        added(
            {
                "object_type": "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
                "stock_class_id": "gold",
                "new_ratio_conversion_mechanism": {},
            }
        ),
        "no STOCK_CLASS of this ledger has the id 'gold'",
    ),
    "a new size of an unknown plan": (
        added(
            {
                "object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT",
                "stock_plan_id": "none",
                "shares_reserved": "5",
            }
        ),
        "no STOCK_PLAN of this ledger has the id 'none'",
    ),
    "a note that becomes no number": (
        added(
            {
                "object_type": "TX_CONVERTIBLE_ISSUANCE",
                "security_id": "s-note",
                "custom_id": "N",
                "stakeholder_id": "h-0",
                "security_law_exemptions": [],
                "convertible_type": "NOTE",
                "investment_amount": {"amount": "5", "currency": "EUR"},
                "seniority": 1,
                "conversion_triggers": [
                    {
                        "conversion_right": {
                            "conversion_mechanism": {
                                "type": "FIXED_AMOUNT_CONVERSION",
                                "converts_to_quantity": "many",
                            }
                        }
                    }
                ],
            }
        ),
        "a number of zero or more is wanted here",
    ),
    # numbers
    "a number that is no text": (changed(STOCK, quantity=1000), "a number is wanted here"),
    "a negative number": (changed(STOCK, quantity="-5"), "is below zero"),
    "an exponent": (changed(STOCK, quantity="1e9"), "a number is wanted here"),
    "too many digits after the point": (changed(STOCK, quantity="0.12345678901"), "a number is"),
    "more shares than anything can have": (changed(STOCK, quantity="9" * 500), "quantity"),
    "other digits": (changed(STOCK, quantity="١٠٠"), "a number is wanted here"),
    "a price without a currency": (changed(STOCK, share_price={"amount": "1"}), "no currency"),
    "a currency of nobody": (
        changed(STOCK, share_price={"amount": "1", "currency": "ZZZ"}),
        "is not an ISO 4217 currency",
    ),
    "a price that is a number": (changed(STOCK, share_price=1), "a sum is wanted here"),
    "a NUL in an id": (changed(STOCK, custom_id="a\x00b"), "NUL"),
    # what cannot be
    "more passed on than there is": (changed(TRANSFER, quantity="5000"), "shares leave 's-1'"),
    "more exercised than granted": (changed(EXERCISE, quantity="51"), "51 shares leave"),
    "less comes out than is passed on": (changed(TRANSFER, quantity="200"), "come out"),
    "a rest that nobody names": (without(TRANSFER, "balance_security_id"), "no balance names them"),
    "another kind comes out": (
        _other_class,
        "goes on as a security of another kind or class",
    ),
    "the rest belongs to another": (
        _other_holder,
        "belongs to somebody else",
    ),
    "one security twice": (twice_issued, "was issued before"),
    "a ring": (ring, "comes out of itself"),
    "out of itself": (changed(TRANSFER, resulting_security_ids=["s-1"]), "comes out of itself"),
    "the same outcome twice": (
        changed(TRANSFER, resulting_security_ids=["s-6", "s-6"]),
        "comes out of it twice",
    ),
    "used after its end": (
        added({**CANCEL, "security_id": "s-1", "quantity": "1000"}),
        "had ended before",
    ),
    "used before its beginning": (changed(TRANSFER, date="2021-02-01"), "nobody holds"),
    "an outcome from before": (changed(TRANSFER, date="2021-03-04"), "was issued before that day"),
    "after the ledger's day": (changed(TRANSFER, date="2031-01-01"), "is after the day of"),
    "a date of no calendar": (changed(TRANSFER, date="2021-13-01"), "a day is wanted here"),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_ledger_that_cannot_be_is_refused_with_its_place(desk: Desk, name: str) -> None:
    make, reason = TABLE[name]
    folder = desk.folder / "ledger"
    folder.mkdir()
    for file, data in make(ledger()).items():
        (folder / file).write_bytes(data)
    ran = desk.run("import", "ocf", "ledger")
    assert (ran.code, ran.out) == (3, ""), ran.err
    assert reason in ran.err
    assert "nothing of ledger was recorded" in ran.err
    assert "ledger" in ran.err.partition(": ")[0] + ran.err.partition(": ")[2]
    assert desk.entries() == []


def test_the_ledger_of_the_table_is_taken_in(desk: Desk) -> None:
    (desk.folder / "ledger").mkdir()
    for file, data in ledger().package().items():
        (desk.folder / "ledger" / file).write_bytes(data)
    desk.done("import", "ocf", "ledger")
    assert len(desk.entries()) > len(PEOPLE)
    assert len(TABLE) >= 30


# ── archives ─────────────────────────────────────────────────────────────────────────────────────


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as told:
        for name, data in files.items():
            told.writestr(name, data)
    return made.getvalue()


def linked() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as told:
        info = zipfile.ZipInfo("link.json")
        info.external_attr = 0o120777 << 16
        told.writestr(info, "/etc/passwd")
    return made.getvalue()


def lying() -> bytes:
    """Return an archive whose list gives a member fewer bytes than it unpacks to."""
    data = archive({"a.json": b" " * 100_000})
    size = (100_000).to_bytes(4, "little")
    return data.replace(size, (10).to_bytes(4, "little"))


def encrypted() -> bytes:
    data = bytearray(archive({"a.json": b"{}"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def broken() -> bytes:
    data = bytearray(archive({"a.json": b'{"a": "bcdefghijkl"}' * 50}))
    data[45] ^= 0xFF
    data[46] ^= 0xFF
    return bytes(data)


def doubled() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as told:
        told.writestr("a.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            told.writestr("a.json", "{}")
    return made.getvalue()


ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "no archive": (lambda: b"PK\x03\x04 and no more", "cannot be read"),
    "half an archive": (lambda: archive(ledger().package())[:-30], "cannot be read"),
    "a bomb": (lambda: archive({"a.json": b" " * 201_000_000}), "unpacks to more than"),
    "too many files": (
        lambda: archive({f"{number}.json": b"" for number in range(1_001)}),
        "more than 1000 files",
    ),
    "a way out": (lambda: archive({"../../out.json": b"{}"}), "points out of the archive"),
    "an absolute way": (lambda: archive({"/out.json": b"{}"}), "points out of the archive"),
    "a way out of Windows": (lambda: archive({"..\\out.json": b"{}"}), "points out of"),
    "a drive": (lambda: archive({"C:out.json": b"{}"}), "points out of the archive"),
    "a link": (linked, "is a link"),
    "a lie about its size": (lying, "a.json"),
    "a password": (encrypted, "is encrypted"),
    "damaged bytes": (broken, "cannot be unpacked"),
    "one name twice": (doubled, "is in the archive twice"),
    "nothing": (lambda: archive({}), "no manifest"),
    "an archive in an archive": (
        lambda: archive({"inner.zip": archive(ledger().package())}),
        "no manifest",
    ),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_is_none_is_refused(desk: Desk, name: str) -> None:
    make, reason = ARCHIVES[name]
    desk.write("ledger.zip", make())
    before = sorted(desk.folder.parent.rglob("*"))
    ran = desk.run("import", "ocf", "ledger.zip")
    assert (ran.code, ran.out) == (3, ""), ran.err
    assert reason in ran.err
    assert "ledger.zip" in ran.err
    assert sorted(desk.folder.parent.rglob("*")) == before
    assert desk.entries() == []


def test_what_is_not_there_or_no_file_is_refused(desk: Desk) -> None:
    assert "cannot be read: No such file" in desk.run("import", "ocf", "none.json").err
    (desk.folder / "empty").mkdir()
    assert "no manifest" in desk.run("import", "ocf", "empty").err
    assert "cannot be read" in desk.run("import", "ocf", "x\x00y").err


def test_objects_that_no_version_has_are_told_and_stay_in_the_document(desk: Desk) -> None:
    book = ledger()
    book.objects.append({"object_type": "TX_MOON_LANDING", "id": "m-1", "date": "2021-03-02"})
    book.objects.append({"object_type": "STOCK_CLASS_X", "id": "m-2"})
    folder = Path("ledger")
    folder.mkdir()
    for file, data in package(book.issuer, book.objects, book.day).items():
        (folder / file).write_bytes(data)
    (folder / "more.json").write_text("{}")
    ran = desk.done("import", "ocf", "ledger")
    assert "1 of TX_MOON_LANDING: no kind of object that OCF has; left out" in ran.err
    assert "more.json: the manifest does not name it; left out" in ran.err


def test_a_file_name_that_no_disk_can_hold_is_refused(desk: Desk) -> None:
    make = manifest(transactions_files=[{"filepath": "x" * 5000 + ".json", "md5": "0" * 32}])
    for name, data in make(ledger()).items():
        (desk.folder / name).write_bytes(data)
    ran = desk.run("import", "ocf", "manifest.ocf.json")
    assert ran.code == 3, ran.err
    assert "the package has no file" in ran.err
