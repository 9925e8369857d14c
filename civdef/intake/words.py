"""What offices write in their columns → the words of civdef: uses of buildings, kinds of posts, yes and no, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

YES = {"yes", "true", "1", "1.0", "y", "t", "是", "有", "√", "✓", "对", "室内", "室內"}
NO = {"no", "false", "0", "0.0", "n", "f", "否", "无", "無", "没有", "×", "x", "-"}

USES: dict[str, tuple[str, ...]] = {
    "kindergarten": ("幼儿园", "托儿所", "幼稚園"),
    "school": ("学校", "教育", "小学", "中学", "大学", "學校", "学校用地", "college", "university"),
    "health": ("医院", "医疗", "卫生", "诊所", "hospital", "clinic", "医疗卫生"),
    "care_home": ("养老", "敬老院", "福利院", "nursing_home"),
    "government": ("政府", "行政", "机关", "办公机关", "public", "civic", "townhall", "公共管理"),
    "culture": ("文化", "图书馆", "博物馆", "宗教", "church", "temple", "mosque", "文化设施"),
    "sport": ("体育", "体育馆", "sports_centre", "stadium", "体育设施"),
    "industry": ("工业", "厂房", "工厂", "industrial", "factory", "工业用地", "厂矿"),
    "store": ("仓库", "仓储", "库房", "warehouse", "物流"),
    "utility": ("市政", "公用设施", "变电站", "泵站", "service", "transformer_tower"),
    "office": ("办公", "写字楼", "商务", "办公楼", "offices"),
    "shop": ("商业", "商铺", "商店", "商场", "零售", "retail", "commercial", "supermarket", "商业服务"),
    "residential": (
        "住宅", "居住", "民居", "居民楼", "宿舍", "公寓", "商住", "house", "apartments", "apartment", "detached", "terrace",
        "dormitory", "居住用地", "住宅楼", "民房", "自建房",
    ),
}  # fmt: skip

ROADS: dict[str, tuple[str, ...]] = {
    "primary": ("快速路", "主干路", "主干道", "城市主干路", "国道", "一级公路", "高速公路"),
    "secondary": ("次干路", "次干道", "城市次干路", "省道", "二级公路"),
    "tertiary": ("支路", "城市支路", "县道", "三级公路"),
    "residential": ("街巷", "巷", "里弄", "胡同", "居住区道路", "小区路", "乡道", "村道"),
    "service": ("内部道路", "消防通道", "便道"),
    "footway": ("人行道", "步行街", "步道", "人行天桥", "人行通道"),
    "steps": ("台阶", "梯道", "踏步"),
    "track": ("机耕路", "土路", "山路"),
}

UNITS: dict[str, tuple[str, ...]] = {
    "kindergarten": ("幼儿园", "托儿所"),
    "school": ("学校", "小学", "中学", "教育", "培训"),
    "clinic": ("医院", "诊所", "卫生", "医疗", "药店", "pharmacy", "hospital", "doctors"),
    "care_home": ("养老", "敬老院", "福利院"),
    "fuel_station": ("加油站", "加油加气", "fuel"),
    "gas_station": ("燃气站", "液化气", "调压站", "燃气"),
    "restaurant": ("餐饮", "饭店", "餐馆", "食堂", "cafe", "fast_food"),
    "hotel": ("宾馆", "酒店", "旅馆", "民宿", "guest_house"),
    "market": ("市场", "农贸市场", "菜市场", "marketplace"),
    "warehouse": ("仓库", "仓储", "物流", "危化品仓库"),
    "factory": ("工厂", "工业", "制造", "厂"),
    "government": ("政府", "机关", "行政", "事业单位", "社区服务"),
    "culture": ("文化", "图书馆", "宗教", "影院", "ktv", "网吧"),
    "utility": ("水务", "供电", "变电站", "泵站", "市政", "公用"),
    "office": ("写字楼", "办公", "商务", "公司", "金融", "bank", "银行", "企业"),
    "shop": ("商店", "超市", "商铺", "商场", "零售", "supermarket", "convenience"),
    "service": ("服务", "理发", "维修", "快递"),
}

POSTS: dict[str, tuple[str, ...]] = {
    "command_room": ("指挥所", "指挥室", "指挥中心", "应急指挥"),
    "communications_room": ("通信室", "通讯室", "通信枢纽", "机要室"),
    "community_office": ("社区居委会", "居委会", "社区服务", "党群服务", "村委会"),
    "police": ("派出所", "公安", "警务", "警务室", "治安"),
    "fire": ("消防站", "消防", "微型消防站", "fire_station"),
    "medical": (
        "医院",
        "卫生服务",
        "医疗点",
        "卫生院",
        "卫生站",
        "急救",
        "诊所",
        "hospital",
        "clinic",
        "doctors",
    ),
    "store": ("物资库", "仓库", "物资", "储备", "库房"),
    "duty": ("值班", "值守", "岗亭", "门岗"),
    "assembly": ("集合点", "集结", "集中点", "疏散集合"),
    "pick_up": ("乘车点", "上车点", "接送点"),
    "education": ("宣教", "教育基地", "宣传"),
    "hydrant": ("消火栓", "消防栓", "fire_hydrant"),
}

LANDMARKS: dict[str, tuple[str, ...]] = {
    "river": ("河", "河流", "江", "溪", "渠", "river", "stream", "canal"),
    "lake": ("湖", "水库", "池塘", "水体", "水面", "water", "pond", "reservoir"),
    "sea": ("海", "海洋", "海湾", "bay"),
    "hill": ("山", "丘陵", "山体", "peak"),
    "wood": ("林", "林地", "森林", "forest"),
    "farmland": ("农田", "耕地", "farm"),
    "square": ("广场", "plaza"),
    "park": ("公园", "绿地", "公共绿地", "garden", "grass"),
}

SCENERY = (
    *LANDMARKS, "pond", "canal", "reservoir", "basin", "lagoon", "stream", "moat", "oxbow", "green", "garden", "playground", "pitch", "track",
    "stadium", "peak",
)  # fmt: skip
"""Kinds of scenery that a layer of civdef may hold already, and keeps."""

SHELTER_CLASSES: dict[str, tuple[str, ...]] = {
    "air_raid": ("人防", "防空", "人员掩蔽", "掩蔽", "地下人防"),
    "central": ("中心避难", "中心"),
    "long_term": ("长期", "固定长期"),
    "medium_term": ("中期",),
    "short_term": ("短期", "固定"),
    "emergency": ("紧急", "临时", "应急"),
}

HAZARDS: dict[str, tuple[str, ...]] = {
    "earthquake": ("地震", "震灾", "震災"),
    "flood": ("洪水", "洪涝", "内涝", "水灾", "水災", "防汛", "淹水"),
    "typhoon": ("台风", "颱風", "风灾", "風災", "防台"),
    "landslide": ("滑坡", "泥石流", "地质灾害", "土石流", "坡地", "崩塌"),
    "urban_fire": ("火灾", "火災", "建筑火灾"),
    "forest_fire": ("森林火灾", "山火"),
    "air_raid": ("空袭", "防空", "人防", "战时"),
    "snow_ice": ("雪灾", "低温", "冰冻", "寒潮"),
    "hazmat_gas": ("危化品", "燃气", "化学", "毒气"),
    "epidemic": ("疫情", "传染病"),
}
"""What a register says a place is for → kinds of hazard."""


def code(value: Any, words: Mapping[str, Iterable[str]], known: Iterable[str]) -> str | None:
    """Return the civdef word for what a cell says: itself if it is one, else by the words; None if it fits nothing.

    A cell that equals a word goes first; after that one that contains a Chinese word, the longest such word first.
    """
    text = _plain(value)
    if not text:
        return None
    for name in known:
        if text == name:
            return name
    pairs = [(w, name) for name, written in words.items() for w in written]
    for word, name in pairs:
        if text == word.casefold():
            return name
    inside = [(len(w), -i, name) for i, (w, name) in enumerate(pairs) if not w.isascii() and w in text]
    return max(inside)[2] if inside else None


def listed(
    value: Any, words: Mapping[str, Iterable[str]], known: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Return the civdef words in a list such as ``水灾,地震`` without repeats, and the items that fit nothing."""
    items = value if isinstance(value, list | tuple) else re.split(r"[,;，；、/|\s]+", _plain(value))
    found: list[str] = []
    unknown: list[str] = []
    for item in items:
        if not str(item).strip():
            continue
        name = code(item, words, known)
        if name is None:
            unknown.append(str(item).strip())
        elif name not in found:
            found.append(name)
    return found, unknown


def yes(value: Any) -> bool | None:
    """Return whether a cell says yes; None where it says neither yes nor no."""
    text = _plain(value)
    if text in YES:
        return True
    return False if text in NO else None


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip().casefold() if value is not None else ""
