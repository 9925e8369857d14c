"""Run every benchmark, the machine stated first: ``make bench``, or ``python -m benchmarks [NAME…]``.

Each ``bench_*.py`` in this folder is a program of its own that prints what it measured and ends with an error when a
limit is broken.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def processor() -> str:
    """Return the processor's name, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def memory_gib() -> str:
    """Return the size of the memory."""
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (AttributeError, ValueError, OSError):
        return "unknown memory"


def machine() -> str:
    """Return one line that says on what the figures below it were measured."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scipy", "ortools"))
    return (
        f"{processor()}, {os.cpu_count()} cores, {memory_gib()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {libraries}"
    )


def main(wanted: list[str]) -> int:
    """Run the benchmarks named, or all; return 1 if one broke its limit."""
    known = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    chosen = [name if name.startswith("bench_") else f"bench_{name}" for name in wanted] or known
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    print(machine(), flush=True)
    failed = []
    for name in chosen:
        print(f"\n{name}", flush=True)
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False
        ).returncode:
            failed.append(name)
    if failed:
        print(f"\nlimit broken: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
