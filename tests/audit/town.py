"""A small town in which every rule of the audit, at every profile, is content. Cases change a line of it and say what is found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from civdef.load import load_workspace
from civdef.load.yaml_file import parse_yaml
from civdef.model.workspace import Workspace
from tests.toy_town import collection, feature, square

CASES = Path(__file__).parent / "cases"

SETTINGS = """\
name = { zh = "审查镇", en = "Audit Town" }
metric_crs = "EPSG:4550"
as_of = 2026-11-01
fictional = true

[audit]
profile = "full"
"""

ORGANISATION = """\
headquarters:
  id: headquarters/street
  name: {zh: 指挥部, en: Headquarters}
  commanders: [post/commander]
  command_room: fixed-post/room
  alternate_command_room: fixed-post/school
offices:
  - {id: office/toy, name: {zh: 玩具办, en: Toy office}}
posts:
  - id: post/commander
    name: {zh: 总指挥, en: Commander}
    holder: person/an
    stand_ins: [person/bo]
  - id: post/evacuation-head
    name: {zh: 疏散组组长, en: Head of evacuation}
    holder: person/bo
  - id: post/evacuation-deputy
    name: {zh: 疏散组副组长, en: Deputy of evacuation}
    holder: person/chen
  - id: post/supply-head
    name: {zh: 物资组组长, en: Head of supply}
    holder: person/fang
  - id: post/supply-deputy
    name: {zh: 物资组副组长, en: Deputy of supply}
    holder: person/gao
groups:
  - id: group/evacuation
    name: {zh: 疏散组, en: Evacuation}
    head: post/evacuation-head
    deputy: post/evacuation-deputy
    members: [person/deng]
    reports_to: post/commander
    base: fixed-post/room
  - id: group/supply
    name: {zh: 物资组, en: Supply}
    head: post/supply-head
    deputy: post/supply-deputy
    members: [person/hu]
    reports_to: post/commander
    base: fixed-post/room
teams:
  - id: team/toy
    name: {zh: 玩具队, en: Toy team}
    kind: volunteer
    group: group/evacuation
    community: community/west
    leader: person/deng
    deputy: person/hu
    members: [person/jia]
    base: fixed-post/room
channels:
  - {id: channel/phone, name: {zh: 电话, en: Phone}, kind: phone, call_min: 1, answer_share: 1.0, backup: channel/runner}
  - {id: channel/loudspeaker, name: {zh: 广播, en: Loudspeaker}, kind: loudspeaker, call_min: 1, answer_share: 1.0, simultaneous: true, backup: channel/door}
  - {id: channel/door, name: {zh: 入户, en: Door to door}, kind: door_to_door, call_min: 1, answer_share: 1.0}
  - {id: channel/runner, name: {zh: 通信员, en: Runner}, kind: runner, call_min: 5, answer_share: 1.0}
"""

EXTERNAL = """\
external:
  - {id: external/district, name: {zh: 区指挥部, en: District command}, kind: upper}
  - {id: external/fire, name: {zh: 消防队, en: Fire brigade}, kind: fire}
"""

ROSTER = """\
id,name_zh,name_en,phone,office,phone_checked
person/an,安,An,19900000001,office/toy,2026-10-01
person/bo,薄,Bo,19900000002,office/toy,2026-10-01
person/chen,陈,Chen,19900000003,office/toy,2026-10-01
person/deng,邓,Deng,19900000004,office/toy,2026-10-01
person/fang,方,Fang,19900000005,office/toy,2026-10-01
person/gao,高,Gao,19900000006,office/toy,2026-10-01
person/hu,胡,Hu,19900000007,office/toy,2026-10-01
person/jia,贾,Jia,19900000008,office/toy,2026-10-01
"""

DUTY = """\
date,shift,role,person
2026-11-01,day,duty_officer,person/an
2026-11-01,night,duty_officer,person/bo
2026-11-02,day,duty_officer,person/chen
2026-11-02,night,duty_officer,person/an
2026-11-03,day,duty_officer,person/bo
2026-11-03,night,duty_officer,person/chen
"""

HOUSEHOLDS = """\
id,building,residents,children,elderly
household/1,building/h1,4,2,0
household/2,building/h2,3,0,1
household/3,building/h3,5,0,0
household/4,building/h4,2,0,1
"""

ASSISTANCE = """\
id,name_zh,household,mobility,helper_1,helper_2
assisted/1,老周,household/4,wheelchair,person/deng,person/jia
"""

EQUIPMENT = """\
id,name_zh,name_en,category,quantity,store,expires
equipment/pump,水泵,Pump,pump,2,fixed-post/room,2028-01-01
"""

VEHICLES = """\
id,name_zh,kind,seats,base
vehicle/bus-1,一号客车,bus,20,fixed-post/room
"""

PLAN = """\
id: plan/toy
name: {zh: 玩具预案, en: Toy plan}
kind: contingency
version: "1"
issued: 2026-01-05
reviewed: 2026-06-01
published: 2026-01-20
last_drill: 2026-05-12
filed: {to: external/district, date: 2026-01-20}
approved_by: post/commander
text: {zh: toy.zh.md, en: toy.en.md}
basis:
  - title: {zh: 中华人民共和国突发事件应对法, en: Emergency Response Law}
    year: 2024
