"""One drill of 48,102 people on the sample street: at most 5 s in the process once the kernel's cache is warm.

Every scenario of the workspace is prepared (streets, evacuation plan, groups) and run in its own process, the second of two
starts counts: the first may compile. A repeat of the same prepared drill is what an ensemble pays for a replicate.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LIMIT_S = 5.0
ROOT = Path(__file__).resolve().parents[1]

CHILD = """
import json, sys, time
from pathlib import Path
from civdef.load import load_workspace
began = time.perf_counter()
workspace = load_workspace(Path(sys.argv[1]))
loaded = time.perf_counter()
from civdef.drill.prepare import find_drill, prepare
from civdef.drill.run import run
prepared = prepare(workspace, find_drill(workspace, sys.argv[2]))
ready = time.perf_counter()
result = run(prepared)
over = time.perf_counter()
run(prepared, seed=2)
again = time.perf_counter()
print(json.dumps({
    "residents": workspace.residents,
    "persons": result.people.persons if result.people else 0,
    "events": len(result.journal),
    "load_s": loaded - began,
    "prepare_s": ready - loaded,
    "run_s": over - ready,
    "replicate_s": again - over,
}))
"""


def measure(name: str) -> dict[str, float]:
    """Return the figures of one drill in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(ROOT), name], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Measure every scenario; fail when preparing and running one takes longer than the limit."""
    names = sorted(p.stem for p in (ROOT / "drills").glob("*.yaml"))
    measure(names[0])
    slow = 0
    for name in names:
        f = measure(name)
        total = f["prepare_s"] + f["run_s"]
        slow += total > LIMIT_S
        print(
            f"{name:28} {f['residents']:,} residents, {f['persons']:,} to move: prepare {f['prepare_s']:.2f} s"
            f" + run {f['run_s']:.2f} s = {total:.2f} s (limit {LIMIT_S}); replicate {f['replicate_s']:.2f} s;"
            f" reading the workspace {f['load_s']:.2f} s; {f['events']:,} journal lines"
        )
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
