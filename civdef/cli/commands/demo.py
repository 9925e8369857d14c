"""``civdef demo``: the main job from end to end on the sample street."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from civdef.cli.common import App, civdef_command
from civdef.cli.usage import Location
from civdef.errors import EXIT_OK
from civdef.text import Text, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from civdef.audit.result import Audit
    from civdef.cli.results import DemoResult
    from civdef.coverage.result import CoverageResult
    from civdef.drill.result import DrillResult
    from civdef.errors import CivdefError
    from civdef.evacuate.result import EvacuationResult
    from civdef.evacuate.solve import Solution
    from civdef.graph.roads import StreetNetwork
    from civdef.load.check import CheckResult
    from civdef.model.scenario import Drill
    from civdef.model.workspace import Workspace

SAMPLE = "civdef-demo"
"""Folder that the sample is copied to when the demo is not run inside a workspace."""

_STEPS = 6
_PLAN = "plan/earthquake"
_KEPT = "evacuation.json"


@dataclass
class _Run:
    """What the demo has so far, and the clock of its steps."""

    app: App
    step: int = 0
    files: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, title: Text, total: float | None = None) -> Iterator[Any]:
        """Announce a step, show its progress, and say how long it took."""
        self.step += 1
        head = f"[{self.step}/{_STEPS}] {title.in_(self.app.lang)}"
        self.app.say(f"\n{head}")
        began = time.perf_counter()
        with self.app.progress(title, total) as update:
            yield update
        self.app.remark(
            Text("      用时 {s:.1f} 秒", "      {s:.1f} s").format(s=time.perf_counter() - began)
        )

    def tell(self, text: Text) -> None:
        """Print one line of a step's summary."""
        self.app.say("      " + text.in_(self.app.lang))


@civdef_command(
    Text(
        "完整演示：核对→审查→覆盖→疏散→演练→地图，结果汇总在 out/index.html。",
        "The whole job: check, audit, coverage, evacuation, drill, maps; out/index.html links it all.",
    )
)
@click.argument("directory", required=False, type=Location())
def command(app: App, directory: Path | None) -> None:
    """Run the whole job."""
    root = _root(app, directory)
    out = root / "out"
    run = _Run(app)
    began = time.perf_counter()
    workspace, checked = _check(run, root, out)
    audit = _audit(run, workspace)
    network, covered = _coverage(run, workspace)
    solution, evacuation = _evacuate(run, workspace, network, out)
    drills = _drills(run, workspace, network, evacuation, out)
    _maps(run, workspace, network, covered, solution, evacuation, out)
    _index(run, workspace, out, checked, audit, covered, evacuation, drills)
    app.emit(_summary(workspace, checked, audit, covered, evacuation, drills))
    shown = _shown(out / "index.html")
    app.say()
    app.say(
        Text(
            "全部完成，用时 {s:.0f} 秒。下一步：用浏览器打开 {f}",
            "All done in {s:.0f} s. Next: open {f} in a browser.",
        ).format(s=time.perf_counter() - began, f=shown)
    )
    app.finish(EXIT_OK)


def _summary(
    workspace: Workspace,
    checked: CheckResult,
    audit: Audit,
    covered: CoverageResult,
    evacuation: EvacuationResult | None,
    drills: list[DrillResult],
) -> DemoResult:
    from civdef.cli.results import DemoResult, DrillLine

    return DemoResult(
        inputs=dict(workspace.inputs),
        check_ok=checked.ok,
        audit_findings=len(audit.findings),
        uncovered_persons=covered.shelters.uncovered_persons,
        demand_persons=evacuation.demand_persons if evacuation else None,
        placed_persons=evacuation.placed_persons if evacuation else None,
        left_over_persons=evacuation.left_over_persons if evacuation else None,
        simulated_clearance_s=evacuation.simulated_clearance_s if evacuation else None,
        bound_s=evacuation.bound_s if evacuation else None,
        drills=[
            DrillLine(
                id=d.drill,
                objectives=len(d.objectives),
                met=sum(o.rating in ("P", "S") for o in d.objectives),
                grade=str(d.grade),
            )
            for d in drills
        ],
        index="out/index.html",
    )


def _root(app: App, directory: Path | None) -> Path:
    """Return the workspace to run on: the one given or around us, else a copy of the sample."""
    from civdef.errors import UsageError
    from civdef.load.init import make_sample

    if directory is not None:
        app.folder = directory
        return app.root()
    try:
        return app.root()
    except UsageError:
        target = app.folder / SAMPLE
        if (target / "civdef.toml").is_file():
            return target.resolve()
        make_sample(target)
        app.say(Text("样例工作区已复制到 {d}", "The sample workspace was copied to {d}").format(d=target))
        return target.resolve()


