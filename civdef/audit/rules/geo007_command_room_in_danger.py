"""GEO007: there is no command room, or it lies in a hazard area and there is no safe alternate."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.danger import ANYWHERE
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.hazards.effects import hazard
from civdef.text import Text

RULE = Rule(
    code="GEO007",
    name="place.command-room-in-danger",
    severity="warning",
    profile="standard",
    title=Text(
        "没有确定指挥室，或指挥室在危险区内且没有可用的备用指挥室",
        "There is no command room, or it lies in danger and there is no safe alternate",
    ),
    why=Text(
        "灾害一来指挥室自己要撤，指挥中断在最要紧的时候。",
        "When the hazard comes the command room itself must move, and command fails when it is needed most.",
    ),
    fix=Text(
        "另定危险区外的 alternate_command_room。", "Name an `alternate_command_room` outside the hazard area."
    ),
    wrong="command_room: fixed-post/room   # in hazard/lake-flood",
    right="command_room: fixed-post/room\nalternate_command_room: fixed-post/school",
    sources=(PLANNING_GUIDE.whole,),
    needs=("hazards",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every hazard whose area holds the command room and the alternate, if any; or one if there is neither."""
    ws = audit.workspace
    hq = ws.headquarters
    if hq is None:
        return
    rooms = [r for r in (hq.command_room, hq.alternate_command_room) if r is not None]
    if not rooms:
        yield Hit(
            hq.id,
            (),
            Text("{h}没有确定指挥室", "{h} has no command room").format(h=hq.name),
            Text(
                "在 maps/posts.geojson 中标出指挥室，再写入 command_room。",
                "Put the room on maps/posts.geojson and name it as `command_room`.",
            ),
        )
        return
    for kind, effects in audit.hazards.items():
        if kind in ANYWHERE:
            continue
        struck = [
            next(
                (z.footprint for z in effects.zones if z.shape_m.intersects(ws.fixed_posts[r].shape_m)), None
            )
            for r in rooms
        ]
        if all(area is not None for area in struck):
            what = (
                Text("{r}和备用指挥室都在{k}危险区内", "{r} and the alternate lie in the hazard area of {k}")
                if len(rooms) > 1
                else Text(
                    "{r}在{k}危险区内，没有备用指挥室",
                    "{r} lies in the hazard area of {k}, and there is no alternate",
                )
            )
            yield Hit(
                hq.id,
                ("alternate_command_room",) if len(rooms) > 1 else ("command_room",),
                what.format(r=ws.name(rooms[0]), k=hazard(kind).NAME),
                RULE.fix,
                (*rooms, *dict.fromkeys(a for a in struck if a is not None)),
                key=kind,
            )
