"""``civdef evacuate compare``: plans side by side."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from civdef.cli.common import App, Command, civdef_command
from civdef.cli.evacuations._kept import read_plan
from civdef.cli.evacuations._question import (
    FIRST_PLANS,
    effort_of,
    effort_option,
    posed,
    question_options,
    step_option,
)
from civdef.errors import EXIT_FINDINGS, EXIT_INFEASIBLE, EXIT_OK, UsageError
from civdef.text import Text, listing

if TYPE_CHECKING:
    from civdef.evacuate.compare import ComparisonResult, PlanFigures
    from civdef.evacuate.result import EvacuationResult
    from civdef.model.workspace import Workspace


@civdef_command(
    Text(
        "把几个疏散方案放在一张表里比较，第一个为基准。每个方案写成“名称=选项”，或给出 civdef evacuate --json 存下的 .json 文件。",
        "Compare evacuation plans in one table, the first being the base. Each is NAME=OPTIONS, or a .json file kept from"
        " civdef evacuate --json.",
    )
)
@click.argument("plans", nargs=-1, required=True, metavar="NAME=OPTIONS|FILE.json ...")
@question_options
@effort_option()
@step_option
def command(app: App, plans: tuple[str, ...], effort: str, step_s: int | None, **asked: Any) -> None:
    """Compare plans."""
    from civdef.evacuate.compare import compare
    from civdef.evacuate.solve import evacuate

    variants = [_variant(text, asked) for text in plans]
    names = [name for name, _ in variants]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                Text("两个方案都叫“{n}”", "Two plans are called {n}").format(n=name),
                hint=Text(
                    "给每个方案起不同的名称：名称=选项。", "Give each a name of its own: NAME=OPTIONS."
                ),
            )
    found: list[tuple[str, EvacuationResult]] = []
    workspace: Workspace | None = None
    with app.progress(Text("逐个编排方案", "Planning each"), total=len(variants)) as done:
        for k, (name, source) in enumerate(variants):
            if isinstance(source, Path):
                found.append((name, read_plan(source)))
            else:
                changed, network, question = posed(app, source)
                workspace = workspace or changed
                result = evacuate(
                    changed, network, question, step_s=step_s, effort=effort_of(changed, effort)
                )
                found.append((name, result))
            done(k + 1)
    comparison = compare(found)
    app.emit(comparison)
    if not app.json:
        _print(app, workspace or app.workspace(), comparison)
        if effort == "quick" and workspace is not None:
            app.say(FIRST_PLANS)
    if any(p.left_over_persons for p in comparison.plans):
        app.finish(EXIT_INFEASIBLE)
    app.finish(EXIT_FINDINGS if any(p.late_persons for p in comparison.plans) else EXIT_OK)


def _variant(text: str, asked: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | Path]:
    """Return the name of a plan, and its question or its file."""
    name, equals, options = text.partition("=")
    if not equals and text.endswith(".json"):
        return Path(text).stem, Path(text)
    if equals and options.endswith(".json") and " " not in options.strip() and not options.startswith("-"):
        return name, Path(options)
    if not equals or not name.strip() or (options.strip() and not options.strip().startswith("-")):
        raise UsageError(
            Text("看不懂方案 {p}", "What plan is {p}?").format(p=text),
            hint=Text(
                "写成“名称=选项”，例如 '开侧门=--open gate/a'；原样的方案写成 '现状='。",
                "Write NAME=OPTIONS, e.g. 'gate open=--open gate/a'; the plan as it is: 'now='.",
            ),
        )
    return name.strip(), _overlaid(asked, name, options)


def _overlaid(asked: Mapping[str, Any], name: str, options: str) -> Mapping[str, Any]:
    """Return the question common to all with a plan's own options on top; what may be repeated is added."""
    ask = question_options(Command(name=None, callback=lambda **given: given))
    here = click.get_current_context()
    try:
        words = shlex.split(options)
    except ValueError as error:
        raise UsageError(
            Text("方案“{n}”的引号没有成对", "The quotes of plan {n} do not match").format(n=name)
        ) from error
    context = ask.make_context("compare", words, parent=here.parent)
    merged = dict(asked)
    for key, value in context.params.items():
        if context.get_parameter_source(key) is ParameterSource.COMMANDLINE:
            merged[key] = (*merged[key], *value) if isinstance(value, tuple) else value
    return merged


