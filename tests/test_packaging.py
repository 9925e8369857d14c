"""The archives: a wheel built from the source archive carries the sample workspace, and `civdef init` works from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "import sys; from civdef.cli import main; sys.exit(main())"


def run(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        check=False,
        timeout=300,
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, out + err
    return out


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and the wheel from it."""
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_package_the_sample_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "civdef/sample/civdef.toml" in names
    for folder in ("plans", "maps", "drills"):
        wanted = {
            f"civdef/sample/{p.relative_to(ROOT).as_posix()}"
            for p in (ROOT / folder).rglob("*")
            if p.is_file()
        }
        assert wanted, folder
        assert wanted <= set(names)
    assert "civdef/py.typed" in names
    assert "civdef/render/assets/leaflet/leaflet.js" in names
    assert all(name.startswith(("civdef/", "civdef-")) for name in names)
    assert not any("__pycache__" in name for name in names)


def test_init_makes_a_good_workspace_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    installed.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)
    found = run("-c", "import civdef; print(civdef.__file__)", cwd=tmp_path, PYTHONPATH=str(installed))
    assert found.strip().startswith(str(installed))
    run("-c", PROGRAM, "init", "my-street", cwd=tmp_path, PYTHONPATH=str(installed))
    checked = run(
        "-c", PROGRAM, "check", "--json", "-C", "my-street", cwd=tmp_path, PYTHONPATH=str(installed)
    )
    assert json.loads(checked)["ok"] is True
