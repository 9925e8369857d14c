"""People who need help to get out."""

from civdef.intake.registers.address import split_address
from civdef.intake.registers.columns import Column, Kind, Table, by, choices
from civdef.intake.registers.draft import Draft
from civdef.text import Text

MOBILITY = choices([
    ("walks_with_help", "可行走，需搀扶", "walks with help",
     ("需搀扶", "搀扶", "需协助", "步行需协助", "可行走", "行动迟缓", "助行器", "拐杖", "半自理", "部分自理")),
    ("wheelchair", "轮椅", "wheelchair", ("坐轮椅", "使用轮椅", "需轮椅", "肢体残疾轮椅")),
    ("stretcher", "担架", "stretcher", ("卧床", "长期卧床", "需担架", "不能行动", "瘫痪卧床", "失能", "完全失能", "bedridden")),
])  # fmt: skip
REASONS = choices([
    ("frail", "年老体弱", "frail", ("高龄", "年老", "体弱", "高龄体弱", "独居老人", "空巢老人")),
    ("dementia", "失智", "dementia", ("认知障碍", "阿尔茨海默", "老年痴呆", "痴呆")),
    ("learning_disability", "智力残疾", "learning disability", ("智力障碍", "智残")),
    ("sight", "视力障碍", "sight", ("视力残疾", "盲人", "失明", "视障")),
    ("hearing", "听力障碍", "hearing", ("听力残疾", "聋人", "失聪", "听障")),
    ("paralysis", "瘫痪", "paralysis", ("偏瘫", "截瘫")),
    ("arthritis", "关节疾病", "arthritis", ("关节炎",)),
    ("after_illness", "病后康复", "after illness", ("术后", "康复期", "病后")),
    ("amputation", "截肢", "amputation", ("肢体缺失",)),
    ("ventilator", "依赖呼吸机", "ventilator", ("呼吸机",)),
    ("bedridden", "卧床", "bedridden", ("长期卧床",)),
    ("terminal_illness", "重病", "terminal illness", ("重症", "临终", "危重病")),
    ("physical_disability", "肢体残疾", "physical disability", ("肢体障碍", "肢残")),
    ("mental_disability", "精神残疾", "mental disability", ("精神障碍",)),
    ("pregnant", "孕产妇", "pregnant", ("孕妇", "产妇")),
])  # fmt: skip


def _settle(draft: Draft) -> None:
    split_address(draft)
    if not draft.values.get("household"):
        _find_household(draft)


def _find_household(draft: Draft) -> None:
    """Find the household by building, stairwell and floor: registers know addresses, not household ids.

    Of several households on a floor, one that no row before has taken; which of them it is makes no difference to the
    way out.
    """
    values = draft.values
    if not values.get("building"):
        return
    draft.resolve("community")
    draft.resolve("compound")
    found = draft.look("building")
    if found.id is None:
        assert found.told is not None
        draft.drop(Text("楼栋：{w}", "Building: {w}").format(w=found.told))
        return
    name = values.get("name_zh") or values.get("name_en") or ""
    home = draft.lookup.take_home(found.id, values.get("stairwell"), values.get("floor"), name)
    if home is None:
        label = draft.lookup.label(found.id)
        draft.drop(Text("{b} 没有登记住户，无法归户", "No household is registered in {b}").format(b=label))
        return
    values["household"] = home
    draft.repair(Text("按地址归入 {h}", "Placed in {h} by the address").format(h=home))


