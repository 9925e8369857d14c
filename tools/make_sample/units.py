"""Enterprises and institutions, in the buildings that suit them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from random import Random

from shapely.geometry import LineString, Point

from tools.make_sample.geometry import XY, rounded
from tools.make_sample.shelters import main_building
from tools.make_sample.town import Building, Town

UNITS = 1_285

Trade = tuple[str, str, str, tuple[int, int], tuple[int, int], tuple[int, int], bool]

# kind, Chinese, English, persons by night, on a working day, on a holiday, dangerous goods
_TRADES: tuple[Trade, ...] = (
    ("shop", "便利店", "Convenience Store", (0, 1), (2, 5), (2, 6), False),
    ("shop", "超市", "Supermarket", (0, 1), (8, 30), (12, 40), False),
    ("shop", "水果店", "Fruit Shop", (0, 0), (2, 5), (2, 6), False),
    ("shop", "药店", "Pharmacy", (0, 0), (2, 6), (2, 6), False),
    ("shop", "服装店", "Clothes Shop", (0, 0), (2, 6), (3, 10), False),
    ("shop", "五金店", "Hardware Shop", (0, 1), (2, 4), (1, 3), False),
    ("shop", "书店", "Bookshop", (0, 0), (3, 9), (4, 16), False),
    ("shop", "茶叶店", "Tea Shop", (0, 1), (2, 4), (2, 5), False),
    ("shop", "电器店", "Appliance Shop", (0, 0), (3, 8), (4, 12), False),
    ("shop", "烟酒店", "Wine and Tobacco Shop", (0, 1), (1, 3), (1, 3), False),
    ("shop", "烟花爆竹零售点", "Fireworks Shop", (0, 0), (1, 2), (1, 3), True),
    ("restaurant", "面馆", "Noodle House", (0, 1), (6, 24), (8, 30), False),
    ("restaurant", "饭店", "Restaurant", (0, 2), (12, 50), (20, 70), False),
    ("restaurant", "早餐店", "Breakfast Shop", (0, 2), (4, 15), (4, 15), False),
    ("restaurant", "茶餐厅", "Tea Restaurant", (0, 0), (8, 30), (12, 40), False),
    ("restaurant", "火锅店", "Hotpot Restaurant", (0, 1), (8, 36), (20, 60), False),
    ("restaurant", "咖啡馆", "Coffee House", (0, 0), (5, 20), (8, 26), False),
    ("service", "理发店", "Hairdresser", (0, 1), (3, 8), (4, 12), False),
    ("service", "洗衣店", "Laundry", (0, 0), (1, 4), (1, 4), False),
    ("service", "快递驿站", "Parcel Station", (0, 0), (3, 8), (3, 8), False),
    ("service", "汽修店", "Car Repair Shop", (0, 1), (4, 9), (2, 6), True),
    ("service", "银行网点", "Bank Branch", (0, 1), (10, 26), (3, 10), False),
    ("service", "房产中介", "Estate Agency", (0, 0), (4, 10), (5, 12), False),
    ("service", "照相馆", "Photo Studio", (0, 0), (2, 6), (3, 8), False),
    ("service", "培训中心", "Training Centre", (0, 0), (6, 25), (12, 50), False),
    ("service", "健身房", "Gym", (0, 1), (6, 24), (10, 36), False),
    ("clinic", "诊所", "Clinic", (0, 1), (4, 14), (3, 10), False),
    ("clinic", "口腔门诊", "Dental Clinic", (0, 0), (4, 12), (3, 10), False),
    ("office", "律师事务所", "Law Office", (0, 0), (5, 20), (0, 2), False),
    ("office", "建筑设计公司", "Design Company", (0, 1), (8, 40), (0, 4), False),
    ("office", "软件公司", "Software Company", (0, 3), (10, 70), (0, 8), False),
    ("office", "贸易公司", "Trading Company", (0, 0), (4, 24), (0, 2), False),
    ("office", "会计师事务所", "Accountants", (0, 0), (6, 28), (0, 2), False),
    ("office", "保险公司", "Insurance Company", (0, 0), (10, 45), (0, 5), False),
    ("office", "旅行社", "Travel Agency", (0, 0), (3, 12), (2, 6), False),
    ("hotel", "旅馆", "Guest House", (8, 36), (5, 16), (10, 40), False),
)  # fmt: skip
_RARE = {"烟花爆竹零售点": 3, "超市": 30, "银行网点": 26, "旅馆": 16, "培训中心": 22, "健身房": 10, "书店": 8}
_OFFICE_TRADES = tuple(t for t in _TRADES if t[0] == "office")
_STREET_TRADES = tuple(t for t in _TRADES if t[0] != "office")

_BRAND_TEXT = (
    "明泽 Mingze;湖光 Huguang;清溪 Qingxi;望海 Wanghai;南山 Nanshan;鼓楼 Gulou;新桥 Xinqiao;明泉 Mingquan;老街 Laojie;福来 Fulai;"
    "顺兴 Shunxing;永和 Yonghe;德昌 Dechang;同心 Tongxin;金桂 Jingui;百川 Baichuan;家家乐 Jiajiale;好邻居 Haolinju;吉祥 Jixiang;春风 Chunfeng;"
    "桃园 Taoyuan;松鹤 Songhe;白鹭 Bailu;海晏 Haiyan;文昌 Wenchang;状元 Zhuangyuan;小巷 Xiaoxiang;阿婆 Apo;老宋 Laosong;二姐 Erjie;大海 Dahai;"
    "晨曦 Chenxi;星辰 Xingchen;云帆 Yunfan;博雅 Boya;正和 Zhenghe;恒信 Hengxin;四海 Sihai;嘉禾 Jiahe;瑞丰 Ruifeng;万家 Wanjia;双喜 Shuangxi;"
    "绿叶 Lvye;蓝鲸 Lanjing;青竹 Qingzhu;红枫 Hongfeng;紫云 Ziyun;橘子 Juzi;稻香 Daoxiang;荷塘 Hetang"
)
_BRANDS = tuple(tuple(x.split()) for x in _BRAND_TEXT.split(";"))


@dataclass
class Unit:
    """An enterprise or institution."""

    id: str
    zh: str
    en: str
    kind: str
    point: XY
    community: str
    building: str
    night: int = 0
    workday: int = 0
    holiday: int = 0
    children: int = 0
    hazardous: bool = False
    extra: dict[str, str] = field(default_factory=dict)


# slug of the grounds, unit kind, Chinese, English, night, workday, holiday, children, dangerous goods
_INSTITUTIONS: tuple[tuple[str, str, str, str, int, int, int, int, bool], ...] = (
    ("no1-primary", "school", "明泽湖第一小学", "Mingze Lake No. 1 Primary School", 2, 1004, 4, 940, False),
    ("no2-primary", "school", "明泽湖第二小学", "Mingze Lake No. 2 Primary School", 2, 1310, 4, 1225, False),
    ("xinqiao-school", "school", "新桥学校", "Xinqiao School", 3, 1388, 5, 1290, False),
    ("middle-school", "school", "明泽湖中学", "Mingze Lake Middle School", 4, 1236, 6, 1130, False),
    ("hubin-kindergarten", "kindergarten", "湖滨幼儿园", "Hubin Kindergarten", 1, 248, 1, 214, False),
    ("gulou-kindergarten", "kindergarten", "鼓楼幼儿园", "Gulou Kindergarten", 1, 221, 1, 190, False),
    ("wanghai-kindergarten", "kindergarten", "望海幼儿园", "Wanghai Kindergarten", 1, 262, 1, 226, False),
    ("xinqiao-kindergarten", "kindergarten", "新桥幼儿园", "Xinqiao Kindergarten", 1, 236, 1, 204, False),
    ("mingquan-kindergarten", "kindergarten", "明泉幼儿园", "Mingquan Kindergarten", 1, 283, 1, 245, False),
    ("nanshan-kindergarten", "kindergarten", "南山幼儿园", "Nanshan Kindergarten", 1, 254, 1, 220, False),
    ("mingze-hospital", "clinic", "明泽湖医院", "Mingze Lake Hospital", 168, 462, 230, 0, False),
    ("health-centre", "clinic", "明泽湖街道社区卫生服务中心", "Mingze Lake Community Health Centre", 6, 118, 42, 0, False),
    ("songhe-care-home", "care_home", "松鹤养老院", "Songhe Care Home", 136, 168, 150, 0, False),
    ("street-office", "government", "明泽湖街道办事处", "Mingze Lake Sub-district Office", 4, 126, 9, 0, False),
    ("police-station", "government", "明泽湖派出所", "Mingze Lake Police Station", 14, 46, 20, 0, False),
    ("fire-station", "government", "明泽湖消防救援站", "Mingze Lake Fire Station", 32, 36, 32, 0, False),
    ("culture-centre", "culture", "明泽湖文化活动中心", "Mingze Lake Culture Centre", 1, 64, 130, 0, False),
    ("education-base", "culture", "望海民防教育基地", "Wanghai Civil Defence Education Base", 1, 48, 70, 0, False),
    ("gulou-market", "market", "鼓楼农贸市场", "Gulou Market", 6, 260, 380, 0, False),
    ("xinqiao-market", "market", "新桥菜市场", "Xinqiao Market", 3, 130, 180, 0, False),
    ("taoyuan-market", "market", "桃园菜市场", "Taoyuan Market", 3, 140, 190, 0, False),
    ("mingze-mall", "shop", "明泽商场", "Mingze Department Store", 6, 240, 520, 0, False),
    ("renmin-plaza", "shop", "人民商业广场", "Renmin Plaza", 8, 420, 900, 0, False),
    ("lakeside-hotel", "hotel", "湖滨宾馆", "Lakeside Hotel", 150, 88, 190, 0, False),
    ("textile-mill", "factory", "明泽纺织厂", "Mingze Textile Mill", 64, 318, 52, 0, False),
    ("food-works", "factory", "湖光食品厂", "Huguang Food Works", 28, 164, 40, 0, True),
    ("machine-works", "factory", "新桥机械厂", "Xinqiao Machine Works", 12, 205, 14, 0, True),
    ("logistics-park", "warehouse", "西环物流仓库", "Xihuan Logistics Warehouse", 16, 96, 40, 0, False),
    ("xihuan-fuel-station", "fuel_station", "西环加油站", "Xihuan Fuel Station", 3, 14, 16, 0, True),
    ("gas-station", "gas_station", "西环燃气调压站", "Xihuan Gas Regulating Station", 1, 4, 2, 0, True),
    ("water-works", "utility", "东环给水加压站", "Donghuan Pumping Station", 1, 6, 2, 0, False),
    ("wanghai-stadium", "culture", "望海体育场管理中心", "Wanghai Sports Ground Office", 1, 40, 160, 0, False),
)  # fmt: skip


def draw(town: Town, offices: dict[str, Building]) -> list[Unit]:
    """Exactly `UNITS` units.

    Parameters
    ----------
    town
        The town with its buildings.
    offices
        Building of each community's residents' committee, by community name.
    """
    rng = Random("civdef sample units")
    out: list[Unit] = []
    for slug, kind, zh, en, night, workday, holiday, children, hazardous in _INSTITUTIONS:
        b = main_building(town, slug)
        out.append(
            Unit(
                f"unit/{slug}",
                zh,
                en,
                kind,
                _inside(b),
                b.community,
                b.id,
                night,
                workday,
                holiday,
                children,
                hazardous,
            )
        )
    names = {
        "wanghai": "望海",
        "hubin": "湖滨",
        "gulou": "鼓楼",
        "xinqiao": "新桥",
        "mingquan": "明泉",
        "nanshan": "南山",
    }
    for key in sorted(offices):
        b = offices[key]
        out.append(
            Unit(
                f"unit/community-{key}",
                f"{names[key]}社区居民委员会",
                f"{key.capitalize()} Residents' Committee",
                "government",
                _inside(b),
                b.community,
                b.id,
                1,
                16,
                4,
            )
        )
    slots = _slots(town, {b.id for b in offices.values()})
    brands = {t[1]: itertools.cycle(rng.sample(_BRANDS, len(_BRANDS))) for t in _TRADES}
    rounds: dict[tuple[str, str], int] = {}
    left = dict(_RARE)
    order = _choose(slots, UNITS - len(out), rng)
    for n, (b, point, office) in enumerate(order, start=1):
        trades = _OFFICE_TRADES if office else _STREET_TRADES
        while True:
            trade = rng.choice(trades)
            if trade[1] not in left or left[trade[1]] > 0:
                break
        if trade[1] in left:
            left[trade[1]] -= 1
        brand = next(brands[trade[1]])
        rounds[(brand[0], trade[1])] = used = rounds.get((brand[0], trade[1]), 0) + 1
        zh = f"{brand[0]}{trade[1]}" + (f"({_NUMERALS[used - 2]}分店)" if used > 1 else "")
        en = f"{brand[1]} {trade[2]}" + (f" (branch {used})" if used > 1 else "")
        night, workday, holiday = (rng.randint(*r) for r in trade[3:6])
        out.append(
            Unit(
                f"unit/{n:04d}",
                zh,
                en,
                trade[0],
                point,
                b.community,
                b.id,
                night,
                workday,
                holiday,
                0,
                trade[6],
            )
        )
    return sorted(out, key=lambda u: u.id)


_NUMERALS = "二三四五六七八九"


def _inside(b: Building) -> XY:
    p = b.shape.representative_point()
    return rounded((p.x, p.y))


def _slots(town: Town, taken: set[str]) -> dict[str, list[tuple[Building, XY, bool]]]:
    """Places for units: bays of shops, floors of offices; by building."""
    out: dict[str, list[tuple[Building, XY, bool]]] = {}
    for b in town.buildings:
        if b.id in taken or b.use not in ("shop", "office"):
            continue
        ring = list(b.shape.exterior.coords)
        a = Point((ring[0][0] + ring[3][0]) / 2, (ring[0][1] + ring[3][1]) / 2)
        c = Point((ring[1][0] + ring[2][0]) / 2, (ring[1][1] + ring[2][1]) / 2)
        axis = LineString([a, c])
        office = b.use == "office"
        big = b.shape.area > 900
        count = min(40, b.floors * 2) if office else max(1, int(axis.length // (6.5 if not big else 3.0)))
        found = []
        for k in range(count):
            p = axis.interpolate((k + 0.5) / count, normalized=True)
            found.append((b, rounded((p.x, p.y)), office or (big and k % 3 == 2)))
        out[b.id] = found
    return out


def _choose(
    slots: dict[str, list[tuple[Building, XY, bool]]], wanted: int, rng: Random
) -> list[tuple[Building, XY, bool]]:
    """One unit in every building first, the rest by lot."""
    first, rest = [], []
    for key in sorted(slots):
        places = slots[key]
        first.append(places[len(places) // 2])
        rest += [p for k, p in enumerate(places) if k != len(places) // 2]
    rng.shuffle(first)
    rng.shuffle(rest)
    chosen = (first + rest)[:wanted]
    if len(chosen) < wanted:
        raise ValueError("too few places for units")
    return sorted(chosen, key=lambda c: (c[0].id, c[1]))
