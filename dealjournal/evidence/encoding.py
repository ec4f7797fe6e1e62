"""Base64 in the one form that these texts have: standard alphabet, padded, nothing left over."""

from __future__ import annotations

from base64 import b64decode, b64encode

from domain.errors import InvalidValue


def to_base64(raw: bytes) -> str:
    """Return bytes as base64."""
    return b64encode(raw).decode()


def from_base64(text: str, what: str) -> bytes:
    """Return the bytes behind base64.

    Args:
        text: The base64.
        what: What it should be, to say so where it is not.

    Raises:
        InvalidValue: it is not what these bytes are written as.
    """
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if to_base64(raw) != text:
        msg = f"{what} is not written in base64"
        raise InvalidValue(msg)
    return raw
