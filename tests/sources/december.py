"""The valuation of December 2023: a statements file made from the shared table of claims.

The table is nobody's here to ship. Where it is missing, the tests that need it fail.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.vectors import SHARED

TABLE = SHARED / "claims" / "mistral_dec2023_valuation_claims.csv"
ROUND = "mistral-ai/series-a"
PARTIES = {
    "Mistral AI (press release)": ("Mistral AI", "company", "mistral-ai"),
    "Lightspeed (investor blog)": ("Lightspeed", "investor", "lightspeed"),
}
"""Outlets that speak for a party: name, kind, whose voice."""
CHAINS = {"Yahoo News": ["Yahoo News", "Bloomberg"]}
"""An upstream that itself passes on, and whom it has it from."""
NO_UPSTREAM = ("", "(none declared)")
OWN = ("7 sources", "mixed", "press release")
"""Beginnings of sourcing that is an outlet's own, whatever upstream it also credits."""


def rows(table: Path = TABLE) -> list[dict[str, str]]:
    """Return the claims of the table."""
    with table.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def statements(table: Path = TABLE) -> str:
    """Return a statements file, as lines of JSON, that tells the whole table and nothing else."""
    known: set[str] = set()
    return "".join(
        json.dumps(line, ensure_ascii=False) + "\n"
        for row in rows(table)
        for line in _lines(row, known)
    )


def _lines(row: dict[str, str], known: set[str]) -> Iterator[dict[str, Any]]:
    publisher, _, _ = PARTIES.get(row["outlet"], (row["outlet"], "", ""))
    figures = " ".join(f"{figure}M" for figure in row["numbers"].split("|"))
    amount = f"{row['round_amount']}M {row['amount_ccy']}"
    value = f"{row['valuation']}M {row['val_ccy']}" if row["valuation"] else ""
    text = f"{row['id']}: amount {amount}; value {value or 'not told'}; figures {figures}"
    page: dict[str, Any] = {
        "document": {
            "text": text,
            "publisher": publisher,
            "published": row["published"],
            "language": row["lang"],
        },
        "new": list(_new(row, known)),
        "defaults": {"round": ROUND},
    }
    yield page
    chain = _chain(row, publisher)
    how: dict[str, Any] = {"by": chain}
    sourcing = _sourcing(row) if chain == [publisher] else None
    if sourcing:
        how["sourcing"] = sourcing
    terms = {"event": "TermsReported", **how}
    if row["own_sourcing"] == "press release":
        yield {
            "event": "TermsReported",
            "by": "Mistral AI",
            "amount": amount,
            "quote": f"amount {amount}",
        }
    else:
        yield {**terms, "amount": amount, "quote": f"amount {amount}"}
    if value:
        basis = {"basis": row["val_basis"]} if row["val_basis"] != "unspecified" else {}
        yield {**terms, "valuation": value, **basis, "quote": f"value {value}"}
    yield {
        "event": "StatementNoted",
        "party": "Mistral AI",
        "topic": "figures",
        "note": f"figures of {row['id']}",
        "quote": f"figures {figures}",
        **how,
    }
    if row["outlet"] in PARTIES:
        yield {"event": "RoundAnnounced", "quote": f"amount {amount}"}
    if row["outlet"].startswith("Lightspeed"):
        yield {"event": "InvestorJoined", "investor": "Lightspeed", "quote": row["id"]}


def _chain(row: dict[str, str], publisher: str) -> list[str]:
    """Return through whom a row has its figures, and last the root that vouches for them."""
    upstream = row["declared_upstream"].split(";")[0]
    own = row["own_sourcing"].startswith(OWN[:2])
    if upstream in NO_UPSTREAM or own:
        return [publisher]
    return CHAINS.get(upstream, [upstream])


def _sourcing(row: dict[str, str]) -> dict[str, Any] | None:
    words = row["own_sourcing"]
    if words in ("", "company", "investor in the round", "unattributed", "own", "mixed"):
        return None
    return {"words": words.split(",")[0] if words.startswith("7") else words} | (
        {"documents_seen": True} if "documents" in words else {}
    )


def _new(row: dict[str, str], known: set[str]) -> Iterator[dict[str, Any]]:
    name, kind, voice = PARTIES.get(row["outlet"], (row["outlet"], "outlet", ""))
    upstream = [one for one in row["declared_upstream"].split(";") if one not in NO_UPSTREAM]
    if not known:
        yield {"party": "Mistral AI", "kind": "company"}
        yield {"party": "Lightspeed", "kind": "fund"}
        yield {"round": ROUND}
    for one, what in ((name, kind), *((other, "outlet") for other in upstream)):
        if one not in known:
            known.add(one)
            yield {
                "source": one,
                "kind": what,
                **({"speaks_for": voice} if one == name and voice else {}),
            }
