"""Names that offices, planning bureaux and map services give to columns; tried where the user names none."""

from __future__ import annotations

NAME: dict[str, tuple[str, ...]] = {
    "name": (
        "名称", "名字", "NAME", "中文名", "标注名称", "标准名称", "名稱", "单位名称", "MC", "地名",
    ),
    "name_zh": ("name:zh", "中文名称", "name_cn", "cname"),
    "name_en": ("name:en", "英文名称", "英文名", "ename"),
}  # fmt: skip
"""Of every layer."""

ID: tuple[str, ...] = ("编号", "编码", "唯一编号", "标识码", "BSM", "osm_id", "GUID")
"""Columns of lasting numbers. 序号 is none: it counts the rows of a list, and changes when the list is sorted anew."""

COMMUNITIES = {
    "id": (),
    **NAME,
    "name": ("社区名称", "社区", "居委会", "社区名", "SQMC", "行政村名称", "村里", *NAME["name"]),
    "code": ("社区代码", "统计用区划代码", "区划代码", "行政区划代码", "区划码", "XZQDM", "SQDM"),
    "as_of": ("名单日期", "数据年份", "数据日期", "截止日期"),
}

COMPOUNDS = {
    "id": ID,
    **NAME,
    "name": ("小区名称", "小区", "院落名称", "住宅小区", *NAME["name"]),
    "owners_committee": ("业委会", "是否有业委会", "业主委员会"),
    "property_firm": ("物业公司", "物业", "物业服务企业", "物业单位"),
}

GATES = {
    "id": ID,
    **NAME,
    "name": ("出入口名称", "大门名称", "门名", *NAME["name"]),
    "width_m": ("净宽", "宽度", "门宽", "width"),
    "locked": ("是否上锁", "上锁", "常闭", "平时关闭"),
    "compound": ("所属小区标识",),
}

ENTRANCES = {
    "id": ID,
    **NAME,
    "name": ("入口名称", "出入口名称", *NAME["name"]),
    "width_m": ("净宽", "宽度", "门宽", "width"),
    "step_free": ("无障碍", "无台阶", "坡道"),
    "shelter": ("所属场所标识",),
}

BUILDINGS = {
    "id": (*ID, "楼栋编号", "建筑编号", "FWBM", "bid", "uid"),
    **NAME,
    "name": ("楼栋名称", "房屋名称", "建筑名称", "建筑物名称", "楼栋", "楼名", *NAME["name"]),
    "use": ("用途", "房屋用途", "建筑用途", "使用性质", "建筑类型", "房屋类型", "功能", "building", "fclass", "type", "YT"),
    "floors": (
        "层数", "楼层数", "地上层数", "总层数", "楼层", "建筑层数", "floor", "levels", "building:levels", "storeys", "CS", "FLOORS",
    ),
    "basement_floors": ("地下层数", "building:levels:underground"),
    "stairwells": ("单元数", "楼道数"),
    "year_built": ("建成年份", "建造年代", "建成年代", "竣工年份", "year"),
    "persons_declared": ("居住人数", "居住人口", "常住人口", "人数", "人口"),
}  # fmt: skip

ROADS = {
    "id": (*ID, "道路编号", "LDID", "link_id"),
    **NAME,
    "name": ("道路名称", "路名", "街道名称", "道路名", "DLMC", *NAME["name"]),
    "kind": (
        "道路等级", "等级", "道路类型", "道路级别", "类型", "highway", "fclass", "road_class", "link_type", "type", "class", "DLDJ",
    ),
    "width_m": ("宽度", "路宽", "道路宽度", "路面宽度", "红线宽度", "width"),
    "lanes": ("车道数", "车道", "lane", "lanes_ab"),
    "oneway": ("单行", "单行线", "是否单行", "通行方向", "oneway", "direction", "one_way"),
    "layer": ("层级", "立交层级", "layer"),
    "bridge": ("桥", "桥梁", "是否桥梁", "bridge"),
    "tunnel": ("隧道", "是否隧道", "tunnel"),
    "speed_kmh": ("限速", "设计速度", "设计车速", "maxspeed", "speed", "speed_ab"),
}  # fmt: skip

SHELTERS = {
    "id": (*ID, "场所编号"),
    **NAME,
    "name": ("场所名称", "避难场所名称", "避难所名称", "避难收容处所名称", "避難收容處所名稱", "避难场所", "P20_002", *NAME["name"]),
    "class": ("场所类型", "避难场所类型", "类型", "类别", "级别", "避难场所级别"),
    "hazards": ("适用灾种", "灾种", "适用灾害", "适用灾害类别", "適用災害類別", "主要功能"),
    "places": (
        "容纳人数", "可容纳人数", "设计容纳人数", "避难容量", "容量", "收容人数", "预计收容人数", "預計收容人數", "避难人数", "capacity",
        "P20_005",
    ),
    "area_m2": ("有效面积", "有效避难面积", "避难面积", "面积", "占地面积", "area", "P20_006"),
    "indoor": ("室内", "室內", "是否室内", "indoor"),
    "barrier_free": ("无障碍", "无障碍设施", "適合避難弱者安置", "适合避难弱者安置", "wheelchair"),
    "barrier_free_places": ("无障碍床位", "无障碍人数"),
}  # fmt: skip

HAZARD = {
    "id": (),
    **NAME,
    "depth_m": ("淹没深度", "水深", "积水深度", "最大水深", "depth"),
    "intensity": ("烈度", "地震烈度", "强度", "intensity"),
    "from_min": ("到达时间", "开始时间", "提前量"),
}

SIRENS = {
    "id": ID,
    **NAME,
    "name": ("警报点名称", "警报器名称", "安装地点", "安装位置", *NAME["name"]),
    "level_dbc": ("声级", "声压级", "分贝", "音量", "dB"),
}

POSTS = {
    "id": ID,
    **NAME,
    "name": ("点位名称", "机构名称", *NAME["name"]),
    "kind": ("类别", "类型", "点位类型", "机构类型", "amenity", "fclass", "type"),
    "phone": ("电话", "联系电话", "值班电话", "phone", "tel"),
}

UNITS = {
    "id": (*ID, "统一社会信用代码"),
    **NAME,
    "name": ("单位名称", "企业名称", "商户名称", "店名", *NAME["name"]),
    "kind": ("单位类别", "类别", "行业", "行业类别", "单位类型", "类型", "amenity", "shop", "fclass", "type"),
    "night_persons": ("夜间人数", "夜间在岗"),
    "workday_persons": ("从业人数", "员工人数", "职工人数", "工作日人数", "人数", "从业人员"),
    "holiday_persons": ("节假日人数", "假日人数"),
    "children": ("学生人数", "学生数", "在校生", "在园幼儿"),
    "hazardous": ("危化品", "是否危化", "危险源", "重大危险源"),
}

LANDMARKS = {
    "id": ID,
    **NAME,
    "kind": ("类别", "类型", "地物类型", "natural", "landuse", "leisure", "water", "fclass", "type"),
}
