"""Two real articles, recorded with all 34 claims that were read in them by hand.

The articles belong to others and stand beside this checkout; here are only our own words for what
they say. Every quote is taken from ``seed_claims.json`` when the test runs.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dealjournal.commands.options import Surroundings
from dealjournal.commands.record import record_file
from dealjournal.journal import Journal
from dealjournal.statements.compile import compile_pages
from dealjournal.statements.files import read_file
from domain.entries import Entry, Record
from domain.errors import DamagedJournal, InvalidInput
from domain.events import Statement
from domain.values import DocumentHash, Money, Quote
from projections.claims import Claim, claims_of
from projections.directory import Directory, slug_of
from tests.commands.running import TODAY, Desk
from tests.store.filing import tamper

BESIDE = Path(__file__).resolve().parents[2].parent / "shared"
SHARED = Path(os.environ.get("DEALJOURNAL_SHARED", BESIDE))
AZZABI, SILICON = "000_870733f357af85e6.txt", "002_2c5670d900e7ec9c.txt"

Fields = dict[str, Any]
WSJ: Fields = {"by": "Wall Street Journal"}
BLOOMBERG: Fields = {"by": "Bloomberg"}
PRESS_RELEASE: Fields = {"by": "Mistral AI"}
MENSCH: Fields = {"by": ["Mistral AI", "Arthur Mensch"]}
FOUNDERS = "The three founders"

NEW: dict[str, list[Fields]] = {
    AZZABI: [
        {"source": "Othman Azzabi", "kind": "person"},
        {"source": "Wall Street Journal", "kind": "outlet", "aliases": ["WSJ"]},
        {"source": "Arthur Mensch", "kind": "person", "speaks_for": "mistral-ai"},
        {"party": "Mistral AI", "kind": "company"},
        {"party": "Microsoft", "kind": "company"},
        {"party": "General Catalyst", "kind": "fund"},
        {"party": "Lightspeed Venture Partners", "kind": "fund", "aliases": ["Lightspeed"]},
        {"party": "Arthur Mensch", "kind": "person"},
        {"party": "Cédric O", "kind": "person"},
        *({"round": f"mistral-ai/{name}"} for name in ("series-a", "microsoft-2024", "series-b")),
    ],
    SILICON: [
        {"source": "silicon.fr", "kind": "outlet"},
        {"source": "Bloomberg", "kind": "outlet"},
        {"source": "Les Echos", "kind": "outlet"},
        {"source": "Mistral AI", "kind": "company", "speaks_for": "mistral-ai"},
        {"party": FOUNDERS, "slug": "three-founders", "kind": "group"},
        {"party": "heads-of-alan", "kind": "group", "description": "the two heads of Alan"},
        *(
            {"party": name}
            for name in (
                "Andreessen Horowitz",
                "Salesforce",
                "BNP Paribas",
                "CMA-CGM",
                "Elad Gil",
                "Emerson Collective",
                "Conviction",
                "Bpifrance",
                "La Famiglia",
                "Eric Schmidt",
                "New Wave",
                "Motier Ventures",
                "Sofina",
            )
        ),
        {"round": "mistral-ai/seed"},
    ],
}
DOCUMENTS: dict[str, Fields] = {
    AZZABI: {"publisher": "Othman Azzabi", "published": "2024-05-09", "language": "fr"},
    SILICON: {"publisher": "silicon.fr", "published": "2023-12-11", "language": "fr"},
}
ROUNDS = {AZZABI: "mistral-ai/series-b", SILICON: "mistral-ai/series-a"}


@dataclass(frozen=True)
class Told:
    """How one claim is written down: the event, and its fields but for the quote."""

    event: str
    fields: Fields


def told(event: str, **fields: Any) -> Told:
    """Return how one claim is written down."""
    return Told(event, fields)


TABLE: dict[str, Told] = {
    "S0-01": told("RoundRumored", stage="nearing_close", modality="expects", **WSJ),
    "S0-02": told("TermsReported", amount="about 600M USD", modality="expects", **WSJ),
    "S0-03": told("TermsReported", valuation="6bn USD", modality="targets", **WSJ),
    "S0-04": told("TermsReported", multiple="nearly triple", modality="targets", **WSJ),
    "S0-05": told(
        "InvestorRumored",
        investor=["General Catalyst", "Lightspeed"],
        roles="lead",
        list_is_open="yes",
        modality="expects",
        **WSJ,
    ),
    "S0-08": told(
        "TermsReported", round="mistral-ai/microsoft-2024", amount="16M USD", occurred="2024-02"
    ),
    "S0-09": told(
        "StatementNoted",
        party="Microsoft",
        topic="partnership",
        note="offers the models of Mistral AI on its cloud",
    ),
    "S0-10": told(
        "TermsReported", round="mistral-ai/series-a", valuation="2bn EUR", occurred="2023-12"
    ),
    "S0-11": told(
        "TermsReported",
        round="mistral-ai/series-a",
        valuation={"value": "about 2.15bn USD", "from": "2bn EUR"},
        modality="derives",
        occurred="2023-12",
    ),
    "S0-12": told("TermsReported", amount="600M USD", modality="expects"),
    "S0-13": told(
        "GroupShareReported",
        company="Mistral AI",
        group="US",
        words="growing",
        modality="opines",
    ),
    "S0-14": told("QuestionRaised", subject="Mistral AI", question="Is it still European?"),
    "S0-15": told(
        "QuestionRaised",
        subject="Mistral AI",
        question="Can American money weigh on the rules for AI?",
    ),
    "S0-16": told(
        "RoleReported",
        party=["Cédric O", "Arthur Mensch"],
        role="member",
        at="the committee on generative AI",
    ),
    "S0-17": told("RoleReported", party="Arthur Mensch", role="adviser", at="national strategy"),
    "S0-18": told(
        "StatementNoted",
        party="Arthur Mensch",
        topic="regulation",
        note="the rules as planned favour incumbents",
        modality="opines",
        by="Arthur Mensch",
    ),
    "S0-19": told("RoleReported", party="Cédric O", role="lobbyist", modality="opines"),
    "S1-01": told("TermsReported", amount="385M USD", label="Série A", occurred="2023-12"),
    "S1-02": told("TermsReported", round="mistral-ai/seed", amount="105M EUR", occurred="2023-21"),
    "S1-03": told("UnknownDeclared", subject="mistral-ai/series-a", attribute="valuation"),
    "S1-04": told("UnknownDeclared", subject="mistral-ai/series-a", attribute="stake"),
    "S1-05": told("TermsReported", valuation="2bn USD", modality="estimates", **BLOOMBERG),
    "S1-06": told(
        "MajorityReported",
        company="Mistral AI",
        after="mistral-ai/series-a",
        holders=FOUNDERS,
        **BLOOMBERG,
    ),
    "S1-07": told(
        "SecondarySaleReported",
        company="Mistral AI",
        after="mistral-ai/series-a",
        sellers=[FOUNDERS, "heads-of-alan", "Cédric O"],
        words="a few shares",
        **BLOOMBERG,
    ),
    "S1-08": told(
        "InvestorJoined", investor=["Andreessen Horowitz", "Lightspeed"], roles="returning"
    ),
    "S1-09": told(
        "InvestorJoined",
        investor=["Salesforce", "BNP Paribas", "CMA-CGM"],
        roles=["strategic", "new"],
        list_is_open="yes",
        **PRESS_RELEASE,
    ),
    "S1-10": told(
        "InvestorJoined",
        investor=["General Catalyst", "Elad Gil", "Emerson Collective", "Conviction"],
        roles="new",
        list_is_open="yes",
        **PRESS_RELEASE,
    ),
    "S1-11": told(
        "InvestorJoined",
        investor=[
            "Bpifrance",
            "La Famiglia",
            "Eric Schmidt",
            "New Wave",
            "Motier Ventures",
            "Sofina",
        ],
        roles="returning",
        list_is_open="yes",
        **PRESS_RELEASE,
    ),
    "S1-12": told("PartyFounded", party="Mistral AI", occurred="2023-05~", **MENSCH),
    "S1-13": told("RoundAnnounced", occurred="2023-12-11", **MENSCH),
    "S1-14": told(
        "QuestionRaised", subject="Mistral AI", question="Did it need the money, or give in?"
    ),
    "S1-15": told(
        "StatementNoted",
        party="Mistral AI",
        topic="cash",
        note="the money of the seed is not all spent",
        by=["Les Echos", "Arthur Mensch"],
    ),
}
"""Each claim but S0-06, whose word it is, and S0-07, the day of the report."""
OF_THE_JOURNAL = ("S0-01", "S0-02", "S0-03", "S0-04", "S0-05")
"""The claims that S0-06 and S0-07 speak of."""
ALL = (*OF_THE_JOURNAL, "S0-06", "S0-07", *list(TABLE)[5:])


@pytest.fixture(scope="session")
def seeds() -> dict[str, Fields]:
    """Return the claims as they were read by hand, by id."""
    file = SHARED / "claims" / "seed_claims.json"
    if not file.is_file():
        sentence = f"the articles and their claims are not at {SHARED}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return {one["id"]: one for one in json.loads(file.read_text())}


def quote_of(seed: Fields) -> Fields:
    """Return a claim's quote as a statements file gives it."""
    selector = seed["selector"]
    return {
        "exact": selector["exact"],
        "prefix": selector["prefix"],
        "suffix": selector["suffix"],
        "start": str(seed["position"]["start"]),
    }


