"""Write the sample workspace: ``python -m tools.make_sample [DIRECTORY]``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def main() -> None:
    """Write all files below the directory given, or at the root of the repository."""
    from tools.make_sample.workspace import files

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    total = 0
    for name, data in files().items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        total += len(data)
        print(f"{len(data):>9,}  {name}")
    print(f"{total:>9,}  bytes in all")


if __name__ == "__main__":
    main()
