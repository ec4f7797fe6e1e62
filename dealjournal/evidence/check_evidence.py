"""Check evidence of a journal's entry, with nothing but Python and its package 'cryptography'."""

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

EVENT, LEAF = b"\0\0\0\0\0\0\0\x14dealjournal.event.v1", b"\0" * 8 + b"\x13dealjournal.leaf.v1"
PARTS = ("stream", "version", "name", "data", "recorded_at", "recorded_by")
ENTRY = {**dict.fromkeys(("event_id", *PARTS), str), "position": int, "version": int}
WHOLE = {"format": str, "entry": dict, "inclusion": list, "checkpoint": str, "key": str}
KEY, SIGNED = r"([^+\s]+)\+([0-9a-f]{8})\+(\S+)", r"— ([^+\s]+) (\S+)\n"
NOTE = r"(([^\0-\x1f]+)\n(0|[1-9][0-9]{0,18})\n(\S{44})\n(?:[^\0-\x1f]+\n)*)\n((?:— \S+ \S+\n)+)"
ODD = "it is not evidence: JSON in UTF-8 with fields of certain names, some of them base64"


def need(holds: Any, otherwise: str) -> Any:
    if not holds:
        raise ValueError(otherwise)
    return holds


def unbase64(text: str, what: str) -> bytes:
    need(b64encode(raw := b64decode(text, validate=True)).decode() == text, f"{what} is no base64")
    return raw


def opened(text: str, key: str, what: str) -> tuple[str, int, bytes]:
    name, shown, encoded = need(re.fullmatch(KEY, key), "the key is not NAME+HASH+BASE64").groups()
    note = need(re.fullmatch(NOTE, text), f"{what} is no signed checkpoint")
    body, origin, size, root, lines = note.groups()
    public = unbase64(encoded, "the key")
    key_id = sha256(f"{name}\n".encode() + public).digest()[:4]
    need(key_id.hex() == shown and public[:1] == b"\1", "the key is not ed25519, or mistyped")
    made = [unbase64(raw, "a signature") for by, raw in re.findall(SIGNED, lines) if by == name]
    for raw in need([raw for raw in made if raw[:4] == key_id], f"{what} is not signed by {name}"):
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(raw[4:], body.encode())
    return origin, int(size), unbase64(root, f"the root of {what}")


def proved(evidence: Any, given: str, other: str | None) -> list[str]:
    entry, enclosed, key = evidence["entry"], evidence["document"], evidence["key"]
    shape = [{**WHOLE, "document": type(enclosed)}, ENTRY]
    need([{name: type(one[name]) for name in one} for one in (evidence, entry)] == shape, ODD)
    need(evidence["format"] == "dealjournal-evidence.v1", "it is of another form than this reads")
    need(key in (given.split() or [key]), "it is for another key than the one given")
    checkpoint = origin, size, root = opened(evidence["checkpoint"], key, "the checkpoint")
    framed = [len(x).to_bytes(8, "big") + x for x in (str(entry[part]).encode() for part in PARTS)]
    event_id = sha256(EVENT + framed[2] + framed[3]).hexdigest()
    need(event_id == entry["event_id"], "the entry's id does not follow from what it says")
    need(0 <= (at := entry["position"] - 1) < size, "the log has no entry at this position")
    top, low = sha256(LEAF + b"".join(framed)).digest(), (at ^ (size - 1)).bit_length()
    path = [unbase64(one, "the inclusion proof") for one in evidence["inclusion"]]
    for level, one in enumerate(path):
        is_left = level < low and not at >> level & 1
        top = sha256(b"\1" + (top + one if is_left else one + top)).digest()
    need(top == root and len(path) == low + (at >> low).bit_count(), "the log holds no such entry")
    said = [f"Entry {at + 1} says {entry['name']}: {entry['data']}"]
    said += [f"It was recorded at {entry['recorded_at']} by {entry['recorded_by']}."]
    said += [f"It is included in the log {origin} of size {size}, signed by {key}."]
    if enclosed is not None:
        text, text_hash = unbase64(enclosed["bytes"], "the enclosed text"), enclosed["hash"]
        is_named = sha256(text).hexdigest() == text_hash and f'"{text_hash}"' in entry["data"]
        need(is_named and len(enclosed) == 2, "the entry does not name the enclosed text")
        said += [f"The enclosed text of {len(text)} bytes is the one that it names."]
    if other is not None:
        theirs = opened(other, key, "the other checkpoint")
        need(theirs[:2] == checkpoint[:2], "the other checkpoint has another log or another size")
        need(theirs == checkpoint, "the other checkpoint has another root: the log was rewritten")
        said += ["The other checkpoint says the same of that log."]
    return said


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evidence", help="the evidence, a JSON file", type=Path)
    parser.add_argument("--key", default="", help="the key you know the log by, or a file with it")
    parser.add_argument("--trust-own-key", action="store_true", help="take the evidence's own key")
    parser.add_argument("--checkpoint", help="a checkpoint that was kept elsewhere", type=Path)
    options = parser.parse_args()
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        is_file = not re.fullmatch(f"({KEY})?", options.key)
        key = Path(options.key).read_text("utf-8-sig").strip() if is_file else options.key
        other = options.checkpoint.read_text("utf-8-sig") if options.checkpoint else None
        if not key and not options.trust_own_key:
            parser.error("the key comes from the document itself: add --key or --trust-own-key")
        for line in proved(json.loads(options.evidence.read_bytes()), key, other):
            shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
            sys.stdout.buffer.write(f"{shown}\n".encode())
    except (ImportError, OSError) as error:
        parser.error(str(error))
    except Exception as error:  # noqa: BLE001 - whatever a forged document brings about
        why = {"InvalidSignature": "a signature is false", "ValueError": str(error)}
        sys.exit(f"Not proved: {why.get(type(error).__name__, ODD)}.")
