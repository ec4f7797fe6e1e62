"""One module a subcommand, loaded only when it is called.

Modules here import nothing heavy at the top: ``--help`` and shell completion stay fast.
"""