def _check(run: _Run, root: Path, out: Path) -> tuple[Workspace, CheckResult]:
    """Check the workspace, and at once that its results can be written."""
    from civdef.load import load_workspace
    from civdef.load.check import result_of
    from civdef.render.json import write_json

    with run.stage(Text("核对工作区", "Checking the workspace")):
        workspace = load_workspace(root)
        checked = result_of(workspace, [], run.app.lang)
        write_json(out / "check.json", checked)
    totals = checked.totals
    assert totals is not None
    run.tell(
        Text(
            f"{totals.communities} 个社区，{totals.households:,} 户 {totals.residents:,} 人，{totals.units:,} 家单位，"
            f"{totals.plans} 个预案；文件没有错误",
            f"{totals.communities} communities, {totals.households:,} households, {totals.residents:,} residents,"
            f" {totals.units:,} units, {totals.plans} plans; no faults",
        )
    )
    for d in checked.differences:
        run.tell(
            Text(
                f"申报 {d.total} 为 {d.declared:,.0f}，实际清点 {d.counted:,.0f}",
                f"{d.total}: {d.declared:,.0f} declared, {d.counted:,.0f} counted",
            )
        )
    return workspace, checked


def _audit(run: _Run, workspace: Workspace) -> Audit:
    from civdef.audit.runner import run_audit

    with run.stage(Text("审查预案", "Auditing the plans"), total=1.0) as update:
        audit = run_audit(workspace, step=lambda done, of: update(done / of))
    counts = audit.counts
    run.tell(
        Text(
            f"{len(audit.run)} 条规则：错误 {counts['error']}，警告 {counts['warning']}，提示 {counts['info']}",
            f"{len(audit.run)} rules: {counts['error']} errors, {counts['warning']} warnings, {counts['info']} remarks",
        )
    )
    for finding in audit.findings[:3]:
        run.tell(Text("{p}：{m}", "{p}: {m}").format(p=finding.place, m=finding.message))
    return audit


def _coverage(run: _Run, workspace: Workspace) -> tuple[StreetNetwork, CoverageResult]:
    from civdef.coverage.shelters import coverage
    from civdef.graph.roads import build_street_network
    from civdef.model.town import DayPart

    with run.stage(Text("计算避难覆盖", "Working out who is within reach of a shelter")):
        network = build_street_network(workspace)
        covered = coverage(workspace, network, time=DayPart.NIGHT, hazard="earthquake")
    total = covered.shelters
    run.tell(
        Text(
            f"地震避难场所 {total.shelters} 处，名额 {total.places:,}；夜间在街道内的 {total.persons:,} 人"
            f"（居民和单位内人员）中 {total.uncovered_persons:,} 人超出服务距离",
            f"{total.shelters} earthquake shelters with {total.places:,} places; of the {total.persons:,}"
            f" persons in the street at night (residents and people at units) {total.uncovered_persons:,} are beyond reach",
        )
    )
    return network, covered


def _evacuate(
    run: _Run, workspace: Workspace, network: StreetNetwork, out: Path
) -> tuple[Solution | None, EvacuationResult | None]:
    from civdef.evacuate.question import Question
    from civdef.evacuate.solve import report, solve
    from civdef.model.town import DayPart
    from civdef.render.json import write_json

    able = [p.id for p in workspace.plans.values() if p.evacuation is not None]
    with run.stage(Text("编排疏散方案", "Planning the evacuation")):
        if able:
            plan = _PLAN if _PLAN in able else able[0]
            solution = solve(workspace, network, Question(plan, DayPart.NIGHT))
            result = report(workspace, solution)
            write_json(out / _KEPT, result)
    if not able:
        run.tell(Text("没有规定人员疏散的预案，跳过", "no plan has an evacuation policy: left out"))
        return None, None
    run.tell(
        Text(
            f"{workspace.name(plan).in_('zh')}：夜间需疏散 {result.demand_persons:,} 人（居民 {result.residents_persons:,}，"
            f"单位内 {result.visitors_persons:,}），已安置 {result.placed_persons:,} 人，未安置 {result.left_over_persons:,} 人",
            f"{workspace.name(plan).in_('en')}: {result.demand_persons:,} persons to move at night"
            f" ({result.residents_persons:,} residents, {result.visitors_persons:,} at units),"
            f" {result.placed_persons:,} placed, {result.left_over_persons:,} left over",
        )
    )
    simulated, bound = result.simulated_clearance_s, result.bound_s
    if simulated is not None and bound is not None:
        run.tell(
            Text(
                f"全部进入避难场所 {simulated / 60:.0f} 分钟（模拟）；任何方案都不会快于 {bound / 60:.0f} 分钟",
                f"everybody inside after {simulated / 60:.0f} min (simulated); no plan can beat {bound / 60:.0f} min",
            )
        )
    return solution, result


