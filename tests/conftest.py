"""Fixtures that many tests ask for, and the rule about skips.

The number of skipped tests is always printed; with ``CIVDEF_FORBID_SKIPS=1`` (as in continuous integration) a skip
fails the run.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
CHROMIUM_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


@pytest.fixture(scope="session")
def sample_root() -> Path:
    """Return the sample workspace: the root of this repository."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of public test data, or skip. Mark the test ``real_data`` too."""
    named = os.environ.get("CIVDEF_DATA")
    if named:
        folder = Path(named)
        if not folder.is_dir():
            pytest.fail(f"CIVDEF_DATA names {named}, which is not a folder")
        return folder
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data: CIVDEF_DATA is not set and ../shared/data is absent")
    return folder


@pytest.fixture(scope="session")
def browser() -> str:
    """Return the path of a Chromium-like browser, or skip. Mark the test ``browser`` too; drive it with tests/browser.py."""
    named = os.environ.get("CIVDEF_BROWSER")
    if named:
        return named
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        found = next((path for path in CHROMIUM_PATHS if Path(path).exists()), None)
    if found is None:
        pytest.skip("no Chromium found: install one, or name it in CIVDEF_BROWSER")
    return found


def skip_reasons(reports: list[pytest.TestReport]) -> Counter[str]:
    """Count the reasons of skipped reports."""
    reasons: Counter[str] = Counter()
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")] += 1
    return reasons


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for skips where they are forbidden."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    if (
        os.environ.get("CIVDEF_FORBID_SKIPS") == "1"
        and reporter.stats.get("skipped")
        and session.exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Print the count of skips and their reasons, last of the summaries."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    forbidden = os.environ.get("CIVDEF_FORBID_SKIPS") == "1"
    terminalreporter.write_line("")
    terminalreporter.write_line(f"skipped tests: {len(skipped)}", red=bool(skipped and forbidden), bold=True)
    for reason, count in sorted(skip_reasons(skipped).items()):
        terminalreporter.write_line(f"  {count} × {reason}")
    if skipped and forbidden:
        terminalreporter.write_line(
            "CIVDEF_FORBID_SKIPS=1: a skipped test fails this run", red=True, bold=True
        )


def pytest_configure() -> None:
    """Let failures show Chinese on a console of any code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