hazards: [earthquake]
hazard_class: natural
lead: group/evacuation
triggers:
  - {id: quake, scale: observation, value: felt, starts_level: 2, condition: {zh: 有感地震, en: Felt earthquake}, clause: "3.1"}
  - {id: grade-2, scale: event_grade, value: II, starts_level: 2, condition: {zh: 重大, en: Serious}, clause: "3.1"}
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
    name: {zh: 通知各组, en: Call the groups}
    action: call
    who: post/commander
    to: [group/evacuation, group/supply]
    channel: channel/phone
    after: [activate]
    duration_min: 1
    due_min: 10
    clause: "4.2"
  - id: warn
    name: {zh: 通知居民, en: Warn residents}
    action: warn
    who: team/toy
    where: [community/west, community/east]
    channel: channel/loudspeaker
    after: [call]
    needs: {people: 2}
    duration_min: 3
    due_min: 30
    clause: "4.3"
  - id: pump
    name: {zh: 排水, en: Pump}
    action: repair
    who: group/supply
    after: [call]
    needs: {people: 2, equipment: [{id: equipment/pump, quantity: 1}], vehicles: [{kind: bus, quantity: 1}]}
    duration_min: 30
    due_min: 60
    clause: "4.4"
evacuation:
  shelter_classes: [emergency, short_term]
  deadline_min: 30
  clause: "4.3"
reports:
  - {id: first, name: {zh: 首报, en: First report}, from: post/commander, to: external/district, within_min: 20, channel: channel/phone, clause: "4.5"}
annexes:
  - {kind: contacts, title: {zh: 通讯录, en: Contacts}}
  - {kind: organisation_chart, title: {zh: 组织图, en: Chart}}
  - {kind: report_flow, title: {zh: 报告流程, en: Reporting}}
  - {kind: response_flow, title: {zh: 响应流程, en: Response}}
  - {kind: risk_list, title: {zh: 风险清单, en: Risks}}
  - {kind: supplies, title: {zh: 物资清单, en: Supplies}}
  - {kind: shelters, title: {zh: 避难场所, en: Shelters}}
  - {kind: route_map, title: {zh: 路线图, en: Routes}}
  - {kind: vulnerable_people, title: {zh: 名册, en: Register}}
"""

TEXT_ZH = """\
# 玩具预案

## 1 总则
## 2 组织指挥体系与职责
### 2.1 指挥组分工
各组服从现场指挥。
## 3 监测与预警
### 3.1 触发
## 4 应急响应
### 4.1 启动
### 4.2 通知
值班员10分钟内通知各组。
### 4.3 疏散安置
三十分钟内通知居民，居民在半小时内到达。
### 4.4 处置
### 4.5 信息报告
20分钟内向区指挥部首报。
## 5 恢复重建
## 6 应急保障
"""

TEXT_EN = """\
# Toy plan

## 1 General
## 2 Command and duties
### 2.1 Groups
All groups follow the on-scene commander.
## 3 Monitoring and warning
### 3.1 Triggers
## 4 Response
### 4.1 Start
### 4.2 Calls
### 4.3 Evacuation
### 4.4 Handling
### 4.5 Reporting
## 5 Recovery
## 6 Support
"""

RULE = """\
id: rule/drills
name: {zh: 演练制度, en: Drill rules}
topic: drills
version: "1"
issued: 2026-01-05
owner: group/evacuation
text: {zh: drills.zh.md, en: drills.en.md}
"""

DRILL = """\
id: drill/toy
name: {zh: 玩具演练, en: Toy drill}
plan: plan/toy
level: 2
start: 2026-05-12T10:00:00
day_part: workday
objectives:
  - {id: warned, name: {zh: 通知完成, en: Warned}, measure: warned_share, better: more, target: 1.0, limit: 0.9}
