"""``import ocf`` and ``export ocf`` as they are typed."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from docs import transcripts
from tests.commands.running import Desk, timeless
from tests.ocf.ledgers import PEOPLE, Book, money, package, saved

ROOT = Path(__file__).parents[2]


def lines(desk: Desk) -> list[dict[str, Any]]:
    return [one for one in desk.entries() if one["data"].get("line")]


def at(desk: Desk, line: str) -> int:
    (found,) = [one["position"] for one in lines(desk) if one["data"]["line"] == line]
    return int(found)


def take(desk: Desk, book: Book, name: str, *options: str, code: int = 0) -> str:
    ran = desk.run("import", "ocf", saved(book.package(), Path(name)), *options)
    assert ran.code == code, ran.err
    return ran.err


@pytest.fixture
def book() -> Book:
    book = Book()
    first = book.found(PEOPLE[0], "common", 1000)
    book.reserve(100)
    book.found(PEOPLE[1], "option", 40)
    book.transfer(first, PEOPLE[3], Fraction(250))
    book.later(1)
    return book


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


def test_each_line_is_said_by_the_company_and_quoted_by_its_id(desk: Desk, book: Book) -> None:
    assert "ledger of pelican-optics: 9 new lines" in take(desk, book, "a")
    names = {one["type"]: one for one in desk.entries()}
    source = names["source_registered.v1"]["data"]
    assert (source["kind"], source["speaks_for"]) == ("company", "pelican-optics")
    files = {path.read_text("utf-8") for path in Path("a").iterdir()}
    for entry in lines(desk):
        (quote,) = entry["data"]["quotes"]
        assert json.loads(f"{{{quote['exact']}}}") == {"id": entry["data"]["line"]}
        assert any(text[quote["start"] : quote["end"]] == quote["exact"] for text in files)
        assert entry["data"]["attribution"] == {"root": source["source"]}
    assert desk.done("verify").code == 0


def test_a_plan_that_granted_more_than_it_holds_is_told(desk: Desk, book: Book) -> None:
    assert "nothing is left to grant" not in take(desk, book, "a")
    book.found(PEOPLE[2], "option", 80)
    book.later(1)
    assert "120 shares granted of 100; nothing is left to grant" in take(desk, book, "b")


def test_a_dry_run_shows_what_would_be_appended(desk: Desk, book: Book) -> None:
    folder = saved(book.package(), Path("a"))
    shown = desk.done("import", "ocf", folder, "--dry-run", "--json").json()["entries"]
    assert desk.entries() == []
    desk.done("import", "ocf", folder)
    assert timeless(desk.entries()) == timeless(shown)


def test_an_archive_a_folder_and_files_are_the_same_ledger(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    before = desk.entries()
    with zipfile.ZipFile("a.ocf.zip", "w") as archive:
        for path in Path("a").iterdir():
            archive.write(path, f"inside/{path.name}")
    names = [str(path) for path in sorted(Path("a").iterdir())]
    for given in (["a.ocf.zip"], names, ["a/manifest.ocf.json"], ["a"]):
        assert desk.done("import", "ocf", *given).out == ""
    assert desk.entries() == before


def test_a_line_that_is_told_otherwise_is_refused_with_the_entry(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    before = desk.entries()
    book.objects[-1]["share_price"] = money(9)
    line = book.objects[-1]["id"]
    told = take(desk, book, "b", code=3)
    assert f"the journal has this line otherwise (@{at(desk, line)}: price)" in told
    assert re.search(r"transactions\.ocf\.json:\d+:\d+: items\[\d+\]: ", told)
    assert desk.entries() == before


def test_a_line_that_a_ledger_must_have_is_missed(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    option = next(one for one in book.objects if one["object_type"].startswith("TX_EQUITY"))
    book.objects.remove(option)
    told = take(desk, book, "b", code=3)
    assert f"the journal has the line '{option['id']}' of this ledger" in told


def test_an_older_ledger_adds_nothing(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    before = desk.entries()
    files = book.package(min(book.tables))
    ran = desk.done("import", "ocf", saved(files, Path("b")))
    assert "0 new lines" in ran.err
    assert [one for one in desk.entries() if one not in before] == [
        one for one in desk.entries() if one["type"] == "document_captured.v1" and one not in before
    ]


def test_a_line_that_was_voided_here_stays_void(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    option = next(one["id"] for one in book.objects if one["object_type"].startswith("TX_EQUITY"))
    desk.done("void", f"@{at(desk, option)}", "--reason", "never granted")
    assert "1 lines were voided or amended here and stay so" in take(desk, book, "b")
    book.found(PEOPLE[2], "common", 7)
    book.later(1)
    told = take(desk, book, "c")
    assert "stay so" in told
    assert "2 new lines" in told
    out = desk.done("export", "ocf", "pelican-optics").json()
    assert option not in {one["id"] for one in out["Transactions.ocf.json"]["items"]}


def test_a_company_that_the_journal_knows_is_found_by_name_or_said(desk: Desk, book: Book) -> None:
    known = desk.write(
        "k.yaml",
        "document: {text: Pelican and Kepler, publisher: Post, published: 2021-01-01}\n"
        "new:\n"
        "- {source: Post, kind: outlet}\n"
        "- {party: Pelican, slug: pelican, kind: company}\n"
        "- {party: Ines Kepler, slug: kepler, kind: person}\n"
        "- {party: pelican optics, slug: other, kind: company}\n"
        "- {party: Odd Lund, slug: lund-1, kind: person}\n",
    )
    desk.done("record", known)
    assert "ledger of pelican:" in take(desk, book, "a", "--company", "pelican")
    holders = {one["data"]["holder"] for one in lines(desk) if "holder" in one["data"]}
    assert holders == {"kepler", "lund-1", "tarn-holding"}
    assert "was taken in for pelican, not for other" in take(
        desk, book, "b", "--company", "other", code=3
    )
    assert "nobody" not in take(desk, book, "c")


def test_a_holder_whose_name_can_mean_two_is_asked_for(desk: Desk, book: Book) -> None:
    for slug in ("kepler-1", "kepler-2"):
        text = desk.write(
            f"{slug}.yaml",
            f"document: {{text: {slug}, publisher: Post, published: 2021-01-01}}\n"
            "new:\n- {source: Post, kind: outlet}\n"
            f"- {{party: Kepler {slug}, slug: {slug}, aliases: [Ines Kepler]}}\n",
        )
        ran = desk.run("record", text)
        assert ran.code == 0, ran.err
    told = take(desk, book, "a", code=3)
    assert "'Ines Kepler' can mean kepler-1 or kepler-2" in told
    assert "ocf:issuer-1/h-0" in told
    desk.done(
        "record",
        desk.write(
            "which.yaml",
            "document: {text: which, publisher: Post, published: 2021-01-02}\n"
            "new:\n- {source: Post, kind: outlet}\n"
            "- {party: Kepler kepler-2, slug: kepler-2, identifiers: ['ocf:issuer-1/h-0']}\n",
        ),
    )
    take(desk, book, "b")
    assert "kepler-2" in {one["data"].get("holder") for one in lines(desk)}


def test_two_holders_of_one_name_are_two(desk: Desk, book: Book) -> None:
    for one in book.objects:
        if one["object_type"] == "STAKEHOLDER":
            one["name"]["legal_name"] = "李"
    take(desk, book, "a")
    holders = {one["data"]["holder"] for one in lines(desk) if "holder" in one["data"]}
    assert holders == {"holder", "holder-2", "holder-4"}
    book.found(PEOPLE[1], "common", 5)
    book.later(1)
    take(desk, book, "b")
    last = [one["data"] for one in lines(desk) if "holder" in one["data"]][-1]
    assert last["holder"] == "holder-2"


def test_a_holder_who_is_called_otherwise_keeps_its_slug(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    holder = next(one for one in book.objects if one["id"] == "h-0")
    holder["name"]["legal_name"] = "Ines Kepler-Brandt"
    take(desk, book, "b")
    assert [one["type"] for one in desk.entries()][-1] == "party_named.v1"
    take(desk, book, "c")
    assert [one["type"] for one in desk.entries()][-1] == "party_named.v1"


def test_a_field_that_ocf_does_not_have_is_told(desk: Desk, book: Book) -> None:
    book.objects[0]["votes_per_shares"] = "1"
    told = take(desk, book, "a")
    assert "votes_per_shares: OCF knows no such field; did you mean 'votes_per_share'" in told


# ── out ──────────────────────────────────────────────────────────────────────────────────────────

MORE = (
    {"object_type": "STOCK_LEGEND_TEMPLATE", "id": "l", "name": "No", "text": "not for sale"},
    {
        "object_type": "FINANCING",
        "id": "f",
        "name": "First",
        "issuance_ids": ["tx-2"],
        "date": "2021-03-02",
    },
    {
        "object_type": "FINANCING",
        "id": "g",
        "name": "Second",
        "issuance_ids": ["none"],
        "date": "2021-03-02",
    },
)


def test_what_has_no_entry_is_written_from_the_files_where_it_fits(desk: Desk, book: Book) -> None:
    book.add("TX_STOCK_ACCEPTANCE", security_id="s-1")
    book.add("TX_STOCK_ACCEPTANCE", security_id="s-nobody")
    book.later(1)
    folder = Path(saved(book.package(), Path("a")))
    told = json.loads((folder / "manifest.ocf.json").read_text("utf-8"))
    for kind, name in (
        ("OCF_STOCK_LEGEND_TEMPLATES_FILE", "stock_legend_templates_files"),
        ("OCF_FINANCINGS_FILE", "financings_files"),
    ):
        items = [one for one in MORE if one["object_type"][:5] in kind]
        data = json.dumps({"file_type": kind, "items": items}).encode()
        (folder / f"{name}.json").write_bytes(data)
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        told[name] = [{"filepath": f"{name}.json", "md5": digest}]
    (folder / "manifest.ocf.json").write_text(json.dumps(told), "utf-8")
    ran = desk.done("import", "ocf", "a")
    assert "2 of FINANCING: it changes no holding; it stays in the document" in ran.err
    ran = desk.done("export", "ocf", "pelican-optics", "--out", "b", "--report", "r.json")
    assert "FINANCING 'g' is not written: its issuance 'none' is not written" in ran.err
    assert "'s-nobody' is not written" in ran.err
    assert json.loads(Path("b/Financings.ocf.json").read_text("utf-8"))["items"] == [MORE[1]]
    assert json.loads(Path("b/StockLegends.ocf.json").read_text("utf-8"))["items"] == [MORE[0]]
    report = json.loads(Path("r.json").read_text("utf-8"))
    assert {one["id"] for one in report["not_carried_over"]} >= {"g"}
    assert report["objects"]["TX_STOCK_ACCEPTANCE"] == 1


def test_what_was_amended_here_is_written_as_amended(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    option = next(one for one in book.objects if one["object_type"].startswith("TX_EQUITY"))
    stored = next(one for one in lines(desk) if one["data"]["line"] == option["id"])["data"]
    desk.done("void", f"@{at(desk, option['id'])}", "--reason", "35 were granted")
    data = json.dumps({**stored, "quantity": "35"}, ensure_ascii=False)
    text = json.dumps({"name": "security_issued.v1", "data": data})
    ran = desk.run("record", desk.write("m.yaml", f"statements:\n- stored: {text}\n"))
    assert ran.code == 0, ran.err
    out = desk.done("export", "ocf", "pelican-optics").json()["Transactions.ocf.json"]["items"]
    (mine,) = [one for one in out if one["id"] == option["id"]]
    assert mine == {**option, "quantity": "35"}


STORY = """\
document:
  text: Pelican Optics is worth 9 million euros. Kepler has a majority of about 60 %.
  publisher: Post
  published: 2021-06-01
