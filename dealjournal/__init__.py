"""Everything of dealjournal that touches the outside: store, files, terminal."""
