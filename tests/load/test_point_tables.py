"""Every kind of point, from a table with the headings of an office: in, and the workspace is valid."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import shapely

from civdef.load import load_workspace
from civdef.load.imports import Request, run_import
from civdef.load.init import make_sample

HEADINGS: dict[str, dict[str, str]] = {
    "sirens": {"name_zh": "安装地点", "level_dbc": "声级"},
    "units": {"name_zh": "单位名称", "kind": "单位类别", "workday_persons": "从业人数", "night_persons": "夜间人数"},
    "posts": {"name_zh": "机构名称", "kind": "类别", "phone": "联系电话"},
    "gates": {"name_zh": "出入口名称", "width_m": "净宽"},
    "entrances": {"name_zh": "入口名称", "width_m": "净宽"},
    "shelters": {"name_zh": "场所名称", "class": "场所类型", "places": "容纳人数", "hazards": "适用灾种"},
    "landmarks": {"name_zh": "名称", "kind": "地物类型"},
}  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "ws"
    make_sample(root)
    return root


def write(sample: Path, layer: str, path: Path) -> list[dict[str, Any]]:
    """Write up to forty objects of the sample as a table in GB18030; return them."""
    data = json.loads((sample / f"maps/{layer}.geojson").read_text("utf-8"))["features"][:40]
    head = HEADINGS[layer]
    rows = []
    for number, feature in enumerate(data, start=1):
        place = shapely.geometry.shape(feature["geometry"]).representative_point()
        values = [feature["properties"].get(f, "") for f in head]
        values = [
            v["value"] if isinstance(v, dict) else "、".join(v) if isinstance(v, list) else v for v in values
        ]
        rows.append([number, *values, f"{place.x:.7f}", f"{place.y:.7f}"])
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([["序号", *head.values(), "经度", "纬度"], *rows])
    return data


@pytest.mark.parametrize("layer", HEADINGS)
def test_a_table_of_points_comes_in_and_the_workspace_stays_valid(
    layer: str, sample: Path, tmp_path: Path
) -> None:
    root = tmp_path / "ws"
    shutil.copytree(sample, root)
    data = write(sample, layer, tmp_path / "台账.csv")
    result = run_import(
        root, Request(layer, tmp_path / "台账.csv", None, {}, {}, crs="wgs84", add=True), "zh"
    )
    assert (result.read, result.written) == (len(data), len(data)), result.changes[:3]
    assert any("GB18030" in n for n in result.notes)
    workspace = load_workspace(root)
    kind = {"posts": "fixed_posts"}.get(layer, layer)
    assert len(getattr(workspace, kind)) >= len(data)
    again = run_import(root, Request(layer, tmp_path / "台账.csv", None, {}, {}), "zh")
    (part,) = again.parts
    assert (part.added, part.removed, part.moved, part.changed) == (0, 0, 0, 0)


def test_scenery_of_a_workspace_keeps_its_kind(sample: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    shutil.copytree(sample, root)
    file = sample / "maps/landmarks.geojson"
    result = run_import(root, Request("landmarks", file, None, {}, {}, force=True), "zh")
    assert result.dropped == 0
    kinds = [
        sorted(
            (f["properties"]["id"], f["properties"]["kind"])
            for f in json.loads(p.read_text("utf-8"))["features"]
        )
        for p in (file, root / "maps/landmarks.geojson")
    ]
    assert kinds[0] == kinds[1]
