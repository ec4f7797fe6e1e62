"""Where the published test vectors are: beside the checkout, or where the environment says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[1].parent / "shared"
SHARED = Path(os.environ.get("DEALJOURNAL_SHARED", BESIDE))


def vectors(folder: str, pattern: str) -> list[Path]:
    """Return the files of a set of vectors; where it is missing, CI fails and others skip."""
    found = sorted((SHARED / "data" / folder).glob(pattern))
    if not found:
        sentence = f"the vectors are not at {SHARED / 'data' / folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found
