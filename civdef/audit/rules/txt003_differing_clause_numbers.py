"""TXT003: the Chinese and English texts of a plan number their clauses differently."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.text import Text, listing

RULE = Rule(
    code="TXT003",
    name="text.differing-clause-numbers",
    severity="warning",
    profile="standard",
    title=Text("中英文正文的条款号不一致", "The Chinese and English texts number their clauses differently"),
    why=Text(
        "同一个号码在两种文本里指不同的内容，引用条款的任务和指令就会被读错。",
        "One number then means two things, and whoever follows a task or an order by clause reads the wrong one.",
    ),
    fix=Text(
        "以中文为准，补齐或重编另一文本的条款号。",
        "Take the Chinese text as the measure; complete or renumber the other.",
    ),
    wrong="zh: 4.1 4.2 4.3    en: 4.1 4.2",
    right="zh: 4.1 4.2 4.3    en: 4.1 4.2 4.3",
    sources=(CIVDEF.whole,),
    needs=("texts",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan or rule whose two texts differ, at the first clause that has no partner."""
    for object_id in dict.fromkeys(i for i, _ in audit.texts):
        zh, en = audit.texts.get((object_id, "zh")), audit.texts.get((object_id, "en"))
        if zh is None or en is None:
            continue
        only_zh = [c for c in zh.clauses.values() if c.number not in en.clauses]
        only_en = [c for c in en.clauses.values() if c.number not in zh.clauses]
        if not only_zh and not only_en:
            continue
        file, line = (zh.file, only_zh[0].line) if only_zh else (en.file, only_en[0].line)
        parts_zh, parts_en = [], []
        if only_zh:
            found = listing(c.number for c in only_zh)
            parts_zh.append(f"中文有、英文没有：{found.zh}")
            parts_en.append(f"in Chinese only: {found.en}")
        if only_en:
            found = listing(c.number for c in only_en)
            parts_zh.append(f"英文有、中文没有：{found.zh}")
            parts_en.append(f"in English only: {found.en}")
        yield Hit(
            object_id,
            ("text",),
            Text("{n}的中英文条款号不一致；{d}", "The two texts of {n} differ in their clauses; {d}").format(
                n=audit.workspace.name(object_id), d=Text("；".join(parts_zh), "; ".join(parts_en))
            ),
            RULE.fix,
            file=file,
            line=line,
        )
