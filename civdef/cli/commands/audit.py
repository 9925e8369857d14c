"""``civdef audit``."""

from __future__ import annotations

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.errors import EXIT_FINDINGS, EXIT_OK, UsageError
from civdef.text import Text


@civdef_command(
    Text(
        "审查预案：逐项检查组织、任务、正文、场所、日期和法律依据，给出文件行号、依据和改法。"
        "可写预案名只看与其有关的问题。",
        "Audit the plans: organisation, tasks, texts, places, dates and legal basis, each finding with file, line,"
        " clause and fix. Name plans to see only what concerns them.",
    )
)
@click.argument("plans", nargs=-1, metavar="[PLAN]...")
@click.option(
    "--profile",
    cls=Option,
    type=click.Choice(["basic", "standard", "full"]),
    help=Text(
        "检查的深度；不给则用 civdef.toml 的 audit.profile。",
        "How deep to look; by default audit.profile of civdef.toml.",
    ),
)
@click.option(
    "--only",
    cls=Option,
    multiple=True,
    metavar="CODE",
    help=Text(
        "只运行这一项检查（编号或名称），可多次给出。",
        "Run only this rule (code or name); may be given more than once.",
    ),
)
@click.option(
    "--format",
    "form",
    cls=Option,
    type=click.Choice(["text", "json", "sarif", "github"]),
    help=Text("输出格式（默认 text）。", "Format of the output (default text)."),
)
@click.option(
    "--fail-on", cls=Option, type=click.Choice(["error", "warning", "info"]), default="warning",
    help=Text("有这一级或更严重的问题时退出码为 1（默认 warning）。", "Exit with 1 on findings this grave or graver (default warning)."),
)  # fmt: skip
def command(
    app: App,
    plans: tuple[str, ...],
    profile: str | None,
    only: tuple[str, ...],
    form: str | None,
    fail_on: str,
) -> None:
    """Audit the plans."""
    from civdef.audit.formats import render
    from civdef.audit.runner import run_audit

    if app.json and form not in (None, "json"):
        raise UsageError(
            Text("--json 与 --format {f} 不能同时使用", "--json and --format {f} exclude each other").format(
                f=form
            )
        )
    app.json = app.json or form == "json"
    workspace = app.workspace()
    with app.progress(Text("审查预案", "Auditing the plans"), total=1.0) as update:
        audit = run_audit(
            workspace,
            profile=profile,  # type: ignore[arg-type]
            only=only,
            plans=plans,
            step=lambda done, of: update(done / of),
        )
    click.echo(render(audit, "json" if app.json else form or "text", app.lang), nl=False, color=app.colour)
    app.finish(EXIT_FINDINGS if audit.fails(fail_on) else EXIT_OK)  # type: ignore[arg-type]
