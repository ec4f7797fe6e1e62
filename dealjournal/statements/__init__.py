"""Statements files: the text in which an analyst writes what a document says."""
