"""Orders in words."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.evacuate.directions import Leg
from civdef.evacuate.orders import Order, door_name
from civdef.model.town import RoadKind
from civdef.model.workspace import Workspace
from civdef.text import Text, apart

COMPASS = {
    "n": Text("北", "north"), "ne": Text("东北", "north-east"), "e": Text("东", "east"), "se": Text("东南", "south-east"),
    "s": Text("南", "south"), "sw": Text("西南", "south-west"), "w": Text("西", "west"), "nw": Text("西北", "north-west"),
}  # fmt: skip
_UNNAMED = {
    RoadKind.FOOTWAY: Text("步行小路", "the footpath"),
    RoadKind.STEPS: Text("台阶", "the steps"),
    RoadKind.TRACK: Text("土路", "the track"),
    RoadKind.SERVICE: Text("内部道路", "the service road"),
}
_TURNS = {
    "straight": Text("直行入{r}", "straight on into {r}"),
    "left": Text("左转入{r}", "left into {r}"),
    "right": Text("右转入{r}", "right into {r}"),
    "back": Text("折回入{r}", "turn back into {r}"),
}


def street(workspace: Workspace, road: str | None) -> Text:
    """Return what a street is called; streets without a name by their kind."""
    if road is None:
        return Text("门前", "the door")
    noun = workspace.roads[road]
    if not noun.named:
        return _UNNAMED.get(noun.kind, Text("无名道路", "the unnamed street"))
    return noun.name.text


def way(workspace: Workspace, legs: Sequence[Leg], entrance: str) -> Text:
    """Return a route in words: streets, turns, metres, and the door at the end."""
    if not legs:
        there = door_name(workspace, entrance)
        return Text(f"出门即到{apart(there.zh).rstrip()}", f"next door: {there.en}")
    first = legs[0]

    def among(name: Text) -> Text:
        return Text(apart(name.zh), name.en)

    said = Text("沿{r}向{c}走 {m} 米", "along {r}, {c}, {m} m").format(
        r=among(street(workspace, first.road)), c=COMPASS[first.compass], m=rounded(first.metres)
    )
    for leg in legs[1:]:
        piece = _TURNS[leg.turn].format(r=among(street(workspace, leg.road)))
        said = Text(
            f"{said.zh}，{piece.zh}走 {rounded(leg.metres)} 米",
            f"{said.en}; {piece.en}, {rounded(leg.metres)} m",
        )
    last = door_name(workspace, entrance)
    return Text(f"{said.zh}，到{apart(last.zh).rstrip()}", f"{said.en}; to {last.en}")


def told(workspace: Workspace, order: Order) -> Text:
    """Return the way of an order in words, and why it is longer or has more turns than a way should, where it is or has."""
    said = way(workspace, order.legs, order.entrance)
    if order.why is None:
        return said
    return Text("{w}（{y}）", "{w} ({y})").format(w=said, y=order.why)


def rounded(metres: float) -> int:
    """Return metres as people say them: to 10 m, at least 10."""
    return max(10, round(metres / 10) * 10)


def clock(seconds: float | None) -> str:
    """Return seconds after the start as ``h:mm``, rounded up to the minute; a dash for None."""
    if seconds is None:
        return "–"
    minutes = -int(-seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def inside(order: Order) -> Text:
    """Return when the last of a building is inside, with a mark where that is after their deadline."""
    at = clock(order.arrival_last_s)
    return Text("{t} 晚", "{t} late").format(t=at) if order.late else Text(at, at)


def lateness(orders: Sequence[Order]) -> Text | None:
    """Say of a list how many are inside only after their deadline and how they are marked; None if nobody is."""
    late = [o for o in orders if o.late]
    if not late:
        return None
    return Text(
        "其中 {b} 栋 {n:,} 人按现方案晚于撤离期限，标为“晚”，须提前动员。",
        "{n:,} persons in {b} come after their deadline, marked late: start them earlier.",
    ).format(b=_buildings(len({o.building for o in late})), n=sum(o.persons for o in late))


def _buildings(count: int) -> Text:
    return Text(str(count), f"{count} building" if count == 1 else f"{count} buildings")