def page_of(seeds: dict[str, Fields], article: str, file: Path, *, sha256: bool = True) -> Fields:
    """Return an article's page of a statements file."""
    document: Fields = {"file": str(file), **DOCUMENTS[article]}
    if sha256:
        document["sha256"] = next(
            seed["sha256"] for seed in seeds.values() if seed["document"] == article
        )
    statements = []
    for name, how in TABLE.items():
        if seeds[name]["document"] != article:
            continue
        statement: Fields = {"event": how.event, **how.fields}
        if name in OF_THE_JOURNAL:
            statement["sourcing"] = seeds["S0-06"]["selector"]["exact"]
            statement["quote"] = [quote_of(seeds[one]) for one in (name, "S0-06", "S0-07")]
        else:
            statement["quote"] = quote_of(seeds[name])
        statements.append(statement)
    return {
        "document": document,
        "new": NEW[article],
        "defaults": {"round": ROUNDS[article]},
        "statements": statements,
    }


def as_yaml(pages: list[Fields]) -> str:
    """Return pages as YAML, without aliases."""
    unshared = json.loads(json.dumps(pages))
    return yaml.safe_dump_all(unshared, allow_unicode=True, sort_keys=False, width=10_000)


def as_json_lines(pages: list[Fields]) -> str:
    """Return pages as JSON lines, a statement each."""
    lines = []
    for page in pages:
        lines.append({key: page[key] for key in ("document", "new", "defaults")})
        lines += page["statements"]
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def pages_of(seeds: dict[str, Fields], instead: Path | None = None) -> list[Fields]:
    """Return both articles' pages, one of them perhaps read from another file of the same name."""
    return [
        page_of(seeds, name, instead, sha256=False)
        if instead is not None and instead.name == name
        else page_of(seeds, name, SHARED / "articles" / name)
        for name in (AZZABI, SILICON)
    ]


