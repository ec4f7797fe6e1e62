"""Taking in a company's ledger of shares in Open Cap Format (OCF)."""

from __future__ import annotations

from dealjournal.importers.ocf.containers import parts
from dealjournal.importers.ocf.drafting import Draft, draft

__all__ = ["Draft", "draft", "parts"]
