"""``civdef graph``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.errors import UsageError
from civdef.text import Text


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
    app.table([Text("对象种类", "kind of node"), Text("数量", "count")], list(result.counts.items()))
    app.table([Text("关系种类", "kind of edge"), Text("数量", "count")], list(result.edge_counts.items()))
    if about is not None:
        rows = [
            (part.nodes[u][app.lang], d["kind"], part.nodes[v][app.lang], f"{d['file']}:{d['line']}")
            for u, v, d in part.edges(data=True)
        ]
        columns = [Text("起", "from"), Text("关系", "edge"), Text("止", "to"), Text("出处", "written at")]
        app.table(columns, rows)


def _unknown(about: str, known: list[str]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(about, known, n=1)
    hint = Text(f"是否想写 {near[0]}？", f"Did you mean {near[0]}?") if near else None
    return UsageError(Text("图中没有 {i}", "The graph has no {i}").format(i=about), hint=hint)