TABLE = Table(
    name="assistance",
    kind="assisted",
    file="plans/assistance.csv",
    title=Text("需协助人员", "People who need assistance"),
    columns=(
        Column(
            "id",
            Kind.ID,
            Text("编号", "Id"),
            Text("需协助人员编号；新增的留空，导入时自动编号。不要填身份证号。", "Id; empty if new. Never an identity number."),
            ("人员编号", "assisted id"),
        ),
        Column(
            "name_zh",
            Kind.NAME,
            Text("姓名", "Name (Chinese)"),
            Text("中文姓名。中英文姓名至少填一个。", "Chinese name; one of the two names is needed."),
            ("被帮扶人", "帮扶对象", "服务对象", "需协助人员", "人员姓名", "老人姓名", "name", "full name"),
            required=True,
        ),
        Column(
            "name_en",
            Kind.NAME,
            Text("英文姓名", "Name (English)"),
            Text("拼音或英文姓名，可不填。", "Name in Latin letters, may be empty."),
            ("拼音", "姓名拼音", "英文名", "english name", "pinyin"),
        ),
        Column(
            "household",
            Kind.REF,
            Text("住户编号", "Household"),
            Text("所在住户的编号；没有编号可写楼栋、单元、楼层，导入时归户。", "Household; or building, stairwell and floor."),
            ("户编号", "户号", "家庭编号", "household id"),
            required=True,
            refs=("household",),
        ),
        Column(
            "mobility",
            Kind.CHOICE,
            Text("行动能力", "Mobility"),
            Text("可行走需搀扶、轮椅或担架。", "Walks with help, wheelchair or stretcher."),
            ("行动情况", "行动状况", "行动方式", "活动能力", "转移方式", "自理能力", "自理情况", "协助方式"),
            required=True,
            choices=MOBILITY,
        ),
        Column(
            "reason",
            Kind.CHOICE,
            Text("原因", "Reason"),
            Text("需要协助的原因；下拉列表列出常用项，也可另写。", "Why help is needed; other words are kept."),
            ("需协助原因", "残疾类别", "残疾类型", "人员类别", "类别", "身体状况", "健康状况", "备注", "disability"),
            choices=REASONS,
            open=True,
        ),
        Column(
            "helper_1",
            Kind.REF,
            Text("协助人一", "Helper 1"),
            Text("第一协助人姓名，须在人员名册中。", "First helper, from the roster."),
            ("协助人", "帮扶人", "责任人", "第一协助人", "帮扶责任人", "结对人", "帮扶人一", "帮扶人1", "协助人1",
             "第一帮扶人", "第一帮扶人姓名", "帮扶人姓名", "helper"),
            refs=("person",),
        ),
        Column(
            "helper_2",
            Kind.REF,
            Text("协助人二", "Helper 2"),
            Text("第二协助人姓名。", "Second helper, from the roster."),
            ("第二协助人", "帮扶人二", "帮扶人2", "协助人2", "第二帮扶人", "第二帮扶人姓名", "second helper"),
            refs=("person",),
        ),
        Column(
            "reserve_helper",
            Kind.REF,
            Text("备用协助人", "Reserve helper"),
            Text("前两人到不了时顶替的人。", "Who steps in when one of the two cannot come."),
            ("备用帮扶人", "候补协助人", "替补", "reserve"),
            refs=("person",),
        ),
        Column("helper_1_phone", Kind.PHONE, Text("协助人一电话", "Helper 1's phone"),
               Text("用来区分重名的协助人。", "Tells namesakes apart."),
               ("帮扶人电话", "责任人电话", "协助人电话", "第一帮扶人电话", "帮扶人联系电话", "第一帮扶人手机"), aid=True),
        Column("helper_2_phone", Kind.PHONE, Text("协助人二电话", "Helper 2's phone"),
               Text("用来区分重名的协助人。", "Tells namesakes apart."), ("第二帮扶人电话", "第二帮扶人手机"), aid=True),
        Column("address", Kind.TEXT, Text("地址", "Address"), Text("楼栋、单元、房号写在一起的地址。", "Full address."),
               ("详细地址", "居住地址", "住址", "家庭住址", "家庭地址", "现住址", "full address"), aid=True),
        Column("building", Kind.REF, Text("楼栋", "Building"), Text("楼栋名称。", "Building."),
               ("楼栋名称", "楼号", "幢号", "栋号", "所在楼栋"), refs=("building",), aid=True),
        Column("stairwell", Kind.WHOLE, Text("单元", "Stairwell"), Text("单元号。", "Stairwell."), ("单元号",), aid=True,
               low=1),
        Column("floor", Kind.WHOLE, Text("楼层", "Floor"), Text("楼层。", "Floor."), ("层", "所在楼层"), aid=True, low=-3,
               high=200),
        Column("room", Kind.TEXT, Text("房号", "Room"), Text("房号，楼层由它推出。", "Room."), ("室", "房间号", "门牌号"),
               aid=True),
        Column("compound", Kind.REF, Text("小区", "Compound"), Text("小区名称。", "Compound."),
               ("小区名称", "所在小区"), refs=("compound",), aid=True),
        Column("community", Kind.REF, Text("社区", "Community"), Text("社区名称。", "Community."),
               ("所属社区", "所在社区", "社区名称", "居委会"), refs=("community",), aid=True),
    ),
    keys=(by("name_zh", "household"), by("name_en", "household"), by("name_zh", alone=True), by("name_en", alone=True)),
    settle=_settle,
)  # fmt: skip
