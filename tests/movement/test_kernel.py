"""Compiling, caching, determinism across processes, threads."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from civdef.movement import compiled

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import hashlib, math, sys
sys.path.insert(0, {root!r})
from tests.movement.test_kernel import digest_of_a_run
print(digest_of_a_run())
"""


def digest_of_a_run() -> str:
    from civdef.movement import Engine
    from tests.movement.test_properties import disturb, town

    hasher = hashlib.sha256()
    for seed in range(25):
        network, shelters, people, rng = town(seed)
        engine = Engine(network, shelters, people)
        for until in (10.0, 30.0, 60.0, math.inf):
            engine.advance(until)
            if until < 60.0:
                disturb(engine, rng)
            for column in (engine.arrival_s, engine.status, engine.arc_passed, engine.walked_m):
                hasher.update(column.tobytes())
    return hasher.hexdigest()


def run_script(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_same_bytes_under_two_hash_seeds() -> None:
    here = digest_of_a_run()
    for seed in ("0", "1"):
        assert run_script(SCRIPT.format(root=str(ROOT)), PYTHONHASHSEED=seed) == here


def test_import_neither_loads_numba_nor_compiles() -> None:
    code = (
        "import sys, civdef.movement; print('numba' in sys.modules, 'civdef.movement.kernel' in sys.modules)"
    )
    assert run_script(code) == "False False"


def test_digest_changes_with_any_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from civdef.movement.kernel import SOURCES

    for name in SOURCES:
        (tmp_path / name).write_bytes((ROOT / "civdef" / "movement" / name).read_bytes())
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    seen = {compiled.digest(SOURCES)}
    for name in SOURCES:
        with (tmp_path / name).open("a") as file:
            file.write("# changed\n")
        seen.add(compiled.digest(SOURCES))
    assert len(seen) == len(SOURCES) + 1


def test_every_compiled_file_is_in_the_digest() -> None:
    """A kernel that is left out would be served stale after a change."""
    from civdef.movement.kernel import SOURCES

    folder = ROOT / "civdef" / "movement"
    uses = {p.name for p in folder.glob("*.py") if "@shared" in p.read_text(encoding="utf-8")}
    assert uses | {"compiled.py", "state.py"} <= set(SOURCES)


def test_no_cache_folder_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def refuse(function: object, **options: object) -> object:
        calls.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(compiled, "_compile", refuse)
    assert compiled.entry(len) is len
    assert calls == [{"cache": True}, {}]


def test_numba_without_the_undocumented_options(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def njit(**options: object) -> object:
        calls.append(options)
        if "_nrt" in options:
            raise KeyError("unrecognised options: {'_nrt'}")
        return lambda function: function

    monkeypatch.setattr(compiled.numba, "njit", njit)
    assert compiled.shared(len) is len
    assert calls[-1] == {"nogil": True, "error_model": "numpy"}


def test_forks_in_threads_equal_one_after_another() -> None:
    from civdef.movement import Engine
    from tests.movement.test_properties import town

    def arrivals(seed: int) -> bytes:
        network, shelters, people, _ = town(seed)
        engine = Engine(network, shelters, people)
        engine.advance(10)
        twin = engine.fork()
        if network.arc_count:
            twin.close_arcs([seed % network.arc_count])
        twin.advance(math.inf)
        return twin.arrival_s.tobytes()

    alone = [arrivals(s) for s in range(40)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(arrivals, range(40))) == alone
