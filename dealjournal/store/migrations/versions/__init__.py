"""One module a format, with what leads to it from the one before."""
