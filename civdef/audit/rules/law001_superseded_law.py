"""LAW001: a plan rests on a version of a law that is no longer in force."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES
from civdef.model.plan import Plan, StandingRule
from civdef.text import Text, listing

RULE = Rule(
    code="LAW001",
    name="law.superseded-law",
    severity="warning",
    profile="basic",
    title=Text("编制依据不是现行有效版本", "A plan rests on a version that is no longer in force"),
    why=Text(
        "依据变了，职责、程序和时限往往也变了；有关规定发生重大变化的，应当及时修订预案。",
        "When the basis changes, duties, procedure and times often change too; the measures call for a timely revision.",
    ),
    fix=Text(
        "对照现行版本修订预案，再改 basis 中的年份。",
        "Revise the plan against the version in force, then correct the year under `basis`.",
    ),
    wrong="basis:\n  - {title: {zh: 中华人民共和国突发事件应对法}, year: 2007}",
    right="basis:\n  - {title: {zh: 中华人民共和国突发事件应对法}, year: 2024}",
    sources=(PLAN_MEASURES.article(35),),
    needs=("laws",),
    settings=("audit.laws",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every basis whose year is not the one in force on the as-of date; unknown laws are left alone."""
    ws = audit.workspace
    documents: tuple[Plan | StandingRule, ...] = (*ws.plans.values(), *ws.rules.values())
    for document in documents:
        for i, basis in enumerate(document.basis):
            title = basis.title.zh
            right = audit.laws.right_years(title, audit.as_of) if title else ()
            version = audit.laws.version(title) if title else None
            if version is None or not right or basis.year in right:
                continue
            older = basis.year < max(right)
            what = (
                Text(
                    "{p}依据的是《{t}》{y} 年版，现行有效的是 {r} 年版",
                    "{p} rests on {t} of {y}; in force is that of {r}",
                )
                if older
                else Text(
                    "{p}依据《{t}》{y} 年版，而所知的现行版本是 {r} 年版",
                    "{p} rests on {t} of {y}; the version known to be in force is that of {r}",
                )
            )
            yield Hit(
                document.id,
                ("basis", i, "year"),
                what.format(p=document, t=basis.title, y=basis.year, r=listing(right)),
                Text("{f}（现行版本的出处：{s}）", "{f} (source for the version in force: {s})").format(
                    f=RULE.fix, s=version.source
                )
                if older
                else Text(
                    "核对年份；确有新版的，在 civdef.toml 的 audit.laws 中登记。",
                    "Check the year; if there is a newer version, enter it under `audit.laws` in civdef.toml.",
                ),
            )
