"""``civdef graph``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.errors import UsageError
from civdef.text import Text, nearest

_KINDS = {
    "assisted": Text("需协助人员", "people who need help"),
    "building": Text("房屋", "buildings"),
    "channel": Text("通信手段", "channels"),
    "community": Text("社区", "communities"),
    "compound": Text("小区（院落）", "compounds"),
    "drill": Text("演练", "drills"),
    "equipment": Text("装备物资", "equipment"),
    "external": Text("外部单位", "outside bodies"),
    "fixed-post": Text("固定点位", "fixed posts"),
    "gate": Text("大门", "gates"),
    "group": Text("指挥组", "command groups"),
    "hazard": Text("灾害范围", "hazard footprints"),
    "hazard-kind": Text("灾种", "kinds of hazard"),
    "headquarters": Text("指挥部", "headquarters"),
    "office": Text("科室部门", "offices"),
    "person": Text("人员", "people"),
    "plan": Text("预案", "plans"),
    "post": Text("岗位", "posts"),
    "rule": Text("制度", "standing rules"),
    "shelter": Text("避难场所", "shelters"),
    "siren": Text("警报器", "sirens"),
    "task": Text("任务", "tasks"),
    "team": Text("队伍", "teams"),
    "trigger": Text("启动条件", "triggers"),
    "unit": Text("单位", "enterprises and institutions"),
    "vehicle": Text("车辆", "vehicles"),
}
_EDGES = {
    "acts_at": Text("地点在", "acts at"),
    "after": Text("须等待", "after"),
    "backs_up": Text("备用于", "backs up"),
    "commands": Text("指挥", "commands"),
    "covers": Text("针对", "covers"),
    "deputises": Text("代理", "deputises for"),
    "drives": Text("驾驶", "drives"),
    "ends": Text("有权终止", "may end"),
    "exercises": Text("演练", "exercises"),
    "filed_with": Text("备案于", "filed with"),
    "helps": Text("帮助", "helps"),
    "holds": Text("担任", "holds"),
    "informs": Text("通知", "informs"),
    "leads": Text("负责", "leads"),
    "needs": Text("需要", "needs"),
    "on_duty": Text("值班", "on duty"),
    "part_of": Text("属于", "part of"),
    "relates_to": Text("衔接", "relates to"),
    "reports_to": Text("报告", "reports to"),
    "responsible_for": Text("承担", "responsible for"),
    "staffs": Text("成员", "staffs"),
    "starts": Text("有权启动", "may start"),
    "stored_at": Text("存放于", "stored at"),
    "triggers": Text("启动", "triggers"),
}


@civdef_command(
    Text(
        "导出准备工作关系图（谁、做什么、在哪里、靠什么），并列出各类对象和关系的数量。",
        "Export the preparedness graph (who, what, where, with what) and count what stands where.",
    )
)
@click.option(
    "--format",
    "form",
    cls=Option,
    type=click.Choice(["graphml", "dot", "mermaid", "json"]),
    help=Text("导出格式；不给则只打印统计。", "Format to export; without it only the counts are printed."),
)
@click.option(
    "-o",
    "output",
    cls=Option,
    metavar="FILE",
    help=Text("写入文件；不给则打印到标准输出。", "File to write; without it the export goes to stdout."),
)
@click.option(
    "--kind",
    "kinds",
    metavar="KIND",
    cls=Option,
    multiple=True,
    help=Text(
        "只保留这些种类的对象，可多次给出，如 group、team、task。",
        "Keep only nodes of these kinds, e.g. group, team, task.",
    ),
)
@click.option(
    "--about",
    cls=Option,
    metavar="ID",
    help=Text(
        "只看一个对象的周围，如 group/evacuation。", "Only what surrounds one object, e.g. group/evacuation."
    ),
)
@click.option(
    "--steps", cls=Option, type=click.IntRange(1, 10), default=1,
    help=Text("--about 向外走几步（默认 1）。", "How many steps --about reaches (default 1)."),
)  # fmt: skip
def command(
    app: App, form: str | None, output: str | None, kinds: tuple[str, ...], about: str | None, steps: int
) -> None:
    """Export the preparedness graph."""
    from civdef.graph.export import MERMAID_EDGES, select, to_result, to_text
    from civdef.graph.preparedness import build_preparedness_graph

    workspace = app.workspace()
    graph = build_preparedness_graph(workspace)
    inputs = dict(workspace.inputs)
    known = sorted({d["kind"] for _, d in graph.nodes(data=True)})
    for kind in kinds:
        if kind not in known:
            raise UsageError(
                Text("图中没有 {k} 这种对象", "The graph has no nodes of kind {k}").format(k=kind),
                hint=Text("可用的种类：" + "、".join(known), "Kinds: " + ", ".join(known)),
            )
    if about is not None and about not in graph:
        raise _unknown(about, list(graph))
    part = select(graph, kinds=kinds, about=about, steps=steps)
    if app.json:
        app.emit(to_result(part, inputs))
        app.finish()
    if form is not None:
        if form == "mermaid" and part.number_of_edges() > MERMAID_EDGES:
            app.remark(
                Text(
                    "提示：共 {n} 条关系，多数 Mermaid 查看器只画 {m} 条；用 --kind 或 --about 缩小范围。",
                    "Note: {n} edges; most Mermaid viewers draw {m}. Narrow it with --kind or --about.",
                ).format(n=part.number_of_edges(), m=MERMAID_EDGES)
            )
        text = to_text(part, form, app.lang, inputs)
        if output is None:
            click.echo(text, nl=False)
        else:
            from civdef.files import write_text

            write_text(Path(output), text)
            app.say(Text("已写入 {f}", "Written: {f}").format(f=output))
        app.finish()
    result = to_result(part, inputs)
    heads = [Text("对象", "nodes"), Text("代号", "kind"), Text("数量", "count")]
    app.table(heads, [(_KINDS.get(k, k), k, n) for k, n in result.counts.items()])
    heads = [Text("关系", "edges"), Text("代号", "kind"), Text("数量", "count")]
    app.table(heads, [(_EDGES.get(k, k), k, n) for k, n in result.edge_counts.items()])
    if about is not None:
        rows = [
            (
                part.nodes[u][app.lang],
                _EDGES.get(d["kind"], d["kind"]),
                part.nodes[v][app.lang],
                f"{d['file']}:{d['line']}",
            )
            for u, v, d in part.edges(data=True)
            if steps > 1 or about in (u, v)
        ]
        columns = [Text("起", "from"), Text("关系", "edge"), Text("止", "to"), Text("出处", "written at")]
        app.table(columns, rows)


def _unknown(about: str, known: list[str]) -> UsageError:
    near = nearest(about, known)
    hint = Text(f"是否想写 {near}？", f"Did you mean {near}?") if near else None
    return UsageError(Text("图中没有 {i}", "The graph has no {i}").format(i=about), hint=hint)
