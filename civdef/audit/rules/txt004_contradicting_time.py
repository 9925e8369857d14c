"""TXT004: the time in the data is not the time that the cited clause states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from civdef.audit.citations import citations
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.audit.times import stated_times_min
from civdef.text import Text, listing

RULE = Rule(
    code="TXT004",
    name="text.contradicting-time",
    severity="warning",
    profile="standard",
    title=Text("时限与所引条款不一致", "A time limit is not the one that the cited clause states"),
    why=Text(
        "执行人按正文办，演练按数据查；两处时限不同，要么任务被误判为超时，要么真超时了没人发现。",
        "People act by the text and drills judge by the data; where the two differ, either a task is called late that was not, or nobody notices that it was.",
    ),
    fix=Text(
        "核定时限，把数据和正文改成同一个数。",
        "Settle the time and write the same in the data and in the text.",
    ),
    wrong='within_min: 15\nclause: "4.1.1"   # 4.1.1 says: within 20 minutes',
    right='within_min: 20\nclause: "4.1.1"',
    sources=(CIVDEF.whole,),
    needs=("texts",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every time that its clause states otherwise.

    A clause without times is left alone. One clause may govern several tasks: a task or policy is at fault only if
    the clause states a time that nothing else which cites it keeps. A report owes exactly a time that its clause states.
    """
    for plan in audit.workspace.plans.values():
        text = audit.texts.get((plan.id, "zh"))
        if text is None:
            continue
        timed = [c for c in citations(plan) if c.time_min is not None and c.clause in text.clauses]
        for cited in timed:
            assert cited.time_min is not None
            assert cited.clause is not None
            clause = text.clauses[cited.clause]
            stated = stated_times_min(clause.heading + "\n" + clause.body)
            if not stated or _among(cited.time_min, stated):
                continue
            kept = [c.time_min for c in timed if c.clause == cited.clause and c.time_min is not None]
            free = [t for t in stated if not _among(t, kept)]
            if not free and cited.path[0] != "reports":
                continue
            yield Hit(
                plan.id,
                cited.time_path,
                Text(
                    "{w}的时限是 {m:g} 分钟，而所引第 {c} 条写的是 {t} 分钟",
                    "{w} is due within {m:g} min, but clause {c}, which it cites, says {t} min",
                ).format(
                    w=cited.who,
                    m=cited.time_min,
                    c=clause.number,
                    t=listing(f"{t:g}" for t in free or stated),
                ),
                Text(
                    "把这里的时限与 {f} 第 {n} 行的第 {c} 条统一。",
                    "Make this time and clause {c} ({f}, line {n}) agree.",
                ).format(f=text.file, n=clause.line, c=clause.number),
            )


def _among(time_min: float, times: Iterable[float]) -> bool:
    return any(abs(time_min - t) < 0.5 for t in times)
