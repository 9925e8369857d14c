"""TXT001: data cites a clause that the plan's text does not have."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.citations import citations
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.text import Text, listing

RULE = Rule(
    code="TXT001",
    name="text.unknown-clause",
    severity="error",
    profile="basic",
    title=Text("引用的条款在正文中不存在", "A clause is cited that the text does not have"),
    why=Text(
        "任务、启动条件和演练结果都靠条款号指回正文；号码对不上，执行人查不到依据，演练也说不清是哪一条落空。",
        "Tasks, triggers and drill results point back to the text by clause; if the number leads nowhere, nobody can look it up and a drill cannot say which clause failed.",
    ),
    fix=Text(
        "改成正文中有的条款号，或在正文中补上这一条。",
        "Cite a clause that the text has, or add the clause to the text.",
    ),
    wrong='tasks:\n  - id: activate\n    clause: "4.9"   # the text ends with 4.3',
    right='tasks:\n  - id: activate\n    clause: "4.1"',
    sources=(CIVDEF.whole,),
    needs=("texts",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every citation that a text of the plan cannot answer."""
    for plan in audit.workspace.plans.values():
        texts = {
            lang: audit.texts[(plan.id, lang)] for lang in ("zh", "en") if (plan.id, lang) in audit.texts
        }
        for cited in citations(plan):
            if cited.clause is None:
                continue
            lacking = [text for text in texts.values() if cited.clause not in text.clauses]
            if not lacking:
                continue
            known = sorted(lacking[0].clauses, key=lambda n: [int(p) for p in n.split(".")])
            same = [n for n in known if n.split(".")[0] == cited.clause.split(".")[0]] or known
            yield Hit(
                plan.id,
                cited.path,
                Text(
                    "{w}引用第 {c} 条，{f} 中没有这一条", "{w} cites clause {c}, which {f} does not have"
                ).format(w=cited.who, c=cited.clause, f=listing(text.file for text in lacking)),
                Text(
                    "改为正文中有的条款（如 {k}），或在正文中补写第 {c} 条。",
                    "Cite a clause that is there (such as {k}), or write clause {c}.",
                ).format(k=listing(same, 6), c=cited.clause)
                if same
                else RULE.fix,
            )
