"""Migrations of journal files from one format to the next."""
