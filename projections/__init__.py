"""What the journal means: pure folds over entries, one module a question."""
