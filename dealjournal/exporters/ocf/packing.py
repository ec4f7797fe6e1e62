"""A ledger as the files of a package: a manifest and one file for each kind of object."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from dealjournal.exporters.ocf.gathering import Ledger
from dealjournal.ocf_words import FILES, KINDS, MANIFEST, MUST_LIST, TRANSACTIONS, VERSION
from domain.errors import Refusal

Package = Mapping[str, bytes]
"""Files by name, the manifest first."""
_NAMES = {
    "OCF_STOCK_PLANS_FILE": "StockPlans.ocf.json",
    "OCF_STOCK_LEGEND_TEMPLATES_FILE": "StockLegends.ocf.json",
    "OCF_STOCK_CLASSES_FILE": "StockClasses.ocf.json",
    "OCF_VESTING_TERMS_FILE": "VestingTerms.ocf.json",
    "OCF_VALUATIONS_FILE": "Valuations.ocf.json",
    "OCF_TRANSACTIONS_FILE": "Transactions.ocf.json",
    "OCF_STAKEHOLDERS_FILE": "Stakeholders.ocf.json",
    "OCF_FINANCINGS_FILE": "Financings.ocf.json",
    "OCF_DOCUMENTS_FILE": "Documents.ocf.json",
}
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""What an archive says of every file: the same entries give the same bytes."""


def packed(ledger: Ledger) -> Package:
    """Return the files of a ledger."""
    manifest: dict[str, object] = {
        "ocf_version": VERSION,
        "file_type": MANIFEST,
        "issuer": ledger.issuer,
        "as_of": ledger.as_of.isoformat(),
        "generated_at": ledger.generated_at.isoformat().replace("+00:00", "Z"),
    }
    files: dict[str, bytes] = {}
    for name, kind in FILES.items():
        items = [
            one for one in ledger.objects if KINDS.get(one["object_type"], TRANSACTIONS) == kind
        ]
        listed = []
        if items:
            data = _written({"file_type": kind, "items": items})
            files[_NAMES[kind]] = data
            digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
            listed.append({"filepath": f"./{_NAMES[kind]}", "md5": digest})
        if items or name in MUST_LIST:
            manifest[name] = listed
    return {"Manifest.ocf.json": _written(manifest), **files}


def _written(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def zipped(package: Package) -> bytes:
    """Return a package as one archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in package.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def save(package: Package, out: Path) -> None:
    """Write a package: an archive where the name ends in ``.zip``, else a new folder.

    Raises:
        Refusal: it is there already, or cannot be written.
    """
    try:
        if out.suffix.lower() == ".zip":
            with out.open("xb") as file:
                file.write(zipped(package))
            return
        out.mkdir(parents=True)
        for name, data in package.items():
            (out / name).write_bytes(data)
    except FileExistsError:
        msg = f"{out} is there already, and is not overwritten; choose another name"
        raise Refusal(msg) from None
    except OSError as error:
        msg = f"{out}: cannot be written: {error.strerror or error}"
        raise Refusal(msg) from None
