"""Equipment, vehicles and the duty rota."""

from __future__ import annotations

import datetime as dt
from random import Random

from tools.make_sample.cast import AS_OF, COMMUNITIES, Cast
from tools.make_sample.posts import ZH

Row = dict[str, str | int]

# category, Chinese, English, quantity, unit, unit in English, store, owner, months until it expires
_STREET: tuple[tuple[str, str, str, str, int, str, str, str, str, int], ...] = (
    ("sandbags", "flood", "编织沙袋", "Sandbags", 6000, "条", "pcs", "flood-store", "office/urban-management", 0),
    ("pump-6in", "flood", "六寸抽水泵", "6-inch pump", 6, "台", "sets", "flood-store", "office/urban-management", 0),
    ("pump-electric", "flood", "潜水电泵", "Submersible pump", 12, "台", "sets", "flood-store", "office/urban-management", 0),
    ("life-jackets", "flood", "救生衣", "Life jackets", 160, "件", "pcs", "flood-store", "office/urban-management", 48),
    ("assault-boat", "flood", "冲锋舟", "Assault boat", 3, "艘", "boats", "flood-store", "team/rescue-repair", 0),
    ("flood-boards", "flood", "挡水板", "Flood boards", 120, "块", "pcs", "flood-store", "office/urban-management", 0),
    ("waterproof-sheets", "flood", "防水彩条布", "Waterproof sheets", 80, "卷", "rolls", "flood-store", "office/urban-management", 0),
    ("wind-extinguishers", "forest_fire", "风力灭火机", "Wind extinguishers", 18, "台", "sets", "forest-store", "office/emergency", 0),
    ("fire-swatters", "forest_fire", "二号扑火工具", "Fire swatters", 120, "把", "pcs", "forest-store", "office/emergency", 0),
    ("backpack-pumps", "forest_fire", "背负式水枪", "Backpack pumps", 40, "套", "sets", "forest-store", "office/emergency", 0),
    ("forest-clothing", "forest_fire", "森林防火服", "Forest-fire clothing", 60, "套", "sets", "forest-store", "office/emergency", 60),
    ("hydraulic-cutters", "rescue", "液压破拆工具组", "Hydraulic cutters", 3, "套", "sets", "street-store", "team/rescue-repair", 0),
    ("jacks", "rescue", "液压千斤顶", "Hydraulic jacks", 10, "台", "pcs", "street-store", "team/rescue-repair", 0),
    ("chain-saws", "rescue", "链锯", "Chain saws", 8, "台", "pcs", "street-store", "team/rescue-repair", 0),
    ("life-detector", "rescue", "生命探测仪", "Life detector", 1, "台", "set", "street-store", "team/rescue-repair", 0),
    ("ropes", "rescue", "救援绳索", "Rescue ropes", 30, "根", "pcs", "street-store", "team/rescue-repair", 36),
    ("ladders", "rescue", "两节拉梯", "Two-section ladders", 8, "架", "pcs", "street-store", "team/rescue-repair", 0),
    ("shovels", "rescue", "铁锹和镐", "Shovels and picks", 150, "把", "pcs", "street-store", "team/rescue-repair", 0),
    ("generator-30kw", "power", "三十千瓦发电机", "30 kW generator", 3, "台", "sets", "street-store", "office/logistics", 0),
    ("generator-5kw", "power", "五千瓦发电机", "5 kW generator", 8, "台", "sets", "street-store", "office/logistics", 0),
    ("light-towers", "power", "移动照明灯塔", "Mobile light towers", 6, "台", "sets", "street-store", "office/logistics", 0),
    ("radios", "communications", "手持对讲机", "Hand-held radios", 90, "部", "pcs", "communications-room", "group/command", 0),
    ("satellite-phone", "communications", "卫星电话", "Satellite phones", 2, "部", "pcs", "communications-room", "group/command", 0),
    ("megaphones", "communications", "手持扩音器", "Megaphones", 60, "个", "pcs", "communications-room", "group/evacuation", 0),
    ("hand-siren", "communications", "手摇警报器", "Hand sirens", 12, "个", "pcs", "civil-defence-store", "group/command", 0),
    ("fax", "communications", "传真机", "Fax machine", 2, "台", "sets", "communications-room", "group/command", 0),
    ("stretchers", "medical", "折叠担架", "Folding stretchers", 40, "副", "pcs", "health-centre", "team/medical", 0),
    ("first-aid-kits", "medical", "急救包", "First-aid kits", 200, "个", "kits", "health-centre", "team/medical", 14),
    ("aed", "medical", "自动体外除颤器", "Defibrillators", 12, "台", "sets", "health-centre", "team/medical", 26),
    ("wheelchairs", "medical", "轮椅", "Wheelchairs", 45, "辆", "pcs", "health-centre", "team/medical", 0),
    ("masks", "medical", "医用防护口罩", "Medical respirators", 20000, "只", "pcs", "health-centre", "team/medical", 20),
    ("disinfectant", "medical", "消毒液", "Disinfectant", 800, "升", "litres", "health-centre", "team/medical", 11),
    ("protective-suits", "medical", "医用防护服", "Protective suits", 600, "套", "sets", "health-centre", "team/medical", 18),
    ("water-test-kits", "medical", "水质快速检测箱", "Water test kits", 4, "套", "sets", "health-centre", "office/health-centre", 10),
    ("gas-masks", "protection", "防毒面具", "Gas masks", 300, "具", "pcs", "civil-defence-store", "group/consequence", 40),
    ("chemical-suits", "protection", "轻型防化服", "Light chemical suits", 40, "套", "sets", "civil-defence-store", "group/consequence", 50),
    ("gas-detectors", "protection", "可燃气体检测仪", "Gas detectors", 10, "台", "pcs", "civil-defence-store", "group/consequence", 9),
    ("blackout-cloth", "protection", "灯火管制遮光布", "Blackout cloth", 500, "米", "m", "civil-defence-store", "group/security", 0),
    ("decontamination-tent", "protection", "洗消帐篷", "Decontamination tent", 1, "顶", "tent", "civil-defence-store", "group/consequence", 0),
    ("tents-12", "shelter", "十二平方米帐篷", "12 m² tents", 220, "顶", "tents", "street-store", "group/supply", 0),
    ("folding-beds", "shelter", "折叠床", "Folding beds", 900, "张", "beds", "street-store", "group/supply", 0),
    ("quilts", "shelter", "棉被", "Quilts", 2400, "床", "pcs", "street-store", "group/supply", 0),
    ("mobile-toilets", "shelter", "移动厕所", "Mobile toilets", 24, "座", "pcs", "street-store", "group/supply", 0),
    ("drinking-water", "supplies", "瓶装饮用水", "Bottled water", 36000, "瓶", "bottles", "street-store", "group/supply", 9),
    ("compressed-food", "supplies", "压缩饼干", "Compressed biscuits", 18000, "份", "rations", "street-store", "group/supply", 22),
    ("water-tanks", "supplies", "软体储水罐", "Soft water tanks", 10, "个", "pcs", "street-store", "group/supply", 0),
    ("cones", "security", "反光锥桶", "Traffic cones", 300, "个", "pcs", "police-station", "group/security", 0),
    ("cordon-tape", "security", "警戒带", "Cordon tape", 200, "卷", "rolls", "police-station", "group/security", 0),
    ("barriers", "security", "活动护栏", "Crowd barriers", 160, "段", "pcs", "police-station", "group/security", 0),
    ("snow-salt", "snow_ice", "融雪剂", "De-icing salt", 30, "吨", "t", "vehicle-yard", "office/urban-management", 24),
    ("snow-shovels", "snow_ice", "推雪板", "Snow pushers", 220, "把", "pcs", "vehicle-yard", "office/urban-management", 0),
    ("snow-sweepers", "snow_ice", "小型扫雪机", "Small snow sweepers", 5, "台", "sets", "vehicle-yard", "office/urban-management", 0),
)  # fmt: skip

