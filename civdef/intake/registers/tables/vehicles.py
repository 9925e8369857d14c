"""Vehicles that may be used."""

import re

from civdef.intake.registers.columns import Column, Kind, Table, by, choices
from civdef.intake.registers.draft import Draft
from civdef.text import Text

KINDS = choices([
    ("bus", "大客车", "bus", ("客车", "大巴", "公交车", "大型客车", "coach")),
    ("minibus", "中型客车", "minibus", ("中巴", "中客", "考斯特")),
    ("van", "面包车", "van", ("小型客车", "商务车", "七座车", "MPV", "无障碍面包车")),
    ("ambulance", "救护车", "ambulance", ("急救车", "120救护车")),
    ("car", "轿车", "car", ("小汽车", "小轿车", "越野车", "SUV", "公务车", "巡逻车")),
    ("truck", "货车", "truck", ("卡车", "皮卡", "运输车", "轻型货车", "lorry")),
    ("loader", "装载机", "loader", ("铲车", "挖掘机")),
    ("tanker", "水罐车", "tanker", ("洒水车", "送水车", "水车")),
    ("fire_engine", "消防车", "fire engine", ("微型消防车",)),
    ("motorcycle", "摩托车", "motorcycle", ("电动车",)),
    ("other", "其他", "other", ("其它",)),
])  # fmt: skip

_PLATE = re.compile(r"[\u4e00-\u9fff][A-Za-z][·・.\s-]?[A-Za-z0-9]{5,6}")


def _settle(draft: Draft) -> None:
    plate = draft.values.get("plate", "")
    if plate and _PLATE.fullmatch(plate):
        bare = re.sub(r"[·・.\s-]", "", plate).upper()
        draft.values["plate"] = f"{bare[:2]}·{bare[2:]}"
    if not draft.values.get("name_zh") and not draft.values.get("name_en") and plate:
        draft.values["name_zh"] = draft.values["plate"]


TABLE = Table(
    name="vehicles",
    kind="vehicle",
    file="plans/vehicles.csv",
    title=Text("车辆", "Vehicles"),
    columns=(
        Column(
            "id",
            Kind.ID,
            Text("编号", "Id"),
            Text("车辆编号；新车辆留空，导入时自动编号。", "Id of the vehicle; leave it empty for a new one."),
            ("车辆编号", "vehicle id"),
        ),
        Column(
            "name_zh",
            Kind.TEXT,
            Text("名称", "Name (Chinese)"),
            Text("车辆名称，如 应急指挥车1号；不填则用车牌号。", "Chinese name; the plate where there is none."),
            ("车辆名称", "车名", "车辆", "name", "vehicle"),
            required=True,
        ),
        Column(
            "name_en",
            Kind.TEXT,
            Text("英文名称", "Name (English)"),
            Text("英文名称，可不填。", "English name, may be empty."),
            ("英文名", "english name"),
        ),
        Column(
            "plate",
            Kind.TEXT,
            Text("车牌号", "Plate"),
            Text("车牌号码。", "Registration number."),
            ("车牌", "号牌", "车牌号码", "车号", "牌照", "plate number", "registration", "licence plate"),
        ),
        Column(
            "kind",
            Kind.CHOICE,
            Text("车型", "Kind"),
            Text("从下拉列表中选择。", "One of the list."),
            ("车辆类型", "类型", "车辆种类", "种类", "vehicle type", "type"),
            required=True,
            choices=KINDS,
            other="other",
        ),
        Column(
            "seats",
            Kind.WHOLE,
            Text("座位数", "Seats"),
            Text("乘客座位数，不含驾驶员。", "Seats for passengers, without the driver's."),
            ("座位", "核载人数", "核定载客", "载客数", "载客人数", "座数", "capacity"),
            low=0,
            high=200,
        ),
        Column(
            "wheelchair_places",
            Kind.WHOLE,
            Text("轮椅位", "Wheelchair places"),
            Text("可固定轮椅的位置数。", "Places for wheelchairs."),
            ("轮椅位数", "轮椅席位", "无障碍座位", "轮椅数", "wheelchairs"),
            low=0,
            high=200,
        ),
        Column(
            "stretcher_places",
            Kind.WHOLE,
            Text("担架位", "Stretcher places"),
            Text("可放担架的位置数。", "Places for stretchers."),
            ("担架位数", "担架数", "stretchers"),
            low=0,
            high=200,
        ),
        Column(
            "base",
            Kind.REF,
            Text("停放地点", "Base"),
            Text("平时停放的固定点，须与地图上的固定点一致。", "Where it stands: a fixed post of the map."),
            ("停放点", "停放位置", "驻地", "停车地点", "存放地点", "停车场", "parked at", "location"),
            required=True,
            refs=("fixed-post",),
        ),
        Column(
            "owner",
            Kind.REF,
            Text("归属", "Owner"),
            Text("归哪个组、队伍、科室、社区或外部单位管理。", "Group, team, office, community or outside body."),
            ("归属单位", "所属单位", "责任单位", "管理单位", "单位", "车辆所属", "owned by"),
            refs=("group", "team", "office", "external", "community"),
        ),
        Column(
            "driver",
            Kind.REF,
            Text("驾驶员", "Driver"),
            Text("驾驶员姓名；重名时在“驾驶员电话”写明号码。", "Driver, from the roster."),
            ("司机", "驾驶人", "驾驶员姓名", "司机姓名"),
            refs=("person",),
        ),
        Column(
            "relief_driver",
            Kind.REF,
            Text("备用驾驶员", "Relief driver"),
            Text("备用驾驶员姓名。", "Relief driver, from the roster."),
            ("备用司机", "替班驾驶员", "第二驾驶员", "副驾驶员", "second driver"),
            refs=("person",),
        ),
        Column("driver_phone", Kind.PHONE, Text("驾驶员电话", "Driver's phone"),
               Text("用来区分重名的驾驶员。", "Tells namesakes apart."),
               ("司机电话", "驾驶员手机", "司机手机", "联系电话", "电话"), aid=True),
        Column("relief_driver_phone", Kind.PHONE, Text("备用驾驶员电话", "Relief driver's phone"),
               Text("用来区分重名的驾驶员。", "Tells namesakes apart."), ("备用司机电话",), aid=True),
    ),
    keys=(by("plate"), by("name_zh", "base"), by("name_en", "base"), by("name_zh", alone=True), by("name_en", alone=True)),
    settle=_settle,
)  # fmt: skip
