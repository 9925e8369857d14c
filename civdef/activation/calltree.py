"""The call tree of a plan: who calls whom over which channel, and who stands in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from civdef.activation.chain import chain_of
from civdef.model.organisation import Channel, ChannelKind
from civdef.model.plan import Action, Plan, Task
from civdef.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the call tree.

    Attributes
    ----------
    task
        The task that makes the call.
    caller, target
        Bodies as the plan names them.
    channel, backups
        First channel, then those tried when it fails, in order.
    people
        Who is called for the target, stand-ins after the first.
    """

    task: Task
    caller: str
    target: str
    channel: Channel | None
    backups: tuple[str, ...]
    people: tuple[str, ...]


def call_tree(workspace: Workspace, plan: Plan, level: int, when: dt.datetime) -> tuple[Call, ...]:
    """Return the calls of a plan at a response level, in the plan's order.

    Parameters
    ----------
    workspace
        Organisation, channels and duty rota.
    plan, level
        Only call tasks done at this level are listed.
    when
        Local time: decides who is on duty.
    """
    found = []
    for task in plan.tasks:
        if task.action is not Action.CALL or level not in task.levels:
            continue
        channel = workspace.channels.get(task.channel) if task.channel else alert_channel(workspace)
        for target in task.to:
            found.append(
                Call(
                    task,
                    task.who,
                    target,
                    channel,
                    backups_of(workspace, channel),
                    chain_of(workspace, target, when),
                )
            )
    return tuple(found)


def backups_of(workspace: Workspace, channel: Channel | None) -> tuple[str, ...]:
    """Return the channels that back up `channel`, in order; a circle ends before it comes back to a channel tried."""
    found: list[str] = []
    first = channel.id if channel is not None else None
    while channel is not None and channel.backup is not None and channel.backup not in (first, *found):
        following = workspace.channels.get(channel.backup)
        if following is None or following is channel:
            break
        found.append(following.id)
        channel = following
    return tuple(found)


def alert_channel(workspace: Workspace) -> Channel | None:
    """Return the channel over which one person is called when nothing else is said."""
    chosen = workspace.settings.response.alert_channel
    if chosen is not None:
        return workspace.channels.get(chosen)
    return _first(workspace, ChannelKind.PHONE, ChannelKind.RADIO, ChannelKind.RUNNER)


def muster_channel(workspace: Workspace) -> Channel | None:
    """Return the channel over which members are called together when nothing else is said."""
    chosen = workspace.settings.response.muster_channel
    if chosen is not None:
        return workspace.channels.get(chosen)
    for kind in (ChannelKind.MESSENGER, ChannelKind.SMS):
        for channel in workspace.channels.values():
            if channel.kind is kind and channel.simultaneous:
                return channel
    return alert_channel(workspace)


def _first(workspace: Workspace, *kinds: ChannelKind) -> Channel | None:
    for kind in kinds:
        for channel in workspace.channels.values():
            if channel.kind is kind:
                return channel
    return None
