"""Fixed posts, sirens and hydrants."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from shapely.geometry import Point

from tools.make_sample.cast import COMMUNITIES, Cast
from tools.make_sample.geometry import XY, rounded
from tools.make_sample.shelters import main_building
from tools.make_sample.town import Building, Town

ZH = {
    "wanghai": "望海",
    "hubin": "湖滨",
    "gulou": "鼓楼",
    "xinqiao": "新桥",
    "mingquan": "明泉",
    "nanshan": "南山",
}


@dataclass
class Spot:
    """A point feature."""

    properties: dict[str, Any]
    point: XY


def draw(town: Town, offices: dict[str, Building]) -> list[Spot]:
    """All fixed posts, by id."""
    out: list[Spot] = []
    single = (
        ("command-room", "command_room", "街道应急指挥室", "Sub-district Command Room", "street-office", 0, "", 1),
        ("communications-room", "communications_room", "通信情报室", "Communications and Information Room", "street-office", 0, "", 2),
        ("alternate-command-room", "command_room", "备用指挥室", "Alternate Command Room", "education-base", 0, "", 1),
        ("duty-room", "duty", "街道值班室", "Sub-district Duty Room", "street-office", 0, "", 3),
        ("police-station", "police", "明泽湖派出所", "Mingze Lake Police Station", "police-station", 0, "team/security-fire", 1),
        ("fire-station", "fire", "明泽湖消防救援站", "Mingze Lake Fire Station", "fire-station", 0, "", 1),
        ("health-centre", "medical", "社区卫生服务中心", "Community Health Centre", "health-centre", 0, "team/medical", 1),
        ("hospital", "medical", "明泽湖医院急诊科", "Mingze Lake Hospital Emergency Department", "mingze-hospital", 0, "", 1),
        ("education-base", "education", "望海民防教育基地", "Wanghai Civil Defence Education Base", "education-base", 0, "", 2),
        ("street-store", "store", "街道应急物资库", "Sub-district Emergency Store", "fire-station", 0, "team/rescue-repair", 2),
        ("flood-store", "store", "湖滨防汛物资点", "Hubin Flood-control Store", "culture-centre", 0, "", 2),
        ("forest-store", "store", "南山森林防火物资点", "Nanshan Forest-fire Store", "nanshan-park", 0, "", 1),
        ("civil-defence-store", "store", "民防器材库", "Civil Defence Equipment Store", "education-base", 0, "", 3),
        ("vehicle-yard", "other", "街道车辆停放场", "Sub-district Vehicle Yard", "logistics-park", 0, "", 1),
        ("bus-yard", "other", "公交停车场", "Bus Yard", "textile-mill", 0, "", 2),
    )  # fmt: skip
    for key, kind, zh, en, slug, _, team, nth in single:
        b = main_building(town, slug)
        out.append(_post(key, kind, zh, en, _at(b, nth), b.community, b.id, team))
    phone = 300
    for spot in out:
        if spot.properties["kind"] not in ("store", "other"):
            phone += 1
            spot.properties["phone"] = f"000-8800{phone:04d}"
    for c in COMMUNITIES:
        b = offices[c]
        out.append(
            _post(
                f"{c}-office",
                "community_office",
                f"{ZH[c]}社区居委会",
                f"{c.capitalize()} Community Office",
                _at(b, 1),
                b.community,
                b.id,
                f"team/{c}-volunteers",
            )
        )
        out[-1].properties["phone"] = f"000-8800{401 + COMMUNITIES.index(c):04d}"
        out.append(
            _post(
                f"{c}-store",
                "store",
                f"{ZH[c]}社区物资点",
                f"{c.capitalize()} Community Store",
                _at(b, 3),
                b.community,
                b.id,
                f"team/{c}-volunteers",
            )
        )
        out += _street_posts(town, c)
    out += _hydrants(town)
    return sorted(out, key=lambda s: str(s.properties["id"]))


def _post(
    key: str, kind: str, zh: str, en: str, point: XY, community: str, building: str = "", team: str = ""
) -> Spot:
    props: dict[str, Any] = {
        "id": f"fixed-post/{key}",
        "name_zh": zh,
        "name_en": en,
        "kind": kind,
        "community": community,
    }
    if building:
        props["building"] = building
    if team:
        props["team"] = team
    return Spot(props, point)


def _at(b: Building, nth: int) -> XY:
    ring = list(b.shape.exterior.coords)
    t = nth / 5
    x = (ring[0][0] + ring[3][0]) / 2 * (1 - t) + (ring[1][0] + ring[2][0]) / 2 * t
    y = (ring[0][1] + ring[3][1]) / 2 * (1 - t) + (ring[1][1] + ring[2][1]) / 2 * t
    return rounded((x, y))


def _crossings(town: Town, community: str) -> list[tuple[XY, str, str]]:
    """Where drivable streets meet, in one community, with the names of the two."""
    found: dict[XY, set[tuple[str, str]]] = {}
    area = town.communities[f"community/{community}"].buffer(-25.0)
    for way in town.ways:
        if way.street and way.layer == 0 and way.kind in ("secondary", "tertiary", "residential"):
            for p in way.coords:
                found.setdefault(p, set()).add((way.zh, way.en))
    out = []
    for p in sorted(found):
        names = sorted(found[p])
        if len(names) >= 2 and area.contains(Point(p)) and p[1] > -620:
            out.append((p, "、".join(n[0] for n in names[:2]), " and ".join(n[1] for n in names[:2])))
    return out


def _spread(found: list[tuple[XY, str, str]], count: int) -> list[tuple[XY, str, str]]:
    chosen = [found[len(found) // 2]]
    while len(chosen) < min(count, len(found)):
        chosen.append(
            max(
                found,
                key=lambda f: (
                    min((f[0][0] - c[0][0]) ** 2 + (f[0][1] - c[0][1]) ** 2 for c in chosen),
                    f[0],
                ),
            )
        )
    return chosen


def _street_posts(town: Town, c: str) -> list[Spot]:
    corners = _spread(_crossings(town, c), 9)
    out = []
    for n, (p, zh, en) in enumerate(corners[:3], start=1):
        out.append(
            _post(
                f"{c}-assembly-{n}",
                "assembly",
                f"{ZH[c]}集合点({zh})",
                f"{c.capitalize()} assembly point ({en})",
                p,
                f"community/{c}",
                team=f"team/{c}-volunteers",
            )
        )
    for n, (p, zh, en) in enumerate(corners[3:7], start=1):
        out.append(
            _post(
                f"{c}-pick-up-{n}",
                "pick_up",
                f"{ZH[c]}接送点({zh})",
                f"{c.capitalize()} pick-up point ({en})",
                p,
                f"community/{c}",
            )
        )
    for n, (p, zh, en) in enumerate(corners[7:8], start=1):
        out.append(
            _post(
                f"{c}-duty-{n}",
                "duty",
                f"{ZH[c]}巡逻岗亭({zh})",
                f"{c.capitalize()} patrol post ({en})",
                p,
                f"community/{c}",
                team=f"team/{c}-volunteers",
            )
        )
    return out


def _hydrants(town: Town) -> list[Spot]:
    spots: list[XY] = []
    for way in sorted(
        (w for w in town.ways if w.street and w.kind in ("primary", "secondary", "tertiary")),
        key=lambda w: (w.slug, w.coords[0]),
    ):
        if way.slug == "huanshan-road":
            continue
        line = way.line
        side = line.offset_curve(way.width_m / 2 + 1.2)
        n = int(side.length // 150)
        for k in range(n):
            p = side.interpolate((k + 0.5) / n, normalized=True)
            q = rounded((p.x, p.y))
            if all((q[0] - s[0]) ** 2 + (q[1] - s[1]) ** 2 > 110.0**2 for s in spots) and town.shapes[
                "street"
            ].contains(Point(q)):
                spots.append(q)
    out = []
    for n, q in enumerate(sorted(spots, key=lambda s: (round(s[1] / 100), s[0])), start=1):
        c = town.community_of(Point(q))
        out.append(_post(f"hydrant-{n:02d}", "hydrant", f"{n}号消火栓", f"Hydrant {n}", q, c))
    return out


def sirens(town: Town, people: Cast) -> list[Spot]:
    """Roof sirens that reach most of the street, and loudspeakers in the parks."""
    rng = Random("civdef sample sirens")
    out = []
    roofs = (
        ("street-office", "街道办警报器", "Sub-district Office Siren", 118.0),
        ("middle-school", "明泽湖中学警报器", "Middle School Siren", 115.0),
        ("no2-primary", "第二小学警报器", "No. 2 Primary School Siren", 115.0),
        ("xinqiao-school", "新桥学校警报器", "Xinqiao School Siren", 115.0),
        ("yulan-estate", "玉兰小区警报器", "Yulan Estate Siren", 115.0),
        ("kangle-estate", "康乐小区警报器", "Kangle Estate Siren", 113.0),
        ("west-lake-park", "湖滨公园广播", "Hubin Park Loudspeaker", 103.0),
        ("wanghai-park", "望海公园广播", "Wanghai Park Loudspeaker", 103.0),
        ("nanshan-park", "南山公园广播", "Nanshan Park Loudspeaker", 104.0),
    )
    count: dict[str, int] = {}
    for slug, zh, en, level in roofs:
        b = main_building(town, slug)
        c = b.community.split("/")[1]
        k = count[c] = count.get(c, -1) + 1
        out.append(
            Spot(
                {
                    "id": f"siren/{slug}", "name_zh": zh, "name_en": en, "community": b.community, "building": b.id,
                    "level_dbc": level, "operator": people.many[f"community.{c}.siren_operators"][k % 2],
                },
                _at(b, rng.randint(1, 4)),
            )
        )  # fmt: skip
    return sorted(out, key=lambda s: str(s.properties["id"]))
