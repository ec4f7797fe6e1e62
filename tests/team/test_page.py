"""The page on teams, done as it stands there on a server of its own."""

from __future__ import annotations

import psycopg
import pytest

from docs import transcripts
from tests.commands.running import ROOT
from tests.store.server import ADMIN, Server

PAGE = ROOT / "docs" / "how-to" / "team.md"


@pytest.mark.postgres
def test_the_page_on_teams_does_what_it_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    with Server() as server:
        first, *later = transcripts.blocks_of(text, "sql")
        for database, statements in (("postgres", first), *(("deals", body) for body in later)):
            with psycopg.connect(server.url(database, ADMIN), autocommit=True) as connection:
                for statement in filter(str.strip, statements.split(";")):
                    connection.execute(statement.encode())
        here = text.replace("db.example.org", str(server.folder))
        steps = [step for block in transcripts.run(here, "console postgres") for step in block]
    assert len(steps) > 10
    assert [(step.typed, step.misses) for step in steps if step.misses] == []
    explained = [step.typed for step in steps if step.code and not step.is_explained]
    assert explained == []
