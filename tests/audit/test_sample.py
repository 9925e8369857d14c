"""The shipped workspace audits clean at its profile, finds what is planted in it, and gives the same bytes every time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from civdef.audit.runner import run_audit
from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from tests.audit.town import changed, files, load

PLANTED = [
    # (file, find, replace, code, text of the line that is named)
    ("plans/contingency/earthquake.yaml", '    due_min: 3\n    clause: "4.2.1"', '    due_min: 3\n    clause: "4.2.99"', "TXT001", "4.2.99"),
    ("plans/contingency/earthquake.zh.md", "## 5 后期处置", "## 5 其他", "TXT002", "# 明泽湖街道抗震救灾应急预案"),
    ("plans/contingency/flood.yaml", "    year: 2024", "    year: 2007", "LAW001", "2007"),
    ("plans/contingency/flood.yaml", "issued: 2026-04-10", "issued: 2026-01-10", "DAT004", "date: 2026-04-29"),
    ("plans/contingency/forest-fire.yaml", "last_drill: 2026-03-27", "last_drill: 2023-03-27", "DAT001", "2023-03-27"),
    ("plans/organisation.yaml", "    deputy: post/supply-deputy\n", "", "ORG001", "group/supply"),
    ("plans/organisation.yaml", "    backup: channel/door-to-door\n", "", "TSK009", "channel/loudspeaker"),
]  # fmt: skip


@pytest.fixture(scope="module")
def sample(sample_root: Path) -> Workspace:
    return load_workspace(sample_root)


def test_is_clean_at_its_profile(sample: Workspace) -> None:
    audit = run_audit(sample)
    assert [f"{f.place}: {f.code} {f.message.en}" for f in audit.findings] == []
    assert dict(audit.unanswered) == {}
    assert len(audit.run) >= 45
    document = audit.result("zh").to_json()
    assert document == run_audit(sample).result("zh").to_json()


def test_finds_what_is_planted_in_it(sample_root: Path, tmp_path: Path) -> None:
    for name in ("plans", "maps", "drills"):
        shutil.copytree(sample_root / name, tmp_path / name)
    shutil.copy(sample_root / "civdef.toml", tmp_path)
    for file, find, replace, _, _ in PLANTED:
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        assert find in text, (file, find)
        path.write_text(text.replace(find, replace, 1), encoding="utf-8", newline="\n")
    audit = run_audit(load_workspace(tmp_path))
    found = []
    for finding in audit.findings:
        line = (tmp_path / finding.place.file).read_text(encoding="utf-8").splitlines()
        found.append((finding.place.file, finding.code, line[(finding.place.line or 0) - 1]))
    for file, _, _, code, text in PLANTED:
        assert any(f == file and c == code and text in line for f, c, line in found), (code, found)
    # dropping the deputy also leaves the head without a stand-in
    assert {c for _, c, _ in found} <= {p[3] for p in PLANTED} | {"ORG004"}


def test_the_same_bytes_under_another_hash_seed(tmp_path: Path) -> None:
    case = {
        "change": {
            "plans/contingency/toy.yaml": [
                ["where: [community/west, community/east]", "where: [building/h1]"]
            ]
        }
    }
    texts = changed(case)
    texts["plans/organisation.yaml"] = texts["plans/organisation.yaml"].replace(
        "    deputy: post/supply-deputy\n", ""
    )
    load(tmp_path, texts)
    program = "import sys; from civdef.cli import main; sys.exit(main())"
    printed = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program, "audit", "--json", "-C", str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 1, done.stderr
        printed.append(done.stdout)
    assert printed[0] == printed[1]
    assert b"TSK008" in printed[0]


NOTHING = '{"type": "FeatureCollection", "features": []}\n'
DEGENERATE = {
    "no streets": {"write": {"maps/roads.geojson": NOTHING}},
    "no shelters": {"write": {"maps/shelters.geojson": NOTHING, "maps/entrances.geojson": NOTHING}},
    "no plans": {"write": dict.fromkeys([f for f in files() if "/toy." in f], None)},
    "nobody": {"write": {"plans/households.csv": None, "plans/assistance.csv": None}},
    "no buildings": {
        "write": {"maps/buildings.geojson": NOTHING, "plans/households.csv": None, "plans/assistance.csv": None}
    },
    "no texts in chinese": {
        "change": {"plans/contingency/toy.yaml": [["{zh: toy.zh.md, en: toy.en.md}", "{en: toy.en.md}"]]}
    },
    "empty plan": {
        "write": {
            "plans/contingency/toy.yaml": 'id: plan/toy\nname: {zh: 空}\nkind: contingency\nversion: "1"\nissued: 2026-01-05\n'
            "approved_by: post/commander\ntext: {zh: toy.zh.md}\nhazards: [flood]\nhazard_class: natural\nlead: group/supply\n",
            "plans/contingency/toy.zh.md": "",
        }
    },
    "a hazard over everything": {
        "footprints": [{"id": "hazard/sea", "hazard": "flood", "x_m": 100, "y_m": 50, "half_m": 500}]
    },
}  # fmt: skip


@pytest.mark.parametrize("name", DEGENERATE)
def test_no_rule_crashes_on_an_odd_town(name: str, tmp_path: Path) -> None:
    audit = run_audit(load(tmp_path, changed(DEGENERATE[name])))
    assert [f.message.en for f in audit.findings if f.code == "AUD000"] == []
    for lang in ("zh", "en"):
        assert audit.result(lang).to_json()  # type: ignore[arg-type]
