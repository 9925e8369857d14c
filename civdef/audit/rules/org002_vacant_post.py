"""ORG002: a post that a plan relies on has no holder."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="ORG002",
    name="organisation.vacant-post",
    severity="error",
    profile="basic",
    title=Text("岗位无人任职", "A post is vacant"),
    why=Text(
        "任务、启动权限和指挥关系都落在岗位上；岗位空着，写给它的事就没有人做。",
        "Tasks, powers and command rest on posts; what is written for a vacant one is done by nobody.",
    ),
    fix=Text(
        "在 holder 中填写任职人员；确实空缺的，撤销岗位并改派其任务。",
        "Name the holder; if the post is really gone, remove it and give its tasks to another.",
    ),
    wrong="posts:\n  - id: post/commander\n    name: {zh: 总指挥}",
    right="posts:\n  - id: post/commander\n    name: {zh: 总指挥}\n    holder: person/an",
    sources=(RESPONSE_LAW.article(28),),
    needs=("graph",),
)

RELIES = frozenset({"leads", "deputises", "commands", "starts", "ends", "responsible_for"})
"""Kinds of edges by which something relies on a post."""


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every vacant post that something relies on, by rota or not."""
    on_rota = {s.role for s in audit.workspace.duty}
    for post in audit.workspace.posts.values():
        if post.holder is not None or post.id.partition("/")[2].replace("-", "_") in on_rota:
            continue
        reliant = sorted({v for _, v, d in audit.graph.out_edges(post.id, data=True) if d["kind"] in RELIES})
        if reliant:
            yield Hit(
                post.id,
                (),
                Text("{p}无人任职，而它负责：{r}", "{p} is vacant, and these rely on it: {r}").format(
                    p=post, r=listing(reliant, 4)
                ),
                RULE.fix,
                tuple(reliant),
            )
