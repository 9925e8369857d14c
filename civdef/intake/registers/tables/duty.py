"""The rota of who is on duty when."""

from civdef.intake.registers.columns import Column, Kind, Table, by, choices
from civdef.text import Text

SHIFTS = choices([
    ("day", "白班", "day", ("白天", "日班", "昼班", "day shift", "白", "日")),
    ("night", "夜班", "night", ("夜间", "晚班", "夜", "night shift")),
])  # fmt: skip
ROLES = choices([
    ("duty_leader", "带班领导", "duty leader", ("值班领导", "带班", "带班负责人", "领导")),
    ("duty_officer", "值班员", "duty officer", ("值班人员", "值班", "主班")),
    ("driver", "值班驾驶员", "driver", ("驾驶员", "司机", "值班司机")),
    ("signals", "通信值班员", "signals", ("通信员", "通信", "通讯员")),
])  # fmt: skip

TABLE = Table(
    name="duty",
    kind="",
    file="plans/duty.csv",
    title=Text("值班表", "Duty rota"),
    columns=(
        Column(
            "date",
            Kind.DATE,
            Text("日期", "Date"),
            Text("值班日期；夜班写起始日。", "Day of duty; a night shift counts to the day it begins."),
            ("值班日期", "值班时间", "时间", "day of duty"),
            required=True,
        ),
        Column(
            "shift",
            Kind.CHOICE,
            Text("班次", "Shift"),
            Text("白班或夜班。", "Day or night."),
            ("值班班次", "班别", "时段"),
            required=True,
            choices=SHIFTS,
        ),
        Column(
            "role",
            Kind.CHOICE,
            Text("值班岗位", "Role"),
            Text("从下拉列表中选择。", "One of the list."),
            ("岗位", "值班角色", "职责", "类别", "post"),
            required=True,
            choices=ROLES,
        ),
        Column(
            "person",
            Kind.REF,
            Text("值班人", "Person"),
            Text("值班人姓名；重名时在“值班电话”写明号码。", "Who is on duty, from the roster."),
            ("姓名", "值班人姓名", "人员", "name"),
            required=True,
            refs=("person",),
        ),
        Column("person_phone", Kind.PHONE, Text("值班电话", "Phone"), Text("用来区分重名的人员。", "Tells namesakes apart."),
               ("电话", "联系电话", "手机", "手机号码"), aid=True),
    ),
    keys=(by("date", "shift", "role", "person"),),
)  # fmt: skip
