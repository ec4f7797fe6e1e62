"""Trees of texts come back from their YAML as they were."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from dealjournal.exporters.trees import Tree, node_of, yaml_of
from dealjournal.statements.located import Mapped, Node, Scalar, Sequence, yaml_documents

keys = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8")) | st.text(
    " \t\n\r:#-'\"|>é\u00a0\u2028\ufeff🙂a", max_size=12
)
trees: st.SearchStrategy[Tree] = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(keys, inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


def plain(node: Node) -> object:
    """Return a node without its places."""
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapped(items=items):
            return {key: plain(item) for key, item in items.items()}


@given(tree=st.dictionaries(keys, trees, min_size=1, max_size=3))
@example(tree={"a": ""})
@example(tree={"a": ["x: y", "- z", "# no", "~", "null", "'", '"', "a #b", "a:", "--- a"]})
@example(tree={"a": "one\n\n  two\n", "b": "no end\nof line", "c": "\n", "d": " led\nby a space"})
@example(tree={"a": [{"b": ["x", {"c": "two\nlines"}]}, [["deep"]]]})
@example(tree={"a": "\x85\u2028\u200e\ufeff\x00\ud7ff\ue000\U0010ffff"})
def test_a_tree_comes_back_from_its_text(tree: dict[str, Tree]) -> None:
    (read,) = yaml_documents(yaml_of(tree), "f.yaml")
    assert plain(read) == tree == plain(node_of(tree))


def test_texts_stand_in_the_plainest_form() -> None:
    tree: dict[str, Tree] = {
        "figure": "300M USD",
        "day": "2024-05-09",
        "list": ["one", "two"],
        "text": "first line\nsecond line\n",
        "odd": "a: b",
    }
    assert yaml_of(tree) == (
        "figure: 300M USD\n"
        "day: 2024-05-09\n"
        "list:\n"
        "- one\n"
        "- two\n"
        "text: |\n"
        "  first line\n"
        "  second line\n"
        'odd: "a: b"\n'
    )


def test_what_would_turn_a_line_around_is_escaped() -> None:
    assert yaml_of({"a": "x\u202ey"}) == 'a: "x\\u202ey"\n'
