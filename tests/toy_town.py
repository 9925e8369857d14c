"""A toy town whose every answer is worked out by hand, as files of a workspace.

Three streets make a ladder, 100 m a rung, at 123° E 28.5° N (metric CRS EPSG:4550)::

    a0 ──100 m── a1 ──100 m── a2          y = 100   main street (road/main)
    │            │            │
   100 m       100 m        100 m         road/west, road/middle, road/east
    │            │            │
    b0 ──100 m── b1 ──100 m── b2          y = 0     back lane (road/lane)

Houses (centroids): h1 at (20, 110), h2 at (120, 110), h3 at (180, -10), h4 at (20, -10).
Shelters: north (a point at (150, 115), entrance (150, 100) on the main street, 4 m wide, 10 places),
south (a point at (50, -15), entrance (50, 0) on the lane, 2 m wide, 6 places).
People: h1 4 (2 adults, 2 children), h2 3 (1 elderly), h3 5, h4 2 → 14.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyproj import Transformer

CRS = "EPSG:4550"
EAST, NORTH = 500_000.0, 3_154_000.0
"""Metric coordinates of the toy town's origin [m]."""

_BACK = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def lonlat(x_m: float, y_m: float) -> list[float]:
    """Return longitude and latitude of a spot given in metres from the toy town's origin."""
    lon, lat = _BACK.transform(EAST + x_m, NORTH + y_m)
    return [round(lon, 9), round(lat, 9)]


