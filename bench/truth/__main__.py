"""``python bench/truth``: the same as ``python bench/truth/truth.py``."""

import sys

import truth

sys.exit(truth.main())