_COMMUNITY: tuple[tuple[str, str, str, str, int, str, str, int], ...] = (
    ("extinguishers", "fire", "灭火器", "Fire extinguishers", 60, "具", "pcs", 16),
    ("keys", "shelter", "避难场所备用钥匙", "Spare shelter keys", 14, "套", "sets", 0),
    ("volunteer-kits", "protection", "志愿者装备包", "Volunteer kits", 50, "套", "sets", 30),
    ("loudhailers", "communications", "社区扩音器", "Community megaphones", 12, "个", "pcs", 0),
)


def equipment() -> list[Row]:
    """The equipment register."""
    rng = Random("civdef sample equipment")
    rows: list[Row] = []
    for key, category, zh, en, quantity, unit_zh, unit_en, store, owner, months in _STREET:
        rows.append(_item(key, category, zh, en, quantity, unit_zh, unit_en, store, owner, months, rng))
    for c in COMMUNITIES:
        for key, category, zh, en, quantity, unit_zh, unit_en, months in _COMMUNITY:
            rows.append(
                _item(
                    f"{c}-{key}",
                    category,
                    f"{ZH[c]}{zh}",
                    f"{c.capitalize()} {en[0].lower()}{en[1:]}",
                    quantity + rng.randint(0, quantity // 3),
                    unit_zh,
                    unit_en,
                    f"{c}-store",
                    f"team/{c}-volunteers",
                    months,
                    rng,
                )
            )
    return sorted(rows, key=lambda r: str(r["id"]))


def _item(
    key: str, category: str, zh: str, en: str, quantity: int, unit_zh: str, unit_en: str, store: str, owner: str,
    months: int, rng: Random,
) -> Row:  # fmt: skip
    expires = (AS_OF + dt.timedelta(days=30 * months + rng.randint(0, 25))).isoformat() if months else ""
    checked = (AS_OF - dt.timedelta(days=rng.randint(5, 80))).isoformat()
    return {
        "id": f"equipment/{key}", "name_zh": zh, "name_en": en, "category": category, "quantity": quantity,
        "unit_zh": unit_zh, "unit_en": unit_en, "store": f"fixed-post/{store}", "owner": owner,
        "expires": expires, "checked": checked,
    }  # fmt: skip


# key, kind, Chinese, English, seats, wheelchair places, stretcher places, base, owner, how many
_FLEET: tuple[tuple[str, str, str, str, int, int, int, str, str, int], ...] = (
    ("bus", "bus", "公交客车", "City bus", 45, 1, 0, "bus-yard", "office/logistics", 5),
    ("minibus", "minibus", "中型客车", "Minibus", 19, 0, 0, "vehicle-yard", "office/logistics", 3),
    ("accessible-van", "van", "无障碍面包车", "Wheelchair van", 5, 3, 0, "vehicle-yard", "office/logistics", 3),
    ("van", "van", "面包车", "Van", 7, 1, 1, "vehicle-yard", "office/logistics", 4),
    ("ambulance", "ambulance", "救护车", "Ambulance", 3, 0, 2, "health-centre", "office/health-centre", 2),
    ("hospital-ambulance", "ambulance", "医院救护车", "Hospital ambulance", 3, 1, 1, "hospital", "office/health-centre", 1),
    ("truck", "truck", "五吨货车", "5-tonne truck", 2, 0, 0, "vehicle-yard", "office/logistics", 3),
    ("loader", "loader", "小型装载机", "Small loader", 1, 0, 0, "vehicle-yard", "office/urban-management", 1),
    ("sprinkler", "tanker", "洒水车", "Water tanker", 2, 0, 0, "vehicle-yard", "office/urban-management", 1),
    ("command-car", "car", "指挥车", "Command car", 5, 0, 0, "street-store", "group/command", 1),
    ("patrol-car", "car", "巡逻车", "Patrol car", 5, 0, 0, "police-station", "office/police-station", 2),
)  # fmt: skip


def vehicles(people: Cast) -> list[Row]:
    """The vehicle list; every vehicle has its own driver, and a relief where drivers suffice."""
    drivers = list(people.many["transport.drivers"])
    total = sum(f[-1] for f in _FLEET)
    first, relief = drivers[:total], drivers[total:]
    rows: list[Row] = []
    n = 0
    for key, kind, zh, en, seats, wheelchair, stretcher, base, owner, count in _FLEET:
        for k in range(1, count + 1):
            rows.append(
                {
                    "id": f"vehicle/{key}-{k}", "name_zh": f"{zh}{k}号", "name_en": f"{en} {k}", "plate": f"虚A·{60101 + n * 37}",
                    "kind": kind, "seats": seats, "wheelchair_places": wheelchair, "stretcher_places": stretcher,
                    "base": f"fixed-post/{base}", "owner": owner, "driver": first[n],
                    "relief_driver": relief[n] if n < len(relief) else "",
                }
            )  # fmt: skip
            n += 1
    return sorted(rows, key=lambda r: str(r["id"]))


def duty(people: Cast) -> list[Row]:
    """The rota for November and December 2026; nobody works two shifts running."""
    pools = {
        "duty_leader": people.many["command_room.duty_leaders"],
        "duty_officer": people.many["command_room.duty_officers"],
        "driver": people.many["transport.drivers"][:12],
        "signals": people.many["command_room.signals"],
    }
    rows: list[Row] = []
    day = AS_OF
    turn = 0
    while day <= dt.date(2026, 12, 31):
        for shift in ("day", "night"):
            for role in ("duty_leader", "duty_officer", "driver", "signals"):
                pool = pools[role]
                rows.append(
                    {"date": day.isoformat(), "shift": shift, "role": role, "person": pool[turn % len(pool)]}
                )
            turn += 1
        day += dt.timedelta(days=1)
    return rows
