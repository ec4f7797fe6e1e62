"""Ed25519 from the package ``cryptography``, which comes with the extra ``signing``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import JournalError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32
"""Bytes of a public key, and of the seed that is a private key."""

_NEEDS_EXTRA = (
    "signed checkpoints need the package 'cryptography'; "
    "install dealjournal with the extra 'signing'"
)


def public_key(seed: bytes) -> bytes:
    """Return the public key of a private one.

    Raises:
        JournalError: the extra ``signing`` is not installed.
    """
    return _private_key(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the signature of a message: the same bytes each time.

    Raises:
        JournalError: the extra ``signing`` is not installed.
    """
    return _private_key(seed).sign(message)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature of a message was made with the private half of a key.

    Raises:
        JournalError: the extra ``signing`` is not installed.
    """
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise JournalError(_NEEDS_EXTRA) from None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private_key(seed: bytes) -> Ed25519PrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        raise JournalError(_NEEDS_EXTRA) from None
    return Ed25519PrivateKey.from_private_bytes(seed)
