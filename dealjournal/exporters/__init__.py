"""One module a form in which a journal can be written out."""
