"""Texts that are safe to print: what others wrote must not steer a terminal."""

from __future__ import annotations

_HIDDEN = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys(
        (0x061C, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
        "\N{REPLACEMENT CHARACTER}",
    ),
}
_HIDDEN |= dict.fromkeys((0x09, 0x0A, 0x0D), " ")


def plain(text: str) -> str:
    """Return a text that cannot steer a terminal: no control and no direction characters."""
    return text.translate(_HIDDEN)


def stream_text(stream: str) -> str:
    """Return what a stream is about in a few words; a document by the beginning of its hash."""
    kind, _, name = stream.partition(":")
    return f"{name[:12]}…" if kind == "document" else shortened(name, 60)


def shortened(text: str, longest: int) -> str:
    """Return a text on one line of at most so many characters."""
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
