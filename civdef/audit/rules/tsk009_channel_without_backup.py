"""TSK009: a channel that tasks rely on has no backup."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.model.organisation import ChannelKind
from civdef.text import Text, listing

RULE = Rule(
    code="TSK009",
    name="task.channel-without-backup",
    severity="warning",
    profile="standard",
    title=Text("通信手段没有备用", "A channel that tasks rely on has no backup"),
    why=Text(
        "断电断网时首选手段最先失效，没有备用手段，呼叫和通知到此为止。",
        "In a power cut the first channel fails first; without a backup the calls end there.",
    ),
    fix=Text(
        "在 backup 中写明失效时改用的手段，例如电台或通信员。",
        "Name under `backup` what is used when it fails: radio, a runner.",
    ),
    wrong="- {id: channel/phone, kind: phone}",
    right="- {id: channel/phone, kind: phone, backup: channel/radio}",
    sources=(PLANNING_GUIDE.whole,),
)

LAST_RESORT = frozenset({ChannelKind.RUNNER, ChannelKind.DOOR_TO_DOOR})
"""People on foot need neither power nor network: there is nothing behind them."""


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every channel that a task uses and that has no backup."""
    ws = audit.workspace
    used: dict[str, dict[str, None]] = {}
    for plan in ws.plans.values():
        for task in plan.tasks:
            if task.channel:
                used.setdefault(task.channel, {})[plan.id] = None
        for report in plan.reports:
            if report.channel:
                used.setdefault(report.channel, {})[plan.id] = None
    for channel_id, plans in sorted(used.items()):
        channel = ws.channels.get(channel_id)
        if channel is None or channel.backup is not None or channel.kind in LAST_RESORT:
            continue
        yield Hit(
            channel_id,
            (),
            Text("{c}没有备用手段，用到它的有：{p}", "{c} has no backup; it is used by {p}").format(
                c=channel, p=listing((ws.name(p) for p in plans), 3)
            ),
            RULE.fix,
            tuple(plans),
        )