def _drills(
    run: _Run, workspace: Workspace, network: StreetNetwork, evacuation: EvacuationResult | None, out: Path
) -> list[DrillResult]:
    from civdef.cli.evacuations._kept import kept_plan
    from civdef.drill.evaluate import GRADES
    from civdef.drill.prepare import prepare
    from civdef.drill.run import run as run_drill
    from civdef.errors import CivdefError, UsageError
    from civdef.render.drill_report import write_drill

    results: list[DrillResult] = []
    stuck: list[tuple[Drill, CivdefError]] = []
    drills = list(workspace.drills.values())
    kept = kept_plan(out / _KEPT) if evacuation is not None else None
    followed: list[Drill] = []
    with run.stage(Text("演练", "Running the drills"), total=float(len(drills))) as update:
        for number, drill in enumerate(drills, start=1):
            same = kept is not None and _same_question(drill, kept.result)
            try:
                try:
                    ready = prepare(workspace, drill, network, kept if same else None)
                except UsageError:  # a plan whose ways are not found again is no reason not to drill
                    ready = prepare(workspace, drill, network)
                result = run_drill(ready)
            except CivdefError as error:
                stuck.append((drill, error))
            else:
                write_drill(result, out / "drills" / drill.id.partition("/")[2], journal_lang=run.app.lang)
                results.append(result)
                if result.evacuation_file is not None:
                    followed.append(drill)
            update(float(number))
    for missed, why in stuck:
        run.tell(Text("{n}：无法演练。{w}", "{n}: cannot be run. {w}").format(n=missed, w=why.message))
    if followed:
        run.tell(
            Text("沿用上一步编排的疏散方案：{d}", "follows the plan of the step before: {d}").format(
                d=listing(followed)
            )
        )
    for result in results:
        met = sum(o.rating in ("P", "S") for o in result.objectives)
        run.tell(
            Text("{n}：{m}/{a} 项目标达成，评定{g}", "{n}: {m} of {a} objectives met, grade: {g}").format(
                n=Text(result.name.in_("zh"), result.name.in_("en")),
                m=met,
                a=len(result.objectives),
                g=GRADES[result.grade],
            )
        )
    return results


def _same_question(drill: Drill, result: EvacuationResult) -> bool:
    """Whether a drill asks what the plan answers, so that people can follow it."""
    asked = (drill.plan, drill.day_part, drill.footprint or result.footprints)
    return asked == (result.plan, result.time, result.footprints)


def _maps(
    run: _Run,
    workspace: Workspace,
    network: StreetNetwork,
    covered: CoverageResult,
    solution: Solution | None,
    evacuation: EvacuationResult | None,
    out: Path,
) -> None:
    from civdef.render.map import write_map

    with run.stage(Text("绘制地图", "Drawing the maps")):
        maps = [
            write_map(
                workspace, network, coverage=covered, evacuation=evacuation, solution=solution, lang=run.app.lang,
                audience=audience, path=out / name, footprints=evacuation.footprints if evacuation else (),
            )
            for audience, name in (("command", "map.html"), ("public", "map-public.html"))
        ]  # fmt: skip
    for written in maps:
        run.tell(
            Text("{f}（{s:.1f} MB，断网可用）", "{f} ({s:.1f} MB, needs no network)").format(
                f=_shown(written.path), s=written.size_bytes / 1e6
            )
        )


def _index(
    run: _Run,
    workspace: Workspace,
    out: Path,
    checked: CheckResult,
    audit: Audit,
    covered: CoverageResult,
    evacuation: EvacuationResult | None,
    drills: list[DrillResult],
) -> None:
    from civdef.render.index import write_index
    from civdef.render.json import write_json
    from civdef.render.summary import DemoSummary, OutFile

    write_json(out / "audit.json", audit.result(run.app.lang))
    write_json(out / "coverage.json", covered)
    files = (
        OutFile("map.html", Text("疏散地图（指挥部版）", "Evacuation map (command staff)")),
        OutFile(
            "map-public.html",
            Text("疏散地图（公众版，无个人信息）", "Evacuation map (public, no personal data)"),
        ),
    )
    summary = DemoSummary(workspace, checked, audit, covered, evacuation, tuple(drills), files)
    write_index(out, summary, run.app.lang)


def _shown(path: Path) -> Path:
    """Return a path as a person would name it: relative where it lies below the current folder."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except (ValueError, OSError):
        return path
