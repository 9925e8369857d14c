"""`civdef --help` against `python -c 'import click'`: at most three times as long."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

LIMIT = 3.0
ROUNDS = 15
CLICK = ["-c", "import click"]
HELP = ["-c", "import sys; sys.argv = ['civdef', '--help']; from civdef.cli import main; sys.exit(main())"]


def seconds(arguments: list[str]) -> float:
    """Return the time of one start of Python."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    """Measure both in turns, after one round that warms the file cache."""
    rounds = [(seconds(CLICK), seconds(HELP)) for _ in range(ROUNDS + 1)][1:]
    click, shown = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"import click {click * 1000:.0f} ms, civdef --help {shown * 1000:.0f} ms: {shown / click:.2f} × (limit {LIMIT})"
    )
    return int(shown > LIMIT * click)


if __name__ == "__main__":
    sys.exit(main())
