"""What stands where: the uses of the blocks, given by a point in each."""

from __future__ import annotations

from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split

from tools.make_sample.frontage import Houses
from tools.make_sample.geometry import XY, Frame, block_angle, largest, polygons
from tools.make_sample.names import COMPOUNDS
from tools.make_sample.town import Block, Town

Place = tuple[str, str, str, str]

PLACES: dict[XY, Place] = {
    (-184, 174): ("school", "no1-primary", "明泽湖第一小学", "Mingze Lake No. 1 Primary School"),
    (707, -390): ("school", "no2-primary", "明泽湖第二小学", "Mingze Lake No. 2 Primary School"),
    (819, 287): ("school", "middle-school", "明泽湖中学", "Mingze Lake Middle School"),
    (-682, -405): ("school", "xinqiao-school", "新桥学校", "Xinqiao School"),
    (-826, 575): ("park", "west-lake-park", "湖滨公园", "Hubin Lakeside Park"),
    (-42, 598): ("park", "wharf-park", "古码头公园", "Old Wharf Park"),
    (396, 498): ("park", "wanghai-park", "望海公园", "Wanghai Park"),
    (19, -160): ("park", "peoples-park", "人民公园", "People's Park"),
    (28, -503): ("park", "mingquan-park", "明泉公园", "Mingquan Spring Park"),
    (877, -414): ("park", "taoyuan-park", "桃园公园", "Taoyuan Park"),
    (555, -614): ("park", "nanshan-park", "南山公园", "Nanshan Park"),
    (-836, 220): ("park", "xihuan-green", "西环绿园", "Xihuan Green"),
    (-815, -529): ("park", "xinqiao-park", "新桥公园", "Xinqiao Park"),
    (199, -77): ("square", "peoples-square", "人民广场", "People's Square"),
    (-698, -68): ("square", "xinqiao-square", "新桥广场", "Xinqiao Square"),
    (0, 342): ("square", "gulou-square", "鼓楼广场", "Drum Tower Square"),
    (840, 89): ("square", "wanghai-square", "望海广场", "Wanghai Square"),
    (961, 319): ("stadium", "wanghai-stadium", "望海体育场", "Wanghai Sports Ground"),
    (-77, -21): ("civic", "street-office", "明泽湖街道办事处", "Mingze Lake Sub-district Office"),
    (68, 36): ("mall", "mingze-mall", "明泽商场", "Mingze Department Store"),
    (235, 109): ("mall", "renmin-plaza", "人民商业广场", "Renmin Plaza"),
    (460, 127): ("office", "wanghai-tower", "望海大厦", "Wanghai Tower"),
    (542, -89): ("office", "mingze-centre", "明泽中心", "Mingze Centre"),
    (110, 325): ("market", "gulou-market", "鼓楼农贸市场", "Gulou Market"),
    (15, -358): ("hospital", "mingze-hospital", "明泽湖医院", "Mingze Lake Hospital"),
    (294, 428): ("culture", "education-base", "望海民防教育基地", "Wanghai Civil Defence Education Base"),
    (703, -267): ("civic", "fire-station", "明泽湖消防救援站", "Mingze Lake Fire Station"),
    (-996, -97): ("industry", "textile-mill", "明泽纺织厂", "Mingze Textile Mill"),
    (-991, -247): ("industry", "food-works", "湖光食品厂", "Huguang Food Works"),
    (-987, -374): ("industry", "machine-works", "新桥机械厂", "Xinqiao Machine Works"),
    (-950, -526): ("industry", "logistics-park", "西环物流仓库", "Xihuan Logistics Warehouse"),
    (-274, 454): ("oldtown", "shuixiang-quarter", "水巷", "Water Lane Quarter"),
    (-158, 456): ("oldtown", "chenghuang-quarter", "城隍里", "City God Quarter"),
    (-27, 430): ("oldtown", "xie-street-quarter", "斜街里", "Xie Street Quarter"),
    (52, 482): ("oldtown", "wharf-quarter", "码头里", "Wharf Quarter"),
    (131, 442): ("oldtown", "wenmiao-quarter", "文庙里", "Wenmiao Quarter"),
    (-23, 203): ("oldtown", "gulou-quarter", "鼓楼里", "Drum Tower Quarter"),
    (114, 194): ("oldtown", "dongmen-quarter", "东门里", "East Gate Quarter"),
    (-977, 373): ("tower", "", "", ""),
    (-631, 359): ("tower", "", "", ""),
    (-433, 460): ("mid", "", "", ""),
    (-532, 67): ("mid", "", "", ""),
    (296, 296): ("mid", "", "", ""),
    (445, 317): ("mid", "", "", ""),
    (683, 282): ("tower", "", "", ""),
    (974, 92): ("mid", "", "", ""),
    (364, -85): ("tower", "", "", ""),
    (336, -233): ("mid", "", "", ""),
    (870, -123): ("tower", "", "", ""),
    (-110, -192): ("mid", "", "", ""),
    (692, -57): ("mid", "", "", ""),
    (989, -515): ("mid", "", "", ""),
    (-356, 39): ("open-slab", "", "", ""),
    (-295, 192): ("old-slab", "", "", ""),
    (-210, 329): ("open-slab", "", "", ""),
    (-56, 82): ("old-slab", "", "", ""),
    (-214, 33): ("slab", "", "", ""),
    (-856, -136): ("old-slab", "", "", ""),
    (-843, -367): ("old-slab", "", "", ""),
    (-655, -589): ("old-slab", "", "", ""),
    (-710, -208): ("open-slab", "", "", ""),
    (-238, -201): ("old-slab", "", "", ""),
    (-991, 74): ("old-slab", "", "", ""),
    (570, 298): ("old-slab", "", "", ""),
    (705, 102): ("slab", "", "", ""),
}
"""A point in the block: its kind, and slug and names where it is not a housing compound."""

