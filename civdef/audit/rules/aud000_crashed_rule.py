"""AUD000: a rule crashed."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import PurePath

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.errors import CivdefError
from civdef.text import Text

RULE = Rule(
    code="AUD000",
    name="audit.crashed-rule",
    severity="error",
    profile="basic",
    title=Text("检查项自身出错", "A rule crashed"),
    why=Text(
        "该检查项没有查完，它本应发现的问题可能还在；其他检查项不受影响。",
        "The rule did not finish, so what it would have found may still be there. Other rules are not affected.",
    ),
    fix=Text(
        "这是 civdef 的缺陷：请把本条信息连同命令报告给维护者。修复前可在 audit.disable 中停用出错的检查项。",
        "A defect of civdef: report this line and the command. Until it is mended the crashed rule may be listed in audit.disable.",
    ),
    wrong="ORG001: KeyError",
    right="",
    sources=(CIVDEF.whole,),
    needs=("run",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every crash; neither values nor paths of the machine are shown."""
    for failure in audit.run.failures:
        if isinstance(failure.error, CivdefError):
            continue
        frames = traceback.extract_tb(failure.error.__traceback__)
        where = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        yield Hit(
            "settings",
            ("audit", failure.rule.code),
            Text("检查项 {c} 出错：{e}（{w}）", "Rule {c} crashed: {e} ({w})").format(
                c=failure.rule.code, e=type(failure.error).__name__, w=where
            ),
            RULE.fix,
        )
