"""Tamper evidence: a Merkle tree over the entries, signed checkpoints, and what they prove."""