# Parts cut off a block: a point in it, which end, how much of it, and what stands there.
CARVED: tuple[tuple[XY, str, float, Place], ...] = (
    ((-822, 356), "W", 0.28, ("kindergarten", "hubin-kindergarten", "湖滨幼儿园", "Hubin Kindergarten")),
    ((-356, 39), "S", 0.34, ("kindergarten", "gulou-kindergarten", "鼓楼幼儿园", "Gulou Kindergarten")),
    ((570, 298), "N", 0.30, ("kindergarten", "wanghai-kindergarten", "望海幼儿园", "Wanghai Kindergarten")),
    ((-655, -589), "E", 0.30, ("kindergarten", "xinqiao-kindergarten", "新桥幼儿园", "Xinqiao Kindergarten")),
    (
        (208, -362),
        "W",
        0.36,
        ("kindergarten", "mingquan-kindergarten", "明泉幼儿园", "Mingquan Kindergarten"),
    ),
    ((528, -418), "N", 0.26, ("kindergarten", "nanshan-kindergarten", "南山幼儿园", "Nanshan Kindergarten")),
    ((-398, -490), "S", 0.32, ("care", "songhe-care-home", "松鹤养老院", "Songhe Care Home")),
    ((703, -162), "W", 0.42, ("civic", "police-station", "明泽湖派出所", "Mingze Lake Police Station")),
    (
        (-110, -192),
        "S",
        0.32,
        ("hospital", "health-centre", "明泽湖街道社区卫生服务中心", "Mingze Lake Community Health Centre"),
    ),
    ((-649, 509), "W", 0.45, ("hotel", "lakeside-hotel", "湖滨宾馆", "Lakeside Hotel")),
    ((-991, 74), "S", 0.30, ("fuel", "xihuan-fuel-station", "西环加油站", "Xihuan Fuel Station")),
    ((-987, -374), "S", 0.30, ("utility", "gas-station", "西环燃气调压站", "Xihuan Gas Regulating Station")),
    (
        (-677, 72),
        "S",
        0.30,
        ("culture", "culture-centre", "明泽湖文化活动中心", "Mingze Lake Culture Centre"),
    ),
    ((1013, -127), "S", 0.30, ("market", "taoyuan-market", "桃园菜市场", "Taoyuan Market")),
    ((-568, -119), "W", 0.48, ("market", "xinqiao-market", "新桥菜市场", "Xinqiao Market")),
    ((957, -302), "N", 0.20, ("utility", "water-works", "东环给水加压站", "Donghuan Pumping Station")),
)

