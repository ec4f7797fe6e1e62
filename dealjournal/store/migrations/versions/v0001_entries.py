"""Format 1: entries, texts and positions of projections, as the first files have them."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: files of this format were there before there were migrations."""
