"""Who lives where."""

from civdef.intake.registers.address import split_address
from civdef.intake.registers.columns import Column, Kind, Table, by, choices
from civdef.intake.registers.draft import Draft
from civdef.text import Text

_YES_NO = choices(
    [("true", "是", "yes", ("y", "1", "√", "true")), ("false", "否", "no", ("n", "0", "false"))]
)


def _settle(draft: Draft) -> None:
    split_address(draft)
    values = draft.values
    residents, children, elderly = (int(values.get(f) or 0) for f in ("residents", "children", "elderly"))
    if residents and children + elderly > residents:
        draft.drop(
            Text(
                "儿童 {c} 人、老人 {e} 人，超过户内 {r} 人",
                "{c} children and {e} elderly, but {r} residents",
            ).format(c=children, e=elderly, r=residents)
        )
    for name in ("floating", "assisted"):
        if residents and int(values.get(name) or 0) > residents:
            column = draft.table.by_field[name]
            draft.lose(
                column,
                Text("{c}超过户内人数，留空", "{c} exceeds the residents; left empty").format(c=column.title),
            )


TABLE = Table(
    name="households",
    kind="household",
    file="plans/households.csv",
    title=Text("住户", "Households"),
    columns=(
        Column(
            "id",
            Kind.ID,
            Text("住户编号", "Household id"),
            Text(
                "住户编号；没有则留空，导入时自动编号。不要填户主身份证号。",
                "Id of the household; leave it empty for a new one. Never an identity number.",
            ),
            ("户编号", "户号", "家庭编号", "编号", "id", "household", "household no"),
        ),
        Column(
            "building",
            Kind.REF,
            Text("楼栋", "Building"),
            Text("楼栋名称，须与地图上的房屋一致；“3号楼”“3栋”“3幢”视为相同。", "Building, as the map names it."),
            ("楼栋名称", "楼号", "幢号", "栋号", "楼幢", "所在楼栋", "楼房", "楼宇", "building name", "house"),
            required=True,
            refs=("building",),
        ),
        Column(
            "stairwell",
            Kind.WHOLE,
            Text("单元", "Stairwell"),
            Text("单元号；不填按 1。", "Number of the stairwell; 1 if empty."),
            ("单元号", "门洞", "梯号", "entrance"),
            low=1,
        ),
        Column(
            "floor",
            Kind.WHOLE,
            Text("楼层", "Floor"),
            Text("所在楼层，地下室为负数；不填按 1。", "Floor, negative in a basement; 1 if empty."),
            ("层", "层数", "所在楼层", "层号", "storey"),
            low=-3,
            high=200,
        ),
        Column(
            "residents",
            Kind.WHOLE,
            Text("常住人数", "Residents"),
            Text("户内常住人数，含流动人口，1 至 60。", "People who live there, 1 to 60."),
            (
                "常住人口", "人数", "家庭人口", "家庭人数", "户内人数", "居住人数", "人口数", "人口", "实住人数", "persons",
                "people", "household size",
            ),
            required=True,
            low=1,
            high=60,
        ),
        Column(
            "children",
            Kind.WHOLE,
            Text("儿童（14岁以下）", "Children under 14"),
            Text("其中不满 14 周岁的人数。", "Of the residents, under 14."),
            ("儿童", "儿童数", "儿童人数", "未成年人", "14岁以下", "少年儿童", "children under14"),
            low=0,
            high=60,
        ),
        Column(
            "elderly",
            Kind.WHOLE,
            Text("老年人（65岁以上）", "Aged 65 and over"),
            Text("其中 65 周岁及以上的人数。", "Of the residents, 65 and older."),
            ("老人", "老年人", "老人数", "老年人数", "老年人口", "65岁以上", "65岁及以上", "elderly65", "aged65"),
            low=0,
            high=60,
        ),
        Column(
            "floating",
            Kind.WHOLE,
            Text("流动人口", "Floating population"),
            Text("其中流动人口数。", "Of the residents, floating population."),
            ("流动人口数", "外来人口", "暂住人口", "租户人数", "tenants", "migrants"),
            low=0,
            high=60,
        ),
        Column(
            "assisted",
            Kind.WHOLE,
            Text("需协助人数", "Needing assistance"),
            Text(
                "需要协助才能转移、但未列入需协助人员名册的人数。",
                "People who need help to get out and are not named on the assistance register.",
            ),
            ("需协助", "需帮扶人数", "行动不便人数", "行动不便", "assisted", "need help"),
            low=0,
            high=60,
        ),
        Column(
            "estimated",
            Kind.CHOICE,
            Text("估算", "Estimated"),
            Text("“是”表示该户由社区总数推算，不是实际登记。", "Yes: spread from a community's totals, not registered."),
            ("是否估算", "推算"),
            choices=_YES_NO,
        ),
        Column("address", Kind.TEXT, Text("地址", "Address"),
               Text("楼栋、单元、房号写在一起的地址，如 碧波花园3号楼2单元501室。", "Building, stairwell and room in one."),
               ("详细地址", "居住地址", "住址", "门牌", "门牌号", "家庭住址", "full address"), aid=True),
        Column("room", Kind.TEXT, Text("房号", "Room"), Text("房号，楼层由它推出。", "Room; the floor follows from it."),
               ("室", "房间号", "门牌号", "户室号", "flat", "apartment"), aid=True),
        Column("compound", Kind.REF, Text("小区", "Compound"), Text("小区名称，用来区分同号的楼栋。", "Compound."),
               ("小区名称", "所在小区", "住宅小区", "院落", "estate"), refs=("compound",), aid=True),
        Column("community", Kind.REF, Text("社区", "Community"), Text("社区名称，用来区分同名的楼栋。", "Community."),
               ("所属社区", "所在社区", "社区名称", "居委会"), refs=("community",), aid=True),
    ),
    keys=(by("building", "stairwell", "floor"), by("building")),
    settle=_settle,
)  # fmt: skip
