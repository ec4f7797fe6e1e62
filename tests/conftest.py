"""What every test run does: says what it left out, and in CI takes a skipped test for a failure."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_OUT = ("postgres", "browser", "strace", "deep")
"""Markers of tests that need another program, or minutes."""

_left_out = pytest.StashKey[Counter[str]]()

# A busy machine is no failure. Everything else stays as hypothesis chose it: same examples in CI.
settings.register_profile("dealjournal", parent=settings.default, deadline=None)
settings.load_profile("dealjournal")


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.stash[_left_out] = Counter()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count what is left out, by marker."""
    for item in items:
        item.config.stash[_left_out].update(
            marker for marker in LEFT_OUT if item.get_closest_marker(marker)
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that skipped something: there, whatever a test needs is installed."""
    if _skipped_in_ci(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out."""
    for report in _skipped_in_ci(config):
        terminalreporter.write_line(f"skipped, which CI does not allow: {report.longrepr}")
    left_out = config.stash[_left_out]
    counts = ", ".join(f"{left_out[marker]} {marker}" for marker in LEFT_OUT)
    terminalreporter.write_line(f"left out: {counts}")


def _skipped_in_ci(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI", "") in {"", "false"}:
        return []
    skipped: list[pytest.TestReport] = reporter.stats.get("skipped", [])
    return skipped
