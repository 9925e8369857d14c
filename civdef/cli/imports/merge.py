"""``civdef import merge``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.imports._pairs import pairs
from civdef.cli.usage import Location
from civdef.errors import EXIT_FINDINGS, EXIT_OK, UsageError
from civdef.text import Text

_SHOWN = 20
_ACTIONS = {"renamed": Text("更名或换代码", "renamed"), "joined": Text("并入", "joined with")}


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    import re

    if value is not None and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        raise UsageError(
            Text("--as-of {v}：应为年、年月或年月日", "--as-of {v}: write a year, month or day").format(
                v=value
            ),
            hint=Text(
                "例如 --as-of 2023 或 --as-of 2023-10-31。", "For example --as-of 2023 or --as-of 2023-10-31."
            ),
        )
    return value


@civdef_command(
    Text(
        "社区更名、换代码或合并：按对照表或新旧两份名单，改遍整个工作区的引用，逐处报告。",
        "Communities renamed, recoded or joined: by a map, or an old and a new official list, every reference in the workspace"
        " is rewritten and told.",
    ),
    name="merge",
)
@click.argument("file", required=False, metavar="[MAP]", type=Location())
@click.option(
    "--from", "old", cls=Option, multiple=True, type=Location(), metavar="FILE",
    help=Text("旧名单（代码、名称），可多次给出，如社区和街道各一份。", "Old list (code, name); may be repeated, e.g. communities and streets."),
)  # fmt: skip
@click.option(
    "--to", "new", cls=Option, multiple=True, type=Location(), metavar="FILE",
    help=Text("新名单，可多次给出。", "New list; may be repeated."),
)  # fmt: skip
@click.option(
    "--map", "mapped", cls=Option, multiple=True, metavar="FIELD=COLUMN",
    help=Text("对照表的字段取自哪一列，如 old_name=撤销社区。", "Which column of the map a field comes from, e.g. old_name=Was."),
)  # fmt: skip
@click.option(
    "--as-of", "as_of", cls=Option, metavar="DATE", callback=_day, help=Text("新名单的日期，记入社区。", "Date of the new list, kept with the communities."),
)  # fmt: skip
@click.option(
    "--texts", cls=Option, is_flag=True,
    help=Text("预案正文、队伍名称等文字中的旧名称也改；默认只列出。", "Rewrite old names in texts too; by default they are listed."),
)  # fmt: skip
@click.option(
    "--dry-run",
    "dry_run",
    cls=Option,
    is_flag=True,
    help=Text("只报告，不写入。", "Tell only; write nothing."),
)
def command(
    app: App,
    file: Path | None,
    old: tuple[Path, ...],
    new: tuple[Path, ...],
    mapped: tuple[str, ...],
    as_of: str | None,
    texts: bool,
    dry_run: bool,
) -> None:
    """Rename communities."""
    from civdef.load.rename import MergeRequest, merge_communities

    request = MergeRequest(file, old, new, pairs(mapped, "--map"), as_of, texts, dry_run)
    root = app.root()
    with app.progress(Text("更名", "Renaming")):
        result = merge_communities(root, request, app.lang)
    app.emit(result)
    code = EXIT_FINDINGS if result.undecided else EXIT_OK
    if app.json:
        app.finish(code)
    if result.changes:
        app.table(
            [
                Text("原社区", "was"), Text("原代码", "old code"), Text("变化", "change"), Text("现社区", "is"),
                Text("新代码", "new code"), Text("编号", "id"),
            ],
            [
                (c.old_name, c.old_code or "", _ACTIONS[c.action], c.new_name, c.new_code or "", c.new_id)
                for c in result.changes
            ],
        )  # fmt: skip
    files: dict[str, int] = {}
    for place in result.places:
        if place.what != "mention":
            files[place.file] = files.get(place.file, 0) + 1
    for name, n in list(files.items())[:_SHOWN]:
        app.say(Text("  {f}：{n} 处", "  {f}: {n} places").format(f=name, n=n))
    if len(files) > _SHOWN:
        app.say(Text("  另有 {n} 个文件", "  and {n} more files").format(n=len(files) - _SHOWN))
    for note in result.notes:
        app.say(Text("提示：{n}", "Note: {n}").format(n=note))
    if not result.changes and not result.replaced:
        app.say(Text("工作区的社区没有变化。", "Nothing changes for the communities of the workspace."))
    elif dry_run:
        app.say(Text("共 {n} 处可改，尚未写入：核对后去掉 --dry-run 再运行。", "{n} places would change; nothing is written: run it again without --dry-run.").format(n=result.replaced))  # fmt: skip
    else:
        app.say(Text("已改 {n} 处，没有悬空引用；逐处见 {f}", "{n} places rewritten, no reference left dangling; every place: {f}").format(n=result.replaced, f=result.report))  # fmt: skip
    app.finish(code)
