"""How much CPU the program takes before it says anything: help and completion, over a bare Python.

Run from a checkout: ``python bench/startup.py``. Exits 1 when one of them is over the bar.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

BAR_MS = 150
"""The most CPU over that of a bare interpreter, in milliseconds."""
RUNS = 10
ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, str(ROOT / "cli.py")]

COMMANDS = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "--help": [*PROGRAM, "--help"],
    "claims --help": [*PROGRAM, "claims", "--help"],
    "completion": PROGRAM,
}


def cpu_ms(command: list[str], environ: dict[str, str]) -> float:
    """Return the CPU that a command took, user and system, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def least(name: str, command: list[str], journal: Path) -> float:
    """Return the least CPU of several runs; a first one fills the caches."""
    environ = {**os.environ, "DEALJOURNAL_JOURNAL": str(journal)}
    if name == "completion":
        words = "dealjournal claims mis"
        environ |= {
            "_DEALJOURNAL_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": "2",
        }
    cpu_ms(command, environ)
    return min(cpu_ms(command, environ) for _ in range(RUNS))


def main() -> int:
    """Print the figures; return 1 when one is over the bar."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "example.db"
        demo = [*PROGRAM, "demo", "--journal", str(journal)]
        subprocess.run(demo, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        figures = {name: least(name, command, journal) for name, command in COMMANDS.items()}
    bare = figures["bare interpreter"]
    print(f"CPU, least of {RUNS} runs; the bar is {BAR_MS} ms over a bare interpreter")
    for name, figure in figures.items():
        print(f"{name:18} {figure:6.0f} ms  {figure - bare:+6.0f} ms")
    return int(max(figures.values()) - bare > BAR_MS)


if __name__ == "__main__":
    sys.exit(main())
