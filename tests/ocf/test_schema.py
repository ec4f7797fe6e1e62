"""What is written is valid under OCF's own schema, where somebody has it at hand.

The schema is not ours to ship. With OCF_SCHEMA set to the folder ``schema`` of a checkout of
Open-Cap-Table-Coalition/Open-Cap-Format-OCF these tests ask it; without, the check of our own in
``dealjournal/ocf_words.py`` is asked alone, as it is in CI.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from dealjournal.exporters.ocf.objects import UNKNOWN
from dealjournal.importers.ocf.package import read_package
from dealjournal.ocf_words import FILES, MANIFEST, OBJECTS, fields_of
from tests.ocf.ledgers import Book, books
from tests.ocf.reading import parts, taken_in
from tests.ocf.test_round_trip import written

FOLDER = os.environ.get("OCF_SCHEMA")


@cache
def _schemas() -> tuple[Registry[Any], dict[str, Any]]:
    registry: Registry[Any] = Registry()
    files: dict[str, Any] = {}
    for path in sorted(Path(FOLDER or "").rglob("*.schema.json")):
        schema = json.loads(path.read_text("utf-8"))
        registry = registry.with_resource(
            schema["$id"], Resource(contents=schema, specification=DRAFT7)
        )
        kind = schema.get("properties", {}).get("file_type", {}).get("const")
        if kind:
            files[kind] = schema
    return registry, files


def wrong(files: Mapping[str, bytes]) -> Iterator[str]:
    """Give what is wrong with a package under OCF's schema, or under our reading of it."""
    package = read_package(parts(files))
    yield from package.notices
    if FOLDER is None:
        return
    registry, schemas = _schemas()
    assert set(schemas) == {*FILES.values(), MANIFEST}, f"{FOLDER} is not the folder of the schema"
    for name, data in files.items():
        file = json.loads(data)
        for error in Draft7Validator(schemas[file["file_type"]], registry=registry).iter_errors(
            file
        ):
            inner = "; ".join(one.message for one in error.context or ())[:2000]
            yield f"{name} {error.json_path}: {error.message[:300]} {inner}"


@given(books())
@settings(max_examples=15, deadline=None)
def test_what_is_written_is_valid(book: Book) -> None:
    files = book.package()
    out, _ = written(taken_in(files), files)
    assert list(wrong(out)) == []


@given(books())
@settings(max_examples=15, deadline=None)
def test_what_is_written_without_its_documents_is_valid(book: Book) -> None:
    out, ledger = written(taken_in(book.package()))
    assert list(wrong(out)) == []
    assert UNKNOWN not in {name for _, _, name in ledger.filled}


def test_a_field_that_ocf_does_not_have_is_found() -> None:
    book = Book()
    book.objects[0]["colour"] = "blue"
    book.later(1)
    assert any("colour" in one for one in wrong(book.package()))


def test_our_reading_names_the_fields_of_the_schema() -> None:
    """Each kind of object, each of its fields, and which of them must be there."""
    for kind in OBJECTS:
        assert {"id", "object_type"} <= {
            name for name, (_, needed) in fields_of(kind).items() if needed
        }
    if FOLDER is None:
        return
    registry, _ = _schemas()
    for schema in map(registry.contents, registry):
        kinds = schema.get("properties", {}).get("object_type", {})
        for kind in {kinds.get("const"), *kinds.get("enum", ())} & set(OBJECTS):
            needed = set(_needed(schema, registry))
            assert set(schema["properties"]) == set(fields_of(kind)), kind
            assert needed == {name for name, (_, must) in fields_of(kind).items() if must}, kind


def _needed(schema: Any, registry: Registry[Any]) -> Iterator[str]:  # noqa: ANN401 - a schema
    yield from schema.get("required", ())
    for part in schema.get("allOf", ()):
        if "$ref" in part:
            yield from _needed(registry.contents(part["$ref"]), registry)