seed: 1
"""


def maps() -> dict[str, str]:
    """Return the layers: two communities side by side, the four houses and two shelters of the toy town."""
    road = {"kind": "residential", "width_m": 4.0, "drive": "both"}
    west = [[(-70, -70), (100, -70), (100, 170), (-70, 170), (-70, -70)]]
    east = [[(100, -70), (270, -70), (270, 170), (100, 170), (100, -70)]]
    homes = (
        ("h1", 20, 110, "west"),
        ("h2", 120, 110, "east"),
        ("h3", 180, -10, "east"),
        ("h4", 20, -10, "west"),
    )
    streets = {
        "main": [(0, 100), (100, 100), (200, 100)],
        "lane": [(0, 0), (100, 0), (200, 0)],
        "west": [(0, 100), (0, 0)],
        "middle": [(100, 100), (100, 0)],
        "east": [(200, 100), (200, 0)],
    }
    layers: dict[str, list[dict[str, Any]]] = {
        "communities": [
            feature("Polygon", west, id="community/west", name_zh="西社区", name_en="West"),
            feature("Polygon", east, id="community/east", name_zh="东社区", name_en="East"),
        ],
        "roads": [feature("LineString", xy, id=f"road/{n}", name_zh=n, **road) for n, xy in streets.items()],
        "buildings": [
            feature("Polygon", square(x, y), id=f"building/{n}", name_zh=n, community=f"community/{c}", use="residential")
            for n, x, y, c in homes
        ],
        "shelters": [
            feature(
                "Point", (150, 115), id="shelter/north", name_zh="北避难点", name_en="North", places=10, area_m2=10,
                hazards=["earthquake"], community="community/east", **{"class": "emergency"},
            ),
            feature(
                "Point", (50, -15), id="shelter/south", name_zh="南避难点", name_en="South", places=6, area_m2=12,
                hazards=["earthquake", "flood"], community="community/west", **{"class": "short_term"},
            ),
            feature(
                "Point", (20, 120), id="shelter/cellar", name_zh="地下室", name_en="Cellar", places=100, area_m2=100,
                hazards=["air_raid"], community="community/west", **{"class": "air_raid"},
            ),
        ],
        "entrances": [
            feature("Point", (150, 100), id="entrance/north", name_zh="北门", shelter="shelter/north", width_m=4.0),
            feature("Point", (50, 0), id="entrance/south", name_zh="南门", shelter="shelter/south", width_m=2.0),
            feature("Point", (20, 100), id="entrance/cellar", name_zh="口部", shelter="shelter/cellar", width_m=1.0),
        ],
        "posts": [
            feature("Point", (100, 90), id="fixed-post/room", name_zh="指挥室", name_en="Room", kind="command_room"),
            feature("Point", (200, 90), id="fixed-post/school", name_zh="学校", name_en="School", kind="other"),
        ],
    }  # fmt: skip
    return {f"maps/{name}.geojson": collection(features) for name, features in layers.items()}


def files() -> dict[str, str]:
    """Return every file of the town."""
    return maps() | {
        "civdef.toml": SETTINGS,
        "plans/organisation.yaml": ORGANISATION,
        "plans/external.yaml": EXTERNAL,
        "plans/roster.csv": ROSTER,
        "plans/duty.csv": DUTY,
        "plans/households.csv": HOUSEHOLDS,
        "plans/assistance.csv": ASSISTANCE,
        "plans/equipment.csv": EQUIPMENT,
        "plans/vehicles.csv": VEHICLES,
        "plans/contingency/toy.yaml": PLAN,
        "plans/contingency/toy.zh.md": TEXT_ZH,
        "plans/contingency/toy.en.md": TEXT_EN,
        "plans/rules/drills.yaml": RULE,
        "plans/rules/drills.zh.md": "# 演练制度\n\n## 1 总则\n",
        "plans/rules/drills.en.md": "# Drill rules\n\n## 1 General\n",
        "drills/toy.yaml": DRILL,
    }


def changed(case: Mapping[str, Any]) -> dict[str, str]:
    """Return the files after a case's changes.

    ``change`` maps a file to [find, replace] pairs, each of which must be found exactly once; ``append`` adds text at the
    end; ``write`` sets a whole file (null takes it away); ``footprint`` draws a hazard area: {id, hazard, x_m, y_m, half_m}.
    """
    found = files()
    for file, pairs in (case.get("change") or {}).items():
        for find, replace in pairs:
            assert found[file].count(find) == 1, f"{file}: {find!r} occurs {found[file].count(find)} times"
            found[file] = found[file].replace(find, replace)
    for file, text in (case.get("append") or {}).items():
        found[file] += text
    for file, text in (case.get("write") or {}).items():
        if text is None:
            del found[file]
        else:
            found[file] = text
    areas = [
        feature(
            "Polygon",
            square(a["x_m"], a["y_m"], a["half_m"]),
            id=a["id"],
            name_zh=a["id"],
            hazard=a["hazard"],
        )
        for a in case.get("footprints") or []
    ]
    if areas:
        found["maps/hazards/drawn.geojson"] = collection(areas)
    return found


def load(root: Path, texts: Mapping[str, str]) -> Workspace:
    """Write the files under `root` and load them."""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return load_workspace(root)


def cases() -> list[tuple[str, dict[str, Any]]]:
    """Return (code, case) of every case file, in order."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        assert re.fullmatch(r"[A-Z]{3}\d{3}", path.stem), path.name
        document = parse_yaml(path.read_text(encoding="utf-8"), path.name)
        assert not document.faults, [f.line("en") for f in document.faults]
        rows: Sequence[dict[str, Any]] = document.data
        found += [(path.stem, row) for row in rows]
    return found
