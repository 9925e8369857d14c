"""``civdef audit`` and ``civdef explain`` as commands: what they print, how they leave."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from civdef.cli.main import main
from tests.audit.test_runner import BROKEN
from tests.audit.town import changed, files, load


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("broken")
    load(root, changed(BROKEN))
    return root


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clean")
    load(root, files())
    return root


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CIVDEF_LANG", "en")
    return


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in args])
    printed = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, printed.out, printed.err


def test_clean_and_broken(capsys: pytest.CaptureFixture[str], clean: Path, broken: Path) -> None:
    code, out, _ = run(capsys, "audit", "-C", clean)
    assert (code, out.splitlines()[-1][-18:]) == (0, "and found nothing.")
    code, out, _ = run(capsys, "audit", "-C", broken)
    assert code == 1
    assert "plans/organisation.yaml" in out
    assert "warning ORG001 Supply has no deputy head" in out
    code, out, _ = run(capsys, "audit", "-C", broken, "--lang", "zh")
    assert "警告 ORG001 物资组没有副组长" in out


@pytest.mark.parametrize(
    ("only", "fail_on", "code"),
    [
        ("ORG001", None, 1), ("ORG001", "error", 0), ("ORG001", "info", 1),
        ("TXT001", "error", 1), ("DAT001", "info", 0),
    ],
)  # fmt: skip
def test_fail_on(
    capsys: pytest.CaptureFixture[str], broken: Path, only: str, fail_on: str | None, code: int
) -> None:
    more = ["--fail-on", fail_on] if fail_on else []
    assert run(capsys, "audit", "-C", broken, "--only", only, *more)[0] == code


def test_json_is_one_document_on_stdout(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    code, out, _ = run(capsys, "audit", "-C", broken, "--json")
    document = json.loads(out)
    assert code == 1
    assert document["schema"] == "civdef.audit/1"
    assert document["lang"] == "en"
    assert run(capsys, "audit", "-C", broken, "--format", "json")[1] == out
    assert json.loads(run(capsys, "audit", "-C", broken, "--format", "sarif")[1])["version"] == "2.1.0"
    assert run(capsys, "audit", "-C", broken, "--format", "github")[1].startswith("::")


def test_two_formats_at_once_are_refused(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    code, _, err = run(capsys, "audit", "-C", broken, "--json", "--format", "sarif")
    assert code == 2
    assert "exclude each other" in err


@pytest.mark.parametrize(
    ("args", "says"),
    [(["nosuch"], "There is no plan named nosuch"), (["--only", "ORG01"], "Did you mean ORG001")],
)
def test_wrong_names_leave_with_two(
    capsys: pytest.CaptureFixture[str], clean: Path, args: list[str], says: str
) -> None:
    code, _, err = run(capsys, "audit", "-C", clean, *args)
    assert code == 2
    assert says in err


def test_explain_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "explain", "organisation.group-without-deputy", "-C", tmp_path)
    assert code == 0
    for part in ("ORG001", "Why:", "Basis:", "art. 28", "Wrong:", "Right:", 'disable = ["ORG001"]'):
        assert part in out
    code, _, err = run(capsys, "explain", "ORG0001", "-C", tmp_path)
    assert code == 2
    assert "Did you mean" in err


def test_explain_knows_the_settings_even_of_a_broken_workspace(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "civdef.toml").write_text(
        'name = { en = "T" }\nas_of = 2026-11-01\n[audit]\ndisable = ["DAT001"]\nseverity = { DAT002 = "error" }\n',
        encoding="utf-8",
    )
    _, out, _ = run(capsys, "explain", "DAT001", "DAT002", "--json", "-C", tmp_path)
    first, second = json.loads(out)["rules"]
    assert (first["enabled"], second["enabled"]) == (False, True)
    assert (second["severity"], second["default_severity"]) == ("error", "warning")
    (tmp_path / "civdef.toml").write_text("name = ", encoding="utf-8")
    assert run(capsys, "explain", "DAT001", "-C", tmp_path)[0] == 0


def test_explain_lists_every_rule(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from civdef.audit.catalogue import catalogue

    _, out, _ = run(capsys, "explain", "-C", tmp_path)
    for entry in catalogue():
        assert entry.rule.code in out


def test_a_gbk_console_is_enough(monkeypatch: pytest.MonkeyPatch, broken: Path) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    with pytest.raises(SystemExit) as left:
        main(["audit", "-C", str(broken), "--lang", "zh"])
    sys.stdout.flush()
    assert left.value.code == 1
    printed = raw.getvalue().decode("gbk")
    assert "物资组没有副组长" in printed
    assert "\\u" not in printed
