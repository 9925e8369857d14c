"""The pages tell the truth: links lead somewhere, commands exist, both languages say the same, nothing leaked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("requirements/*.md")])


def blocks(text: str) -> list[str]:
    """Return the code blocks of a page without comments."""
    found = re.findall(r"^```\w+\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s+#.*", "", block) for block in found]


def commands(text: str) -> set[str]:
    return set(re.findall(r"\bcivdef ([a-z]+)", "\n".join(re.findall(r"`[^`]*`", text) + blocks(text))))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            assert (page.parent / target.split("#")[0]).exists(), target


def test_both_readmes_give_the_same_commands() -> None:
    assert blocks(README) == blocks(README_ZH)
    assert commands(README) == commands(README_ZH)


@pytest.mark.parametrize("command", sorted(commands(README)))
def test_the_commands_of_the_readme_exist(command: str) -> None:
    program = "import sys; from civdef.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, command, "--help"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^make (\w+)", "\n".join(blocks(README)), flags=re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def committed() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        wanted = (
            "civdef",
            "docs",
            "plans",
            "maps",
            "drills",
            "programme",
            "requirements",
            "tests",
            "tools",
            "benchmarks",
        )
        return sorted(
            p for folder in wanted for p in (ROOT / folder).rglob("*") if "__pycache__" not in p.parts
        )
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    return [ROOT / name for name in listed.decode("utf-8").split("\0") if name]


# Written in pieces, so that this file does not find itself.
LEAKS = re.compile(
    "|".join(
        [
            r"py" + r"pi\.(org|io)|pythonhosted|registry\.npm" + r"js|deb" + r"ian\.org|simple/",
            r"/(root|home|Users|work|tmp|opt)/[a-z0-9._]",
            r"[A-Z]:\\Users",
            r"file:///[a-z]",
        ]
    )
)


def test_no_registry_host_and_no_machine_path_in_committed_files() -> None:
    found = []
    for path in committed():
        if not path.is_file() or "assets" in path.parts or path == Path(__file__).resolve():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {m.group()}" for m in LEAKS.finditer(text)]
    assert not found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_share_is_written_without_a_space(page: Path) -> None:
    assert not re.findall(r"\d[ \u00a0\u202f]%", page.read_text(encoding="utf-8"))
