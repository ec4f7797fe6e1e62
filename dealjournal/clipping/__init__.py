"""Documents and the quotes that are read in them."""
