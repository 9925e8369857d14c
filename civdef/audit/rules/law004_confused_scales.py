"""LAW004: event grade, warning colour and response level are mixed up."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="LAW004",
    name="law.confused-scales",
    severity="error",
    profile="basic",
    title=Text(
        "混淆了事件分级、预警颜色和响应级别", "Event grade, warning colour and response level are mixed up"
    ),
    why=Text(
        "事件分级说后果多重，预警颜色说将要发生什么，响应级别说动用多大力量，是三把不同的尺子；值写错了尺子，条件永远不成立。",
        "The grade says how bad it was, the colour what is coming, the level how much is put in: three scales. A value on the wrong one is never met.",
    ),
    fix=Text(
        "按 scale 改正 value，或按 value 改正 scale。",
        "Correct the value for its scale, or the scale for its value.",
    ),
    wrong="- {scale: warning_colour, value: III}",
    right="- {scale: warning_colour, value: yellow}",
    sources=(RESPONSE_LAW.article(63), RESPONSE_LAW.article(71)),
)

ALLOWED: dict[str, tuple[str, ...]] = {
    "event_grade": ("I", "II", "III", "IV"),
    "warning_colour": ("red", "orange", "yellow", "blue"),
    "response_level": ("1", "2", "3", "4"),
}
NAMES = {
    "event_grade": Text("事件分级", "event grades"),
    "warning_colour": Text("预警颜色", "warning colours"),
    "response_level": Text("响应级别", "response levels"),
}


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every trigger whose value is not on its scale."""
    for plan in audit.workspace.plans.values():
        for i, trigger in enumerate(plan.triggers):
            allowed = ALLOWED.get(trigger.scale)
            if allowed is None or trigger.value in allowed:
                continue
            other = next((s for s, values in ALLOWED.items() if trigger.value in values), None)
            belongs = (
                Text("，它属于{o}", ", but on that of {o}").format(o=NAMES[other]) if other else Text("", "")
            )
            yield Hit(
                plan.id,
                ("triggers", i, "value"),
                Text(
                    "{p}的启动条件 {t}：“{v}”不在{s}这把尺子上{b}",
                    '{p}, trigger {t}: "{v}" is not on the scale of {s}{b}',
                ).format(p=plan, t=trigger.id, v=trigger.value, s=NAMES[trigger.scale], b=belongs),
                Text("{s}只有：{a}。", "The {s} are: {a}.").format(
                    s=NAMES[trigger.scale], a=listing(allowed)
                ),
            )
