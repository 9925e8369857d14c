"""Run the published verification cases and print the table of ``docs/movement.md``; ``--write`` puts it there.

::

    python -m benchmarks.verify_movement [--write]
"""

from __future__ import annotations

import sys
from pathlib import Path

from civdef.movement.verification import cases, table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "movement.md"
START, END = "<!-- verification table: start -->", "<!-- verification table: end -->"


def main() -> int:
    text = table()
    print(text, end="")
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(START)
        _, after = rest.split(END)
        PAGE.write_text(f"{before}{START}\n\n{text}\n{END}{after}", encoding="utf-8", newline="\n")
    return 0 if all(case.passed for case in cases()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
