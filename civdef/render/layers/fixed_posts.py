"""Fixed posts: command rooms, police, fire, medical, stores, duty, assembly and pick-up points."""

from __future__ import annotations

from civdef.model.town import FixedPostKind
from civdef.render.audience import Audience
from civdef.render.columns import rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "fixed_posts"
TITLE = Text("应急点位", "Emergency posts")
GROUP = "shelter"
ORDER = 75
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLES = {
    "command_room": Style(Text("指挥室", "command room"), symbol="star", fill="#c0161d"),
    "communications_room": Style(Text("通信室", "communications room"), symbol="box-通|C", fill="#c0161d", min_zoom=16.25),
    "police": Style(Text("警务点", "police"), symbol="box-警|P", fill="#1b4b8f", min_zoom=15.5),
    "fire": Style(Text("消防点", "fire"), symbol="box-消|F", fill="#d1342f", min_zoom=15.5),
    "medical": Style(Text("医疗点", "medical"), symbol="cross", fill="#c62828", min_zoom=15.5),
    "store": Style(Text("物资库", "store"), symbol="box-物|S", fill="#8d5a2b", min_zoom=16.25),
    "duty": Style(Text("值班点", "duty post"), symbol="box-值|D", fill="#5d6d7e", min_zoom=16.5),
    "assembly": Style(Text("集合点", "assembly point"), symbol="box-集|A", fill="#2e7d32", min_zoom=16.25),
    "pick_up": Style(Text("接应点", "pick-up point"), symbol="box-接|U", fill="#00838f", min_zoom=16.25),
    "education": Style(Text("宣传教育基地", "education base"), symbol="box-教|E", fill="#6a4c93", min_zoom=16.25),
    "community_office": Style(Text("社区居委会", "residents' committee"), symbol="box-居|R", fill="#b5541c", min_zoom=15.5),
    "hydrant": Style(Text("消火栓", "hydrant"), symbol="small-dot", fill="#d1342f", min_zoom=17),
    "other": Style(Text("其他点位", "other post"), symbol="dot", fill="#616161", min_zoom=16.5),
}  # fmt: skip


def build(context: MapContext) -> Layer | None:
    """Draw posts; duty phones are for the command edition."""
    posts = list(context.workspace.fixed_posts.values())
    if not posts:
        return None
    styles, style = used(_STYLES, [p.kind.value for p in posts])
    label = {k: s.label or TITLE for k, s in _STYLES.items()}
    command = context.audience is Audience.COMMAND
    inside = not context.public
    main = [i for i, p in enumerate(posts) if p.kind is FixedPostKind.COMMAND_ROOM]
    unlabelled = (FixedPostKind.COMMAND_ROOM, FixedPostKind.HYDRANT)
    rest = [i for i, p in enumerate(posts) if p.named and p.kind not in unlabelled]
    return Layer(
        "point", styles, style, KEY, [rings(p.shape, context.origin) for p in posts],
        names=[p.in_(context.lang) for p in posts], pick=5, search=True, kind=Text("点位", "post"),
        fields=[
            Field(Text("类别", "Kind"), [context.say(label[p.kind.value]) for p in posts]),
            Field(Text("社区", "Community"), [context.name(p.community) if p.community else None for p in posts]),
            Field(Text("队伍", "Team"), [context.name(p.team) if p.team and inside else None for p in posts]),
            Field(Text("电话", "Phone"), [p.phone if command else None for p in posts]),
        ],
        labels=[Labels("point", main, 14.6, 16), Labels("point", rest, 16.75, 56)],
    )  # fmt: skip
