"""Journals of others, taken in."""
