"""``civdef init``: a sample or a blank workspace, and nothing is ever overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from civdef.errors import UsageError
from civdef.load import load_workspace
from civdef.load.init import make_blank, make_sample


def test_a_blank_workspace_is_valid_and_teaches(tmp_path: Path) -> None:
    make_blank(tmp_path / "ws")
    workspace = load_workspace(tmp_path / "ws")
    assert not workspace.communities
    assert (tmp_path / "ws/plans/organisation.yaml").read_text(encoding="utf-8").count("#") > 10
    header = (tmp_path / "ws/plans/roster.csv").read_text(encoding="utf-8-sig")
    assert header.startswith("id,name_zh,name_en,phone,")


def test_the_sample_is_copied_whole(tmp_path: Path, sample_root: Path) -> None:
    make_sample(tmp_path / "ws")
    for file in ("civdef.toml", "plans/organisation.yaml", "maps/buildings.geojson"):
        assert (tmp_path / "ws" / file).read_bytes() == (sample_root / file).read_bytes()
    assert load_workspace(tmp_path / "ws").residents == 48_102


@pytest.mark.parametrize("make", [make_blank, make_sample])
def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path, make: object) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        make(tmp_path)  # type: ignore[operator]
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