new:
- {source: Post, kind: outlet}
- {source: Pelican press, kind: company, speaks_for: pelican-optics}
- {round: pelican-optics/seed}
statements:
- {event: StakeReported, company: pelican-optics, holder: ines-kepler, share: about 60 %,
   by: Post, quote: about 60 %}
- {event: StakeReported, company: pelican-optics, holder: odd-lund, share: about 7 %,
   by: Pelican press, quote: Kepler}
- {event: RoundClosed, round: pelican-optics/seed, amount: 1 million euros,
   valuation: 9 million euros, by: Pelican press, quote: Pelican Optics is worth 9 million euros}
- {event: MajorityReported, company: pelican-optics, holders: ines-kepler, by: Pelican press,
   quote: has a majority}
- {event: RoundRumored, round: pelican-optics/seed, amount: 4 million euros, by: Post,
   quote: Pelican Optics}
- {event: UnknownDeclared, subject: pelican-optics, attribute: founded, by: Pelican press,
   quote: Pelican}
"""


def test_what_ocf_has_no_words_for_is_reported_with_why(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    ran = desk.run("record", desk.write("story.yaml", STORY))
    assert ran.code == 0, ran.err
    ran = desk.done("export", "ocf", "pelican-optics", "--out", "b", "--report", "r.json")
    report = json.loads(Path("r.json").read_text("utf-8"))
    why = {(one["attribute"], one["why"].partition(";")[0]) for one in report["left_out"]}
    assert why >= {
        ("stake", "nobody who must know it has said it"),
        ("stake", "it is a range or hedged"),
        ("valuation", "it is no line of a ledger"),
        ("majority", "it is said in words"),
        ("amount", "others say otherwise"),
        ("founded", "it says that something is not known, or is not commented on"),
    }
    for _, reason in why:
        assert f"not written: {reason}" in ran.err
    assert "OCF has no place for who vouches for each line" in ran.err
    assert report["no_place_for"] in ran.err
    positions = {one["position"] for one in report["left_out"]}
    assert positions.isdisjoint({one["position"] for one in lines(desk)})


def test_a_line_that_only_a_newspaper_says_is_not_written(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    desk.done("record", desk.write("story.yaml", STORY))
    stored = lines(desk)[-1]["data"]
    told = {**stored, "line": "tx-rumour", "security": "s-r", "attribution": {"root": "post"}}
    text = json.dumps({"name": "security_issued.v1", "data": json.dumps(told, sort_keys=True)})
    ran = desk.run("record", desk.write("m.yaml", f"statements:\n- stored: {text}\n"))
    assert ran.code == 0, ran.err
    last = desk.entries()[-1]["position"]
    ran = desk.done("export", "ocf", "pelican-optics", "--report", "r.json")
    assert f"not written: @{last}, lines that neither company nor register vouches for" in ran.err
    assert json.loads(Path("r.json").read_text("utf-8"))["unconfirmed"] == [last]
    assert "tx-rumour" not in ran.out


def test_two_exports_are_the_same_bytes_in_a_folder_and_in_an_archive(
    desk: Desk, book: Book
) -> None:
    take(desk, book, "a")
    for name in ("b", "c", "b.ocf.zip", "c.ocf.zip"):
        desk.done("export", "ocf", "Pelican Optics", "--out", name)
    assert Path("b.ocf.zip").read_bytes() == Path("c.ocf.zip").read_bytes()
    with zipfile.ZipFile("b.ocf.zip") as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {path.name: path.read_bytes() for path in Path("b").iterdir()}
    printed = desk.done("export", "ocf", "pelican-optics").json()
    assert printed == {name: json.loads(data) for name, data in inside.items()}
    assert "0 new lines" in desk.done("import", "ocf", "b.ocf.zip").err


def test_nothing_that_is_there_is_overwritten(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    desk.write("b.zip", "mine")
    for options in (
        ["--out", "a"],
        ["--out", "b.zip"],
        ["--report", "b.zip"],
        ["--out", "b.zip/c"],
        ["--report", "none/r.json"],
    ):
        ran = desk.run("export", "ocf", "pelican-optics", *options)
        assert ran.code == 1, options
        assert "overwritten" in ran.err or "cannot be written" in ran.err
    assert Path("b.zip").read_text("utf-8") == "mine"


def test_a_company_without_a_ledger_is_told_so(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    desk.done("record", desk.write("story.yaml", STORY))
    ran = desk.run("export", "ocf", "tarn-holding")
    assert ran.code == 1
    assert "no ledger of tarn-holding is recorded" in ran.err
    assert "import ocf" in ran.err
    assert desk.run("export", "ocf", "nobody").code == 1
    assert "is no date" in desk.run("export", "ocf", "pelican-optics", "--at", "soon").err


def test_a_bundle_without_texts_still_gives_the_ledger(desk: Desk, book: Book) -> None:
    take(desk, book, "a")
    whole = desk.done("export", "ocf", "pelican-optics").json()
    desk.done("export", "bundle", "--out", "j.bundle")
    desk.turn_to("other.db")
    desk.done("import", "bundle", "j.bundle")
    ran = desk.done("export", "ocf", "pelican-optics")
    assert "filled in: country_of_formation is not recorded" in ran.err
    mine = {one["id"]: one for one in ran.json()["Transactions.ocf.json"]["items"]}
    for one in whole["Transactions.ocf.json"]["items"]:
        for name in ("quantity", "security_id", "stakeholder_id", "date", "share_price"):
            assert mine[one["id"]].get(name) == one.get(name)


def test_a_plan_whose_default_was_amended_is_written_so(desk: Desk) -> None:
    book = Book()
    book.reserve(100)
    plan = book.objects[-1]
    plan["default_cancellation_behavior"] = "RETURN_TO_POOL"
    plan["stock_class_id"] = plan.pop("stock_class_ids")[0]
    take(desk, book, "a")
    out = desk.done("export", "ocf", "pelican-optics").json()
    assert out["StockPlans.ocf.json"]["items"] == [plan]
    stored = next(one for one in desk.entries() if one["type"] == "plan_filed.v1")
    desk.done("void", f"@{stored['position']}", "--reason", "it does not return")
    data = {**stored["data"], "classes": ["common", "preferred"], "returns": False}
    text = json.dumps({"name": "plan_filed.v1", "data": json.dumps(data, sort_keys=True)})
    ran = desk.run("record", desk.write("m.yaml", f"statements:\n- stored: {text}\n"))
    assert ran.code == 0, ran.err
    (mine,) = desk.done("export", "ocf", "pelican-optics").json()["StockPlans.ocf.json"]["items"]
    assert "default_cancellation_behavior" not in mine
    assert mine["stock_class_ids"] == ["common", "preferred"]
    assert "stock_class_id" not in mine


# ── the example ──────────────────────────────────────────────────────────────────────────────────


def test_the_example_is_the_ledger_of_the_page() -> None:
    page = (ROOT / "docs" / "how-to" / "exchange-cap-tables.md").read_text("utf-8")
    shown = dict(re.findall(r"^```json file=(\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    held = {path.name: path.read_text("utf-8") for path in (ROOT / "examples/ocf").glob("*.json")}
    assert shown == held
    assert transcripts.run(page)


def test_the_example_comes_out_as_it_went_in(desk: Desk) -> None:
    desk.done("import", "ocf", str(ROOT / "examples" / "ocf"))
    desk.done("export", "ocf", "saltmarsh-instruments", "--out", "b")
    for path in (ROOT / "examples" / "ocf").glob("[S-T]*.json"):
        before = json.loads(path.read_text("utf-8"))["items"]
        after = json.loads(Path("b", path.name).read_text("utf-8"))["items"]
        assert sorted(map(str, after)) == sorted(map(str, before))


def test_a_package_of_nothing_but_a_company_is_a_ledger(desk: Desk) -> None:
    book = Book()
    folder = saved(package(book.issuer, [], book.day), Path("a"))
    assert "1 new line" in desk.done("import", "ocf", folder).err
    out = desk.done("export", "ocf", "pelican-optics").json()
    assert list(out) == ["Manifest.ocf.json"]
