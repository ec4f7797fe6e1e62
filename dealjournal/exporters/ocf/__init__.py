"""Writing what is confirmed of a company's ledger in Open Cap Format (OCF)."""

from __future__ import annotations

from dealjournal.exporters.ocf.gathering import Ledger, Texts, gather
from dealjournal.exporters.ocf.packing import Package, packed, save, zipped
from dealjournal.exporters.ocf.reporting import Left, report

__all__ = [
    "Ledger",
    "Left",
    "Package",
    "Texts",
    "gather",
    "packed",
    "report",
    "save",
    "zipped",
]
