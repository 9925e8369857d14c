"""``civdef import promote``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.errors import EXIT_FINDINGS, UsageError
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.load.promote import PromoteResult
    from civdef.model.workspace import Workspace

_KINDS = (
    "school", "school_building", "park", "square", "sports_ground", "car_park", "hall", "underground_car_park",
)  # fmt: skip
_CLASSES = ("emergency", "short_term", "medium_term", "long_term", "air_raid")
_SHOWN = 30


@civdef_command(
    Text(
        "把候选避难场所列为避难场所（容纳人数、出入口均为估算，须现场核实）。不带参数则列出候选场所。",
        "Make shelter candidates shelters (places and entrances are estimates, to be checked on site). Without arguments:"
        " list the candidates.",
    ),
    name="promote",
)
@click.argument("candidates", nargs=-1, metavar="[CANDIDATE]...")
@click.option(
    "--all-schools", "schools", cls=Option, is_flag=True, help=Text("全部学校（操场和校舍）。", "All schools: grounds and buildings."),
)  # fmt: skip
@click.option("--all", "everything", cls=Option, is_flag=True, help=Text("全部候选场所。", "All candidates."))
@click.option(
    "--kind", "kinds", cls=Option, multiple=True, type=click.Choice(_KINDS),
    help=Text("这一种的全部，可多次给出。", "All of this kind; may be repeated."),
)  # fmt: skip
@click.option(
    "--class", "shelter_class", cls=Option, type=click.Choice(_CLASSES),
    help=Text(
        "列为哪一类；默认紧急避难场所（地下停车场为人防）。",
        "Class to make them; default: emergency (air-raid for underground car parks).",
    ),
)  # fmt: skip
def command(
    app: App,
    candidates: tuple[str, ...],
    schools: bool,
    everything: bool,
    kinds: tuple[str, ...],
    shelter_class: str | None,
) -> None:
    """Promote candidates."""
    from civdef.load.promote import SCHOOLS, run_promote
    from civdef.model.shelter import CandidateKind, ShelterClass

    if not (candidates or schools or everything or kinds):
        if app.json:
            raise UsageError(
                Text("没有指定候选场所", "No candidate was named"),
                hint=Text("给出名称，或用 --all-schools、--kind、--all。", "Name some, or use --all-schools, --kind or --all."),
            )  # fmt: skip
        _list(app, app.workspace())
        app.finish()
    root = app.root()
    with app.progress(Text("选用避难场所", "Making shelters")):
        result = run_promote(
            root,
            candidates,
            app.lang,
            kinds=(*map(CandidateKind, kinds), *(SCHOOLS if schools else ())),
            everything=everything,
            shelter_class=ShelterClass(shelter_class) if shelter_class else None,
        )
    app.emit(result)
    if not app.json:
        _print(app, result)
    app.finish(EXIT_FINDINGS if result.unsuited and not result.promoted else 0)


def _list(app: App, workspace: Workspace) -> None:
    from civdef.load.promote import choose

    found = [workspace.candidates[c] for c in choose(workspace, (), (), everything=True)]
    found.sort(key=lambda c: (-c.usable_m2, c.id))
    app.table(
        [
            Text("标识", "id"), Text("名称", "name"), Text("种类", "kind"), Text("可用面积（㎡）", "usable m²"),
            Text("估算容纳（人）", "places"), Text("状态", "state"),
        ],
        [
            (
                c.id, workspace.name(c.id), _KIND_TEXT[c.kind.value], round(c.usable_m2), max(c.places.values()),
                Text("已选用", "shelter") if c.shelter in workspace.shelters
                else Text("候选", "candidate"),
            )
            for c in found
        ],
        title=Text("候选避难场所（面积和容纳人数均为估算）", "Shelter candidates (areas and places are estimates)"),
    )  # fmt: skip
    app.say(Text("用 civdef import promote 标识… 选用，或加 --all-schools、--kind、--all。", "Promote with civdef import promote ID…, or with --all-schools, --kind or --all."))  # fmt: skip


_KIND_TEXT: dict[str, Text] = {
    "school": Text("学校操场空地", "school grounds"),
    "school_building": Text("校舍", "school building"),
    "park": Text("公园绿地", "park"),
    "square": Text("广场", "square"),
    "sports_ground": Text("运动场地", "sports ground"),
    "car_park": Text("停车场", "car park"),
    "hall": Text("场馆", "hall"),
    "underground_car_park": Text("地下停车场", "underground car park"),
}


_CLASS_TEXT: dict[str, Text] = {
    "emergency": Text("紧急", "emergency"),
    "short_term": Text("短期固定", "short-term"),
    "medium_term": Text("中期固定", "medium-term"),
    "long_term": Text("长期固定", "long-term"),
    "central": Text("中心", "central"),
    "air_raid": Text("人防", "air-raid"),
}


def _print(app: App, result: PromoteResult) -> None:
    if result.promoted:
        app.table(
            [Text("避难场所", "shelter"), Text("类别", "class"), Text("估算容纳（人）", "places, estimated"), Text("出入口", "ways in")],
            [
                (p.name, _CLASS_TEXT[p.shelter_class.value], p.places, p.entrances)
                for p in sorted(result.promoted, key=lambda p: (-p.places, p.shelter))[:_SHOWN]
            ],
        )  # fmt: skip
        app.say(
            Text(
                "已列入避难场所 {n} 处，估算共可容纳 {p:,} 人，写入 maps/shelters.geojson 和"
                " maps/entrances.geojson。容纳人数和出入口均为估算，请现场核实后改正。",
                "{n} shelters made with {p:,} places estimated, in maps/shelters.geojson and maps/entrances.geojson."
                " Places and ways in are estimates: check them on site.",
            ).format(n=len(result.promoted), p=result.places)
        )
    if result.already:
        app.say(
            Text("{n} 处已是避难场所，未作改动。", "{n} are shelters already; nothing was changed.").format(
                n=len(result.already)
            )
        )
    for item in result.unsuited[:_SHOWN]:
        app.say(Text("未列入 {c}：{r}", "Not made: {c}: {r}").format(c=item.candidate, r=item.reason))
