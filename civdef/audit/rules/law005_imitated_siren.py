"""LAW005: air-raid signals sound for something that is not air defence."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVIL_AIR_DEFENCE_LAW
from civdef.model.plan import HazardClass
from civdef.text import Text, listing

RULE = Rule(
    code="LAW005",
    name="law.imitated-siren",
    severity="error",
    profile="basic",
    title=Text("在防空以外使用防空警报信号", "Air-raid signals sound for something that is not air defence"),
    why=Text(
        "防空警报音响受法律保护，其他场合不得使用、混同；地震、洪水演练鸣响防空警报，居民会躲进地下室。",
        "The sounds of air-raid alarms are protected by law and may not be used for anything else; in an earthquake or flood drill they send people into basements.",
    ),
    fix=Text(
        "改用广播、锣、哨，或本省规定的灾情警报（disaster）。",
        "Use loudspeakers, gongs or whistles, or the disaster alert of your province (`disaster`).",
    ),
    wrong="plan: plan/earthquake\nsirens: [{signal: air_raid, at_min: 0}]",
    right="plan: plan/civil-protection\nsirens: [{signal: air_raid, at_min: 0}]",
    sources=(CIVIL_AIR_DEFENCE_LAW.article(32),),
)

PROTECTED = {
    "pre_alert": Text("预先警报", "pre-alert"),
    "air_raid": Text("空袭警报", "air-raid signal"),
    "all_clear": Text("解除警报", "all-clear"),
}


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every drill of another plan that sounds protected signals."""
    ws = audit.workspace
    for drill in ws.drills.values():
        plan = ws.plans.get(drill.plan)
        if plan is None or plan.hazard_class is HazardClass.AIR_DEFENCE or "air_raid" in plan.hazards:
            continue
        found = [(i, s.signal) for i, s in enumerate(drill.sirens) if s.signal in PROTECTED]
        if found:
            yield Hit(
                drill.id,
                ("sirens", found[0][0], "signal"),
                Text("{d}演练的是{p}，却鸣响{s}", "{d} exercises {p} and sounds {s}").format(
                    d=drill, p=plan, s=listing(dict.fromkeys(PROTECTED[s] for _, s in found))
                ),
                RULE.fix,
                (plan.id,),
            )