def feature(shape: str, coords: Any, /, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature drawn in metres."""

    def walk(c: Any) -> Any:
        return lonlat(*c) if isinstance(c[0], (int, float)) else [walk(i) for i in c]

    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape, "coordinates": walk(coords)},
    }


def square(x_m: float, y_m: float, half_m: float = 5.0) -> list[list[tuple[float, float]]]:
    """Return the ring of a square around a centre."""
    w, e, s, n = x_m - half_m, x_m + half_m, y_m - half_m, y_m + half_m
    return [[(w, s), (e, s), (e, n), (w, n), (w, s)]]


def collection(features: list[dict[str, Any]]) -> str:
    """Return a FeatureCollection, one feature a line."""
    body = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    return '{"type": "FeatureCollection", "features": [\n' + body + "\n]}\n"


def maps() -> dict[str, list[dict[str, Any]]]:
    """Return the features of every layer by file."""
    road = {"kind": "residential", "width_m": 4.0, "drive": "both"}
    return {
        "maps/communities.geojson": [
            feature("Polygon", square(100, 50, 120), id="community/toy", name_zh="玩具社区", name_en="Toy")
        ],
        "maps/roads.geojson": [
            feature("LineString", [(0, 100), (100, 100), (200, 100)], id="road/main", name_zh="大街", **road),
            feature("LineString", [(0, 0), (100, 0), (200, 0)], id="road/lane", name_zh="后巷", **road),
            feature("LineString", [(0, 100), (0, 0)], id="road/west", name_zh="西路", **road),
            feature("LineString", [(100, 100), (100, 0)], id="road/middle", name_zh="中路", **road),
            feature("LineString", [(200, 100), (200, 0)], id="road/east", name_zh="东路", **road),
        ],
        "maps/buildings.geojson": [
            feature(
                "Polygon", square(x, y), id=f"building/{n}", name_zh=n, community="community/toy", use="residential"
            )
            for n, x, y in (("h1", 20, 110), ("h2", 120, 110), ("h3", 180, -10), ("h4", 20, -10))
        ],
        "maps/shelters.geojson": [
            feature(
                "Point", (150, 115), id="shelter/north", name_zh="北避难点", name_en="North", places=10,
                hazards=["earthquake"], community="community/toy", **{"class": "emergency"},
            ),
            feature(
                "Point", (50, -15), id="shelter/south", name_zh="南避难点", name_en="South", places=6,
                hazards=["earthquake", "flood"], community="community/toy", **{"class": "emergency"},
            ),
        ],
        "maps/entrances.geojson": [
            feature("Point", (150, 100), id="entrance/north", name_zh="北门", shelter="shelter/north", width_m=4.0),
            feature("Point", (50, 0), id="entrance/south", name_zh="南门", shelter="shelter/south", width_m=2.0),
        ],
        "maps/posts.geojson": [
            feature("Point", (100, 90), id="fixed-post/room", name_zh="指挥室", kind="command_room")
        ],
    }  # fmt: skip


SETTINGS = """\
name = { zh = "玩具街道", en = "Toy Street" }
metric_crs = "EPSG:4550"
as_of = 2026-11-01
fictional = true
"""

ORGANISATION = """\
headquarters:
  id: headquarters/street
  name: {zh: 指挥部, en: Headquarters}
  commanders: [post/commander]
  command_room: fixed-post/room
offices:
  - {id: office/toy, name: {zh: 玩具办, en: Toy office}}
posts:
  - {id: post/commander, name: {zh: 总指挥, en: Commander}, holder: person/an, stand_ins: [person/bo]}
  - {id: post/evacuation-head, name: {zh: 疏散组组长, en: Head of evacuation}, holder: person/bo, stand_ins: [person/chen]}
groups:
  - id: group/evacuation
    name: {zh: 疏散组, en: Evacuation}
    head: post/evacuation-head
    members: [person/chen]
    reports_to: post/commander
    base: fixed-post/room
teams:
  - id: team/toy
    name: {zh: 玩具队, en: Toy team}
    kind: volunteer
    group: group/evacuation
    community: community/toy
    leader: person/chen
    members: [person/deng]
    base: fixed-post/room
channels:
  - {id: channel/phone, name: {zh: 电话, en: Phone}, kind: phone, call_min: 1, answer_share: 1.0}
  - {id: channel/loudspeaker, name: {zh: 广播, en: Loudspeaker}, kind: loudspeaker, call_min: 1, answer_share: 1.0, simultaneous: true}
"""

ROSTER = """\
id,name_zh,name_en,phone,office,travel_night_min,travel_workday_min
person/an,安,An,19900000001,office/toy,10,5
person/bo,薄,Bo,19900000002,office/toy,10,5
person/chen,陈,Chen,19900000003,office/toy,10,5
person/deng,邓,Deng,19900000004,office/toy,10,5
"""

HOUSEHOLDS = """\
id,building,residents,children,elderly
household/1,building/h1,4,2,0
household/2,building/h2,3,0,1
household/3,building/h3,5,0,0
household/4,building/h4,2,0,0
"""

PLAN = """\
id: plan/toy
name: {zh: 玩具预案, en: Toy plan}
kind: contingency
version: "1"
issued: 2026-01-05
approved_by: post/commander
text: {zh: toy.zh.md, en: toy.en.md}
hazards: [earthquake]
hazard_class: natural
lead: group/evacuation
triggers:
  - {id: quake, scale: observation, value: felt, starts_level: 2, condition: {zh: 有感地震, en: Felt earthquake}, clause: "3.1"}
levels:
  - {level: 2, started_by: post/commander, ended_by: post/commander, clause: "4.1"}
tasks:
  - id: activate
    name: {zh: 启动响应, en: Activate}
    action: activate
    who: post/commander
    duration_min: 2
    due_min: 5
    clause: "4.1"
  - id: call
    name: {zh: 通知疏散组, en: Call the group}
    action: call
    who: post/commander
    to: [group/evacuation]
    channel: channel/phone
    after: [activate]
    duration_min: 1
    clause: "4.2"
  - id: warn
    name: {zh: 通知居民, en: Warn residents}
    action: warn
    who: team/toy
    where: [community/toy]
    channel: channel/loudspeaker
    after: [call]
    duration_min: 3
    due_min: 30
    clause: "4.3"
evacuation:
  shelter_classes: [emergency]
  clause: "4.3"
"""

DRILL = """\
id: drill/toy
name: {zh: 玩具演练, en: Toy drill}
plan: plan/toy
level: 2
start: 2026-11-14T02:30:00+08:00
day_part: night
objectives:
  - {id: all-in, name: {zh: 全部到达, en: Everybody in}, measure: placed_share, better: more, target: 1.0, limit: 0.9}
seed: 7
"""

TEXT_ZH = "# 玩具预案\n\n## 1 总则\n\n## 3 预警\n\n### 3.1 触发\n\n## 4 响应\n\n### 4.1 启动\n\n### 4.2 通知\n\n### 4.3 疏散\n"
TEXT_EN = "# Toy plan\n\n## 1 General\n\n## 3 Warning\n\n### 3.1 Triggers\n\n## 4 Response\n\n### 4.1 Start\n\n### 4.2 Calls\n\n### 4.3 Evacuation\n"


def files() -> dict[str, str]:
    """Return every file of the toy workspace."""
    found = {name: collection(features) for name, features in maps().items()}
    found |= {
        "civdef.toml": SETTINGS,
        "plans/organisation.yaml": ORGANISATION,
        "plans/roster.csv": ROSTER,
        "plans/households.csv": HOUSEHOLDS,
        "plans/contingency/toy.yaml": PLAN,
        "plans/contingency/toy.zh.md": TEXT_ZH,
        "plans/contingency/toy.en.md": TEXT_EN,
    }
    return found


def write(root: Path, changed: Mapping[str, str | None] | None = None) -> Path:
    """Write the toy workspace to `root`; `changed` replaces files, or leaves them out where None."""
    for name, text in {**files(), **(changed or {})}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return root
