"""LAW003: a plan for security incidents waits for a public warning colour."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.model.plan import HazardClass
from civdef.text import Text

RULE = Rule(
    code="LAW003",
    name="law.coloured-security-incident",
    severity="error",
    profile="basic",
    title=Text("社会安全事件用了颜色预警", "A plan for security incidents waits for a warning colour"),
    why=Text(
        "颜色预警只用于可以预警的自然灾害、事故灾难和公共卫生事件；社会安全事件不发布颜色预警，这样的启动条件永远等不到。",
        "Colours are for natural disasters, accidents and health events that can be warned of; none is issued for security incidents, so the trigger never comes.",
    ),
    fix=Text(
        "改用事件分级、响应级别或观察到的情况作为启动条件。",
        "Use an event grade, a response level or an observation as the trigger.",
    ),
    wrong="hazard_class: social_security\ntriggers:\n  - {scale: warning_colour, value: red}",
    right="hazard_class: social_security\ntriggers:\n  - {scale: observation, value: crowd}",
    sources=(RESPONSE_LAW.article(63),),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every warning colour in a plan for security incidents."""
    for plan in audit.workspace.plans.values():
        if plan.hazard_class is not HazardClass.SOCIAL_SECURITY:
            continue
        for i, trigger in enumerate(plan.triggers):
            if trigger.scale == "warning_colour":
                yield Hit(
                    plan.id,
                    ("triggers", i, "scale"),
                    Text(
                        "{p}的启动条件 {t} 用了预警颜色，社会安全事件不发布颜色预警",
                        "{p}: trigger {t} is a warning colour, and none is issued for security incidents",
                    ).format(p=plan, t=trigger.id),
                    RULE.fix,
                )