def _print(app: App, workspace: Workspace, comparison: ComparisonResult) -> None:
    plans = comparison.plans
    rows: list[tuple[Text, list[object]]] = [
        (Text("需疏散（人）", "persons"), [p.demand_persons for p in plans]),
        (Text("未安置（人）", "left over"), [p.left_over_persons for p in plans]),
        (Text("晚于期限（人）", "late"), [p.late_persons for p in plans]),
        (
            Text("全部进入（模拟，分）", "all inside, simulated [min]"),
            [_minutes(p.simulated_clearance_s) for p in plans],
        ),
        *_against_the_first(plans),
        (Text("全部进入（网络，分）", "all inside, network [min]"), [_minutes(p.clearance_s) for p in plans]),
        (Text("理论下界（分）", "bound [min]"), [_minutes(p.bound_s) for p in plans]),
        (Text("总步行（人·公里）", "walking [person-km]"), [round(p.walking_person_km) for p in plans]),
        (Text("平均步行（米）", "mean walk [m]"), [_round(p.mean_walk_m) for p in plans]),
        (Text("最远（米）", "longest walk [m]"), [_round(p.longest_walk_m) for p in plans]),
        (Text("社区间进入时间差（分）", "between communities [min]"), [_minutes(p.spread_of_clearance_s) for p in plans]),
        (Text("社区间平均步行差（米）", "between communities [m]"), [_round(p.spread_of_mean_walk_m) for p in plans]),
    ]  # fmt: skip
    if any(p.optimum_s is not None for p in plans):
        rows[6:6] = [
            (Text("最优（分）", "optimum [min]"), [_minutes(p.optimum_s) for p in plans]),
            (Text("差距（%）", "gap [%]"), [None if p.gap is None else 100 * p.gap for p in plans]),
        ]
    head: list[Text | str] = [Text("项目", "item"), *(p.name for p in plans)]
    app.table(
        head, [(label, *values) for label, values in rows], title=Text("疏散方案比较", "Plans compared")
    )
    communities = sorted({c.community for p in plans for c in p.communities})
    if len(communities) > 1:
        app.table(
            [Text("社区：全部进入（分）", "community: all inside [min]"), *(p.name for p in plans)],
            [(workspace.name(c), *(_inside(p, c) for p in plans)) for c in communities],
        )
    if not comparison.same_inputs:
        app.say(
            Text(
                "注意：这些方案不是用同一份工作区数据算的。",
                "Note: not all were made from the same workspace files.",
            )
        )
    if not comparison.same_people:
        app.say(
            Text(
                "注意：各方案需疏散的人数不同，时间不宜直接相比。",
                "Note: they move different numbers of people; times do not compare directly.",
            )
        )
    short = [p.name for p in plans if p.left_over_persons]
    if short:
        app.say(
            Text("还有人没有去处的方案：{n}。", "Somebody is left over in: {n}.").format(n=listing(short))
        )


def _against_the_first(plans: Sequence[PlanFigures]) -> list[tuple[Text, list[object]]]:
    """Return by how much each is earlier or later than the first plan; rounded away is neither."""
    gains = [None if p.simulated_gain_s is None else round(p.simulated_gain_s / 60, 1) for p in plans]
    rows: list[tuple[Text, list[object]]] = [
        (
            Text("　比基准早（分）", "  earlier than the first [min]"),
            [None if g is None or g < 0 else abs(g) for g in gains],
        )
    ]
    if any(g is not None and g < 0 for g in gains):
        rows.append(
            (
                Text("　比基准晚（分）", "  later than the first [min]"),
                [None if g is None or g >= 0 else -g for g in gains],
            )
        )
    return rows


def _inside(plan: PlanFigures, community: str) -> object:
    row = next((c for c in plan.communities if c.community == community), None)
    return None if row is None else _minutes(row.simulated_clearance_s)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _round(value: float | None) -> int | None:
    return None if value is None else round(value)