FRONT: dict[str, Houses] = {
    "housing": Houses(),
    "old-slab": Houses(floors=(2, 3, 4, 5), years=(1974, 1995)),
    "tower": Houses(floors=(2, 2, 3), years=(2004, 2018), flats=0),
    "mid": Houses(floors=(2, 2, 3), years=(2002, 2016), flats=0),
    "market": Houses(floors=(2, 3), flats=0),
    "foothill": Houses("residential", (1, 2, 2, 3), (11.0, 17.0), 9.5, 2, 1, 1, (1958, 1992), "h"),
}

FOOTHILL: tuple[XY, ...] = ((-681, -700), (-280, -659), (200, -679), (662, -795))
"""Hill blocks with houses along the foot of the hill."""


def assign(town: Town) -> None:
    """Give every block its kind, slug and names."""
    for (x, y), (kind, slug, zh, en) in PLACES.items():
        block = block_at(town, (x, y))
        block.kind, block.slug, block.zh, block.en = kind, slug, zh, en
    for at, end, share, place in CARVED:
        _carve(town, block_at(town, at), end, share, place)
    counters = {c: iter(names) for c, names in COMPOUNDS.items()}
    for block in sorted(town.blocks, key=lambda b: (round(b.face.centroid.x / 50), b.face.centroid.y)):
        if block.kind in ("urban", "oldtown") and not block.slug:
            block.kind = "slab"
        if block.kind in ("bank", "lakeside", "hill") or block.slug:
            continue
        community = town.community_of(block.face.representative_point()).split("/")[1]
        block.slug, block.zh, block.en = next(counters[community])


def block_at(town: Town, at: XY) -> Block:
    """The block at a point (the nearest one if it falls on a street)."""
    spot = Point(at)
    return min(town.blocks, key=lambda b: (b.ground.distance(spot), b.face.distance(spot), b.face.area))


def _carve(town: Town, block: Block, end: str, share: float, place: Place) -> None:
    ground = block.ground
    frame = Frame(block_angle(ground, 30.0), ground.centroid.coords[0])
    x0, y0, x1, y1 = frame.polygon_inside(ground).bounds
    t = share if end in "WS" else 1 - share
    if end in "WE":
        x = x0 + (x1 - x0) * t
        knife = [(x, y0 - 20), (x, y1 + 20)]
    else:
        y = y0 + (y1 - y0) * t
        knife = [(x0 - 20, y), (x1 + 20, y)]
    parts = polygons(split(ground, LineString([frame.outside(p) for p in knife])))
    centre = {
        "W": lambda p: p.centroid.x, "E": lambda p: -p.centroid.x,
        "S": lambda p: p.centroid.y, "N": lambda p: -p.centroid.y,
    }[end]  # fmt: skip
    parts.sort(key=centre)
    cut, rest = parts[0], largest(_union(parts[1:]))
    kind, slug, zh, en = place
    block.ground = rest.buffer(-0.8, join_style="mitre")
    town.blocks.append(Block(block.face, largest(cut.buffer(-0.8, join_style="mitre")), kind, slug, zh, en))


def _union(parts: list[Polygon]) -> Polygon:
    return max(parts, key=lambda p: p.area)
