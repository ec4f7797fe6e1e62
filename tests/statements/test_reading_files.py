"""Files as text that knows where it stands: nothing is guessed, what is hostile is refused."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.statements.files import read_file, read_text
from dealjournal.statements.located import (
    LARGEST_FILE,
    LONGEST_LINE,
    Mapped,
    Node,
    Scalar,
    Sequence,
    decode,
    json_lines,
    read_bytes,
    yaml_documents,
)
from domain.errors import InvalidInput
from tests.statements.telling import HEAD, flaws


def plain(node: Node) -> object:
    """Return a node as texts, lists and dictionaries."""
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapped(items=items):
            return {key: plain(value) for key, value in items.items()}


def of_yaml(text: str) -> list[object]:
    return [plain(node) for node in yaml_documents(text, "f.yaml")]


def of_json(text: str) -> list[object]:
    return [plain(node) for node in json_lines(text, "f.jsonl")]


def refused_yaml(text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        of_yaml(text)
    return str(refused.value)


def refused_json(text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        of_json(text)
    return str(refused.value)


# ── YAML: every scalar stays the text it was ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "no",
        "on",
        "off",
        "Yes",
        "true",
        "False",
        "null",
        "Null",
        "~",
        "2024-05-09",
        "2024-05-09 10:11:12Z",
        "12:30:45",
        "1e9",
        "012",
        "0o14",
        "0x1F",
        "1_000",
        "+1",
        "-1.5",
        ".inf",
        ".nan",
        "=",
        "<<",
        "1.10",
        "60%",
    ],
)
def test_a_scalar_stays_the_text_it_was(text: str) -> None:
    assert of_yaml(f"value: {text}") == [{"value": text}]
    assert of_yaml(f"- {text}") == [[text]]
    assert of_yaml(f"{{value: '{text}'}}") == [{"value": text}]


def test_an_empty_value_is_absent_and_a_quoted_one_is_empty() -> None:
    assert of_yaml("a:\nb: ''\nc: \"\"\nd: {e: , f: x}") == [
        {"a": None, "b": "", "c": "", "d": {"e": None, "f": "x"}}
    ]


def test_several_documents_come_one_by_one() -> None:
    assert of_yaml("a: 1\n---\n- b\n---\nc\n...\n") == [{"a": "1"}, ["b"], "c"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(newline: str, mark: bytes) -> None:
    text = newline.join(("a: é", "b: |", "  one", "  two", "c: d", ""))
    decoded = decode(mark + text.encode(), "f.yaml")
    (node,) = yaml_documents(decoded, "f.yaml")
    assert plain(node) == {"a": "é", "b": "one\ntwo\n", "c": "d"}
    assert isinstance(node, Mapped)
    assert [str(place) for place in node.keys.values()] == [
        "f.yaml:1:1",
        "f.yaml:2:1",
        "f.yaml:5:1",
    ]


def test_places_count_characters_from_one() -> None:
    (node,) = yaml_documents("é🙂: [x, {ü: 'ß'}]\nzwei:\n  - drei\n", "f.yaml")
    assert isinstance(node, Mapped)
    listed = node.items["é🙂"]
    assert isinstance(listed, Sequence)
    inner = listed.items[1]
    assert isinstance(inner, Mapped)
    deeper = node.items["zwei"]
    assert isinstance(deeper, Sequence)
    places = [
        node.keys["é🙂"],
        listed.place,
        inner.place,
        inner.keys["ü"],
        inner.items["ü"].place,
        deeper.items[0].place,
    ]
    assert [(one.line, one.column) for one in places] == [
        (1, 1),
        (1, 5),
        (1, 9),
        (1, 10),
        (1, 13),
        (3, 5),
    ]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a: &x 1\nb: *x", "1:4", "aliases"),
        ("a: 1\nb: *x", "2:4", "aliases"),
        ("a: 1\nb:\n  <<: *x", "3:7", "aliases"),
        ("- &x {a: 1}", "1:3", "aliases"),
        ("a: !!python/object/apply:os.system [x]", "1:4", "tag"),
        ("a: !!int 3", "1:4", "tag"),
        ("a: !env HOME", "1:4", "tag"),
        ("é: 1\na: 2\né: 3", "3:1", "'é' is given twice"),
        ("a: {b: 1, b: 2}", "1:11", "'b' is given twice"),
        ("[a, b]: 1", "1:1", "a name is one word"),
        ("? \n: 1", "1:2", "a name is one word"),
        ("a: [b", "2:1", "not YAML"),
        ("a: b: c", "1:5", "not YAML"),
        ("a: 'b", "1:6", "not YAML"),
        ("a: 1\n\tb: 2", "2:1", "not YAML"),
        ("é: \x07", "1:4", "not YAML"),
        ("a: 1\nüü: \x1b[31m", "2:5", "not YAML"),
        ("a: @x", "1:4", "not YAML"),
        ("%YAML 1.1", "2:1", "not YAML"),
        ("a: " + "[" * 30 + "]" * 30, "1:16", "nested more than"),
        ("{a: " * 30 + "1" + "}" * 30, "1:50", "nested more than"),
    ],
)
def test_what_yaml_files_do_without_is_refused_where_it_stands(
    text: str, place: str, reason: str
) -> None:
    refused = refused_yaml(text)
    assert reason in refused
    assert refused.startswith(f"f.yaml:{place}: ")


def test_laughter_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 lol"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "aliases" in refused_yaml("\n".join(lines))


def test_deep_nesting_is_refused_at_once() -> None:
    begun = time.perf_counter()
    assert "nested more than" in refused_yaml("[" * 400_000)
    assert "f.jsonl:1:" in refused_json('{"a":' + "[" * 400_000)
    assert time.perf_counter() - begun < 5


# ── JSON lines ───────────────────────────────────────────────────────────────────────────────────


# A key of a statements file is a word; libyaml takes keys of up to 1,024 characters.
keys = st.text(min_size=1, max_size=80)


@given(st.recursive(st.text(), lambda inner: st.dictionaries(keys, inner), max_leaves=5))
def test_any_text_in_json_is_read_as_json_reads_it(value: object) -> None:
    for ascii_only in (True, False):
        line = json.dumps({"value": value}, ensure_ascii=ascii_only)
        assert of_json(line) == [{"value": value}]


@given(st.text())
def test_places_in_json_count_the_characters_of_the_line(before: str) -> None:
    for ascii_only in (True, False):
        line = json.dumps({"a": before, "b": ["here"]}, ensure_ascii=ascii_only)
        _, node = json_lines(f'{{"first": "line"}}\n\n{line}', "f.jsonl")
        column = line.rindex('["here"]') + 1
        assert (node.items["b"].place.line, node.items["b"].place.column) == (3, column)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ('{"a": "\\ud83d\\ude42 \\\\ud83d"}', "🙂 \\ud83d"),
        ('{"a": "\\\\\\ud83d\\ude42"}', "\\🙂"),
        ('{"a": "\u2028 \u2029 \x85 \x7f \ufeff"}', "\u2028 \u2029 \x85 \x7f \ufeff"),
        ('{"a": "\\u0085\\u2028"}', "\x85\u2028"),
        ('{"a": "one\\n two\\t\\"three\\" \\/"}', 'one\n two\t"three" /'),
        ('{"a": null}', None),
        ('{"a": "null"}', "null"),
        ('{"a": true}', "true"),
        ('{"a": 2024}', "2024"),
        ('{"a": 1.10}', "1.10"),
        ('{"a": 1e9}', "1e9"),
        ('{"a":\t[]}', []),
    ],
)
def test_a_value_of_a_json_line_stays_the_text_it_was(line: str, read: object) -> None:
    assert of_json(line) == [{"a": read}]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('{"a": NaN}', "1:1", "NaN is not JSON"),
        ('{"a": -Infinity}', "1:1", "-Infinity is not JSON"),
        ('{"a": 1}\n{"a": 1,}', "2:9", "not JSON"),
        ('{"a": 1}\n\n{"é": x}', "3:7", "not JSON"),
        ('{"a": 1} {"b": 2}', "1:10", "not JSON"),
        ("[1]", "1:1", "one JSON object"),
        ('"a"', "1:1", "one JSON object"),
        ("{'a': 1}", "1:2", "not JSON"),
        ('{"a": 1, "a": 2}', "1:10", "'a' is given twice"),
        ('{"x": {"é": 1, "é": 2}}', "1:16", "'é' is given twice"),
        ('{"🙂": "\\ud83d\\ude42", "a": 1, "a": 2}', "1:31", "'a' is given twice"),
        ('{"a": "\x85\u2028", "a": 2}', "1:13", "'a' is given twice"),
        ('{"a": "\\ud83d"}', "1:10", "cannot be read"),
        ('{"a": "\t"}', "1:8", "not JSON"),
        ('{"a": ' + "1" * 5000 + "}", "1:1", "not JSON"),
        ('{"a":' * 20 + "1" + "}" * 20, "1:62", "nested more than"),
    ],
)
def test_what_json_lines_do_without_is_refused_where_it_stands(
    text: str, place: str, reason: str
) -> None:
    refused = refused_json(text)
    assert reason in refused
    assert refused.startswith(f"f.jsonl:{place}: ")


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", "1:1", "empty"),
        (b" \n\t\n", "1:1", "empty"),
        (b"\xef\xbb\xbf", "1:1", "empty"),
        ("a: é".encode("utf-16"), "1:1", "UTF-16"),
        ("a: é".encode("utf-16-be"), "1:8", "byte 0xe9 is not UTF-8"),
        (b"\xfe\xffx", "1:1", "UTF-16"),
        (b"a: 1\nb: caf\xe9 au lait", "2:7", "byte 0xe9 is not UTF-8"),
        ("é: ".encode() + b"\xff", "1:4", "byte 0xff is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "1:1", "byte 0x89 is not UTF-8"),
        (b"a: \xed\xa0\xbd", "1:4", "is not UTF-8"),
        (b"ok\n" + b"x" * (LONGEST_LINE + 1), "2:1", "1,000,001 characters"),
    ],
)
def test_what_is_no_utf8_text_of_lines_is_refused_where_it_stops_being_one(
    data: bytes, place: str, reason: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_text(data, "f.yaml", folder=Path())
    assert str(refused.value).startswith(f"f.yaml:{place}: ")
    assert reason in str(refused.value)


def test_a_line_of_the_greatest_length_is_read() -> None:
    assert len(decode(b"x" * LONGEST_LINE, "f")) == LONGEST_LINE


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "Is a directory"),
        (lambda _path: None, "No such file"),
        (lambda path: path.symlink_to(path), "symbolic links"),
    ],
)
def test_what_is_no_file_is_refused_by_its_name(tmp_path: Path, make: object, reason: str) -> None:
    path = tmp_path / "f.yaml"
    make(path)  # type: ignore[operator]
    with pytest.raises(InvalidInput, match=rf"f\.yaml:1:1: cannot be read: .*{reason}"):
        read_file(path)


def test_a_file_without_end_is_given_up_after_the_most_bytes() -> None:
    with pytest.raises(InvalidInput, match=f"larger than {LARGEST_FILE:,} bytes"):
        read_bytes(Path("/dev/zero"), "zero")


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_bytes(Path("a\0b"), "f")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_bytes(Path("a" * 5000), "f")


# ── pages ────────────────────────────────────────────────────────────────────────────────────────

DOCUMENT = "document: {text: x, publisher: P, published: 2024}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# nothing", "f.yaml:1:1: this file holds only comments"),
        ("- a", "f.yaml:1:1: a statements file begins with 'document:'"),
        ("new: []", "f.yaml:1:1: 'document:' is missing"),
        ("document:", "f.yaml:1:1: 'document:' is missing"),
        (f"{DOCUMENT}\nstatment: []", "f.yaml:2:1: 'statment' is not one of document, new,"),
        (f"{DOCUMENT}\nstatements: 7", "f.yaml:2:13: this must be a list"),
        (f"{DOCUMENT}\nstatements: [7]", "f.yaml:2:14: this must give names and values"),
        (f"{DOCUMENT}\nnew: [[a]]", "f.yaml:2:7: this must give names and values"),
        (f"{DOCUMENT}\ndefaults: x", "f.yaml:2:11: this must give names and values"),
        (f"{DOCUMENT}\n---\nx", "f.yaml:3:1: a statements file begins"),
    ],
)
def test_what_is_no_page_is_refused(text: str, told: str) -> None:
    (found,) = flaws(text)
    assert found.startswith(told)


def test_json_lines_go_on_with_the_page_above() -> None:
    lines = [
        {"document": {"text": "x"}},
        {"event": "A"},
        {"new": [{"party": "B"}]},
        {"statements": [{"event": "C"}, {"event": "D"}]},
        {"defaults": {"round": "r"}},
        {"document": {"text": "y"}, "defaults": {"round": "s"}},
        {"event": "E"},
    ]
    data = "\n".join(json.dumps(line) for line in lines).encode()
    first, second = read_text(data, "f.jsonl", folder=Path())
    assert [plain(one) for one in first.statements] == [{"event": name} for name in "ACD"]
    assert [plain(one) for one in first.new] == [{"party": "B"}]
    assert first.defaults is not None
    assert plain(first.defaults) == {"round": "r"}
    assert plain(second.document) == {"text": "y"}
    assert [plain(one) for one in second.statements] == [{"event": "E"}]
    assert second.place.line == 6


def test_json_lines_begin_with_a_document() -> None:
    with pytest.raises(InvalidInput, match=r"f\.jsonl:1:1: the first line gives the document"):
        read_text(b'{"event": "A"}', "f.jsonl", folder=Path())


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".JSONL", ".yaml", ".txt", ""])
def test_what_a_file_is_follows_from_its_name_or_its_look(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"f{suffix}"
    path.write_text('{"document": {"text": "x"}}\n{"event": "A"}\n')
    if suffix.lower() in {".jsonl", ".ndjson"}:
        assert len(read_file(path)[0].statements) == 1
    path.write_text(HEAD)
    if suffix in {".yaml", ".txt", ""}:
        assert len(read_file(path)[0].new) == 5