@dataclass(frozen=True)
class Recorded:
    """A journal of the two articles."""

    entries: list[Entry]
    path: Path

    def of(self, seed: Fields) -> list[tuple[Quote, Entry, list[Claim]]]:
        """Return what the journal holds under a claim's quote: quote, entry and its claims."""
        place = seed["position"]["start"], seed["position"]["end"]
        return [
            (quote, entry, list(claims_of(entry, {})))
            for entry in self.entries
            if isinstance(entry.event, Statement)
            for quote in entry.event.quotes
            if (quote.document, quote.start, quote.end) == (seed["sha256"], *place)
        ]


@pytest.fixture(scope="module")
def recorded(seeds: dict[str, Fields], tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return a journal into which both articles were recorded, from YAML."""
    folder = tmp_path_factory.mktemp("articles")
    file = folder / "articles.yaml"
    file.write_text(as_yaml(pages_of(seeds)))
    return record(folder, file)


def record(folder: Path, file: Path) -> Recorded:
    """Return a journal into which a statements file was recorded."""
    path = folder / "j.db"
    surroundings = Surroundings(
        lambda: TODAY, "ada", path, folder, folder / "keys", lambda: bytes(32)
    )
    with Journal.create(path, surroundings.clock) as journal:
        record_file(journal, str(file), surroundings)
        return Recorded(journal.entries(), path)


def test_the_table_tells_every_claim(seeds: dict[str, Fields]) -> None:
    assert sorted(ALL) == sorted(seeds)
    assert len(ALL) == 34
    assert sum(seed["vocabulary"]["financial"] for seed in seeds.values()) == 26


@pytest.mark.parametrize("name", ALL)
def test_a_quote_stands_exactly_where_it_was_read(
    seeds: dict[str, Fields], recorded: Recorded, name: str
) -> None:
    seed = seeds[name]
    found = recorded.of(seed)
    text = (SHARED / "articles" / seed["document"]).read_text()
    assert found
    for quote, _, _ in found:
        assert quote.exact == seed["selector"]["exact"] == text[quote.start : quote.end]
        assert (quote.start, quote.end) == (seed["position"]["start"], seed["position"]["end"])
        assert quote.anchor == "exact"
        assert quote.prefix == seed["selector"]["prefix"]
        assert quote.suffix == seed["selector"]["suffix"]


@pytest.mark.parametrize("name", TABLE)
def test_a_claim_says_what_was_read(
    seeds: dict[str, Fields], recorded: Recorded, name: str
) -> None:
    seed = seeds[name]
    vocabulary = seed["vocabulary"]
    chain = chain_of(seed)
    for _, entry, claims in recorded.of(seed):
        (claim,) = [one for one in claims if one.attribute == vocabulary["attribute"]]
        assert claim.modality == vocabulary["modality"]
        assert (claim.root, claim.via) == (chain[-1], tuple(chain[:-1]))
        if "root" in vocabulary:
            assert claim.root == slug_of(vocabulary["root"])
        wanted = seed["value"]
        if isinstance(wanted, dict) and "amount" in wanted:
            assert isinstance(claim.value, Money)
            assert (str(claim.value.amount), claim.value.currency) == (
                wanted["amount"],
                wanted["currency"],
            )
            hedged = wanted.get("qualifier") == "approximately"
            assert claim.value.qualifier == ("about" if hedged else "exact")
        if wanted == "UNKNOWN":
            assert claim.value is None
        assert entry.event.published is not None  # type: ignore[union-attr]


def chain_of(seed: Fields) -> list[str]:
    """Return the slugs of the named in a claim's chain, from the text read to the root."""
    names = [re.sub(r" ?\(.*\)", "", name) for name in seed["attribution_chain"]]
    named = [name for name in names if name and not name.startswith("sources ")]
    return [slug_of(name.removeprefix("communiqué ")) for name in named]


@pytest.mark.parametrize("name", OF_THE_JOURNAL)
def test_whose_word_it_is_and_of_which_day_go_with_the_claims_they_speak_of(
    seeds: dict[str, Fields], recorded: Recorded, name: str
) -> None:
    for _, entry, claims in recorded.of(seeds[name]):
        for claim in claims:
            assert claim.sourcing is not None
            assert claim.sourcing.words == seeds["S0-06"]["selector"]["exact"]
            assert claim.published is not None
            assert claim.published.edtf == seeds["S0-07"]["asserted_when"]
        quotes = [quote.exact for quote in entry.event.quotes]  # type: ignore[union-attr]
        assert quotes == [seeds[one]["selector"]["exact"] for one in (name, "S0-06", "S0-07")]


@pytest.mark.parametrize("name", ["S1-03", "S1-04", "S0-14", "S0-15", "S1-14"])
def test_what_is_unknown_or_asked_is_a_claim(
    seeds: dict[str, Fields], recorded: Recorded, name: str
) -> None:
    ((_, entry, (claim,)),) = recorded.of(seeds[name])
    if seeds[name]["vocabulary"]["modality"] == "asks":
        assert (claim.attribute, claim.modality) == ("question", "asks")
    else:
        assert (claim.value, claim.modality) == (None, "declares_unknown")
    assert claim.quote is not None
    assert claim.position == entry.position


def test_yaml_and_json_lines_record_the_same_entries(
    seeds: dict[str, Fields], recorded: Recorded, desk: Desk
) -> None:
    name = desk.write("articles.jsonl", as_json_lines(pages_of(seeds)))
    desk.done("record", name)
    assert [entry["event_id"] for entry in desk.entries()] == [
        entry.event_id for entry in recorded.entries
    ]
    yaml_name = desk.write("articles.yaml", as_yaml(pages_of(seeds)))
    assert "nothing new" in desk.done("record", yaml_name).err


# ── one changed byte ─────────────────────────────────────────────────────────────────────────────


def changed(folder: Path, seed: Fields) -> Path:
    """Write a copy of an article in which one byte within a quote is another letter or digit."""
    text = (SHARED / "articles" / seed["document"]).read_text()
    start, end = seed["position"]["start"], seed["position"]["end"]
    places = [
        place for place in range(start, end) if text[place].isascii() and text[place].isalnum()
    ]
    place = places[len(places) // 2]
    other = str((int(text[place]) + 1) % 10) if text[place].isdigit() else "q"
    assert other != text[place]
    copy = folder / str(seed["document"])
    copy.write_text(text[:place] + other + text[place + 1 :])
    return copy


def test_a_changed_byte_is_told_by_the_hash(seeds: dict[str, Fields], desk: Desk) -> None:
    copy = changed(desk.folder, seeds["S0-05"])
    name = desk.write("articles.yaml", as_yaml([page_of(seeds, AZZABI, copy)]))
    ran = desk.run("record", name)
    assert ran.code == 3
    assert re.search(r"articles\.yaml:\d+:11: the document has changed: its SHA-256 is", ran.err)
    assert desk.entries() == []


@pytest.mark.parametrize("name", ALL)
def test_a_changed_byte_within_a_quote_is_noticed_without_the_hash(
    seeds: dict[str, Fields], tmp_path: Path, name: str
) -> None:
    file = tmp_path / "articles.yaml"
    file.write_text(as_yaml(pages_of(seeds, changed(tmp_path, seeds[name]))))
    exact = seeds[name]["selector"]["exact"]
    try:
        draft = compile_pages(read_file(file), Directory())
    except InvalidInput as error:
        refused = error.flaws
    else:
        refused = ()
    if refused:
        assert any(text_of(exact) in flaw.text for flaw in refused)
        return
    statements = [one.command.event for one in draft.intents if isinstance(one.command, Record)]
    quotes = [quote for statement in statements for quote in statement.quotes]
    assert {quote.anchor for quote in quotes if quote.exact == exact} == {"drifted"}
    assert any(repr(exact) in flaw.text for flaw in draft.drifted)


def text_of(exact: str) -> str:
    """Return the beginning of a quote as a refusal repeats it."""
    return f"the document does not say {exact[:60]!r}"[:-1]


def test_a_changed_byte_within_a_quote_is_told_by_the_program(
    seeds: dict[str, Fields], desk: Desk
) -> None:
    copy = changed(desk.folder, seeds["S0-05"])
    ran = desk.done("record", desk.write("a.yaml", as_yaml(pages_of(seeds, copy))))
    assert re.search(r"a\.yaml:\d+:3: drifted quote: the document ", ran.err)
    data = [entry["data"] for entry in desk.entries()]
    anchors = {
        quote["exact"]: quote["anchor"]
        for one in data
        for quote in one.get("quotes", ())
        if "anchor" in quote
    }
    assert anchors == {seeds["S0-05"]["selector"]["exact"]: "drifted"}


def test_without_a_change_nothing_is_told(seeds: dict[str, Fields], desk: Desk) -> None:
    file = desk.write("articles.yaml", as_yaml(pages_of(seeds)))
    assert "drifted" not in desk.done("record", file).err


@pytest.mark.parametrize("article", [AZZABI, SILICON])
def test_a_byte_changed_in_the_journal_is_told(
    seeds: dict[str, Fields], tmp_path: Path, article: str
) -> None:
    file = tmp_path / "articles.yaml"
    file.write_text(as_yaml(pages_of(seeds)))
    recorded = record(tmp_path, file)
    content = (SHARED / "articles" / article).read_bytes()
    digest = next(one["sha256"] for one in seeds.values() if one["document"] == article)
    with Journal.open(recorded.path, lambda: TODAY) as journal:
        assert journal.text(DocumentHash(digest)) == content
        forged = content[:700] + bytes([content[700] ^ 1]) + content[701:]
        tamper(recorded.path, "UPDATE document_text SET bytes = ? WHERE hash = ?", forged, digest)
        with pytest.raises(DamagedJournal, match="was changed after it was captured"):
            journal.text(DocumentHash(digest))
