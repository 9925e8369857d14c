"""Who acts for a body, in order: the one on duty, the holder, the stand-ins, the deputy."""

from __future__ import annotations

import datetime as dt

from civdef.activation.duty import on_duty, role_of
from civdef.model.workspace import Workspace


def chain_of(workspace: Workspace, body_id: str, when: dt.datetime) -> tuple[str, ...]:
    """Return the people who may act for `body_id`, first choice first.

    * a person: that person;
    * a post: whoever the duty rota names for it at `when`, its holder, then its stand-ins (of a post: that post's chain);
    * a group: the chain of its head, then of its deputy;   a team: leader, then deputy;
    * the headquarters: the chains of its commanders, then of its deputies;
    * an outside body: the body itself, which answers by whoever is there.

    An unknown body has nobody. Circles of stand-ins end where they would repeat.
    """
    found: dict[str, None] = {}
    _collect(workspace, body_id, when, found, set())
    return tuple(found)


def _collect(
    workspace: Workspace, body_id: str, when: dt.datetime, found: dict[str, None], seen: set[str]
) -> None:
    if body_id in seen:
        return
    seen.add(body_id)
    headquarters = workspace.headquarters
    if body_id in workspace.people or body_id in workspace.external:
        found.setdefault(body_id)
    elif body_id in workspace.posts:
        post = workspace.posts[body_id]
        for person in on_duty(workspace, when, role_of(body_id)):
            found.setdefault(person)
        if post.holder is not None:
            found.setdefault(post.holder)
        for stand_in in post.stand_ins:
            _collect(workspace, stand_in, when, found, seen)
    elif body_id in workspace.groups:
        group = workspace.groups[body_id]
        for post_id in (group.head, group.deputy):
            if post_id is not None:
                _collect(workspace, post_id, when, found, seen)
    elif body_id in workspace.teams:
        team = workspace.teams[body_id]
        found.setdefault(team.leader)
        if team.deputy is not None:
            found.setdefault(team.deputy)
    elif headquarters is not None and body_id == headquarters.id:
        for post_id in (*headquarters.commanders, *headquarters.deputies):
            _collect(workspace, post_id, when, found, seen)


def members_of(workspace: Workspace, body_id: str, when: dt.datetime) -> tuple[str, ...]:
    """Return everybody who belongs to a group, team or headquarters, leaders first, each once; a post: who acts for it."""
    headquarters = workspace.headquarters
    if body_id in workspace.groups:
        group = workspace.groups[body_id]
        leaders = [holder_of(workspace, p, when) for p in (group.head, group.deputy) if p is not None]
        everyone = [*(p for p in leaders if p is not None), *group.members]
    elif body_id in workspace.teams:
        everyone = list(workspace.teams[body_id].people())
    elif headquarters is not None and body_id == headquarters.id:
        refs = (*headquarters.commanders, *headquarters.deputies, *headquarters.members)
        everyone = [p for r in refs if (p := holder_of(workspace, r, when)) is not None]
    else:
        everyone = list(chain_of(workspace, body_id, when)[:1])
    return tuple(dict.fromkeys(everyone))


def holder_of(workspace: Workspace, ref: str, when: dt.datetime) -> str | None:
    """Return the person who holds a post at `when` (on duty before appointed), a person itself, or None."""
    if ref in workspace.people:
        return ref
    post = workspace.posts.get(ref)
    if post is None:
        return None
    duty = on_duty(workspace, when, role_of(ref))
    return duty[0] if duty else post.holder
