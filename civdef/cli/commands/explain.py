"""``civdef explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civdef.cli.common import App, civdef_command
from civdef.errors import UsageError
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.model.settings import AuditSettings


@civdef_command(
    Text(
        "解释检查项：发现什么、为什么、依据哪一条、怎么改、怎么停用。不写编号则列出全部检查项。",
        "Explain a rule: what it finds, why, by which clause, how to mend, how to switch it off. Without a code, list them all.",
    )
)
@click.argument("rules", nargs=-1, metavar="[CODE|NAME]...")
def command(app: App, rules: tuple[str, ...]) -> None:
    """Explain rules."""
    from civdef.audit.catalogue import catalogue
    from civdef.audit.explain import explain, page
    from civdef.audit.formats.text import WORDS

    known = catalogue()
    entries = [known.find(name) for name in rules] or list(known)
    result = explain(known, _settings(app), entries, app.lang)
    app.emit(result)
    if app.json:
        app.finish()
    if rules:
        app.say(("\n" + "-" * 40 + "\n").join(page(rule, app.lang) for rule in result.rules))
        app.finish()
    columns = [
        Text("编号", "code"),
        Text("名称", "name"),
        Text("级别", "severity"),
        Text("档", "profile"),
        Text("发现什么", "what it finds"),
    ]
    app.table(columns, [(r.code, r.name, WORDS[r.severity], r.profile, r.title) for r in result.rules])
    app.say(Text("civdef explain 编号 可看详情。", "civdef explain CODE says more."))


def _settings(app: App) -> AuditSettings:
    """Return the workspace's audit settings, or the defaults: rules can be explained anywhere."""
    from civdef.load.settings import read_settings
    from civdef.model.settings import AuditSettings

    try:
        found = read_settings(app.root())
    except UsageError:
        found = None
    return found.audit if found is not None else AuditSettings()
