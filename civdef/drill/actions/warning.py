"""Warnings: broadcast to all at once, or from stairwell to stairwell."""

from __future__ import annotations

import numpy as np

from civdef.activation.calltree import backups_of
from civdef.drill.actions import Doing, Outcome
from civdef.drill.calls import reach
from civdef.drill.crowd import Crowd
from civdef.drill.places import groups_at
from civdef.drill.randomness import pert
from civdef.drill.world import MIN_S, Steps, World
from civdef.model.organisation import Channel, ChannelKind
from civdef.model.plan import Action
from civdef.text import Text, listing

ACTIONS = (Action.WARN, Action.SIGNAL)

BROADCAST = frozenset(
    {ChannelKind.LOUDSPEAKER, ChannelKind.SMS, ChannelKind.MESSENGER, ChannelKind.SIREN, ChannelKind.RADIO}
)
ON_FOOT = frozenset({ChannelKind.DOOR_TO_DOOR, ChannelKind.RUNNER})
STRIP_M = 60.0
"""Width of the strips in which a community is walked, to and fro, from stairwell to stairwell [m]; a planning choice."""


def run(doing: Doing) -> Steps:
    """Warn the people of the task's places.

    A broadcast reaches the channel's share of households when its first message is out. On foot, pairs go from stairwell to
    stairwell; each takes the channel's time for one call, and homes that do not answer are tried again. A siren sounds by
    the drill's programme only: a signal task confirms it. Bodies named in `to` are called as well.
    """
    world, task = doing.world, doing.task
    start = world.now
    missing: list[str] = []
    channel = _channel(world, doing)
    if channel is None:
        note = Text("没有可用的警报、广播或入户手段", "no channel works that could warn the public")
        return Outcome("failed", "no_channel", note)
    if task.to:
        answers = yield from reach(world, task, doing.leader, task.to, channel)
        missing = [t for t, person in answers.items() if person is None]
    if channel.kind is ChannelKind.SIREN and task.action is Action.SIGNAL:
        return (yield from _confirm(doing))
    if world.crowd is not None:
        groups = groups_at(world, task)
        if channel.kind in ON_FOOT:
            yield from _on_foot(doing, channel, world.crowd, groups)
        elif channel.kind in BROADCAST:
            yield from _broadcast(doing, channel, world.crowd, groups)
            yield world.wait(start + doing.duration_s() - world.now)
        else:
            yield world.wait(start + doing.duration_s() - world.now)
    else:
        yield world.wait(start + doing.duration_s() - world.now)
    if missing:
        note = Text("联系不上：{who}", "not reached: {who}").format(
            who=listing(world.name(t) for t in missing)
        )
        return Outcome("partial", "unreached", note)
    return Outcome()


def _channel(world: World, doing: Doing) -> Channel | None:
    """Return the task's channel, or its first backup that works; without one, loudspeakers, or knocking."""
    channels = world.workspace.channels
    named = doing.task.channel
    if named is not None:
        for name in (named, *backups_of(world.workspace, channels[named])):
            if world.down.get(name, 0) == 0:
                if name != named:
                    world.deviate(
                        "backup_channel",
                        Text("{a}中断，改用{b}", "{a} is down; {b} is used").format(
                            a=channels[named], b=channels[name]
                        ),
                        who=doing.leader,
                        task=doing.task,
                        what={"from": named, "to_channel": name},
                    )
                return channels[name]
        return None
    kinds = (ChannelKind.DOOR_TO_DOOR, ChannelKind.LOUDSPEAKER)
    if doing.task.who not in world.workspace.teams:
        kinds = (ChannelKind.LOUDSPEAKER, ChannelKind.DOOR_TO_DOOR)
    for kind in kinds:
        for channel in channels.values():
            if channel.kind is kind and world.down.get(channel.id, 0) == 0:
                return channel
    return None


def _broadcast(doing: Doing, channel: Channel, crowd: Crowd, groups: np.ndarray) -> Steps:
    world, task = doing.world, doing.task
    draw = world.streams.of(f"hear/{task.id}").random(len(crowd.warned_s))
    yield world.wait(world.streams.pert(f"message/{task.id}", channel.call_min) * MIN_S)
    hears = draw[groups] < channel.answer_share
    crowd.warn(groups, np.where(hears, world.now, np.inf))
    reached = int(crowd.town.group_persons[groups[hears]].sum())
    world.write(
        "warned",
        Text("{over}播出，覆盖 {n:,} 人中的 {m:,} 人", "{over}: {m:,} of {n:,} people hear it").format(
            over=channel, n=int(crowd.town.group_persons[groups].sum()), m=reached
        ),
        who=doing.leader,
        task=task,
        what={"channel": channel.id, "persons": reached},
    )


def _on_foot(doing: Doing, channel: Channel, crowd: Crowd, groups: np.ndarray) -> Steps:
    world, task, town = doing.world, doing.task, crowd.town
    buildings = np.unique(town.group_building[groups])
    pairs = max(1, doing.held.people // 2)
    generator = world.streams.of(f"knock/{task.id}")
    each = pert(generator, channel.call_min, len(town.stairwells))[buildings] * MIN_S
    work = each * town.stairwells[buildings] * doing.held.slower
    xy = town.building_xy_m[buildings]
    strip = np.floor(xy[:, 1] / STRIP_M).astype(np.int64) if len(xy) else np.zeros(0, dtype=np.int64)
    order = np.lexsort((np.where(strip % 2 == 0, xy[:, 0], -xy[:, 0]), strip))
    before = np.cumsum(work[order]) - work[order]
    share = max(float(work.sum()) / pairs, 1e-9)
    beat = np.minimum((before / share).astype(np.int64), pairs - 1)
    done = np.zeros(len(buildings))
    for b in range(pairs):
        mine = order[beat == b]
        done[mine] = np.cumsum(work[mine])
    u = generator.random(len(crowd.warned_s))[groups]
    tries = _tries(u, channel)
    reached_s = world.now + done[np.searchsorted(buildings, town.group_building[groups])]
    again = (tries - 1) * channel.retry_min * MIN_S
    crowd.warn(groups, np.where(tries <= channel.tries, reached_s + again, np.inf))
    total = int(town.group_persons[groups].sum())
    world.write(
        "knocking",
        Text(
            "{n} 组人员逐单元通知 {m:,} 人、{s} 个单元", "{n} pairs go round {s} stairwells with {m:,} people"
        ).format(n=pairs, m=total, s=int(town.stairwells[buildings].sum())),
        who=doing.leader,
        task=task,
        what={"pairs": pairs, "persons": total, "stairwells": int(town.stairwells[buildings].sum())},
    )
    yield world.wait(float(done.max()) if len(done) else 0.0)
    reached = int(town.group_persons[groups[tries <= channel.tries]].sum())
    world.write(
        "warned",
        Text(
            "逐单元通知一遍，能叫应 {m:,} 人（共 {n:,} 人）",
            "Every stairwell called once: {m:,} of {n:,} people answer",
        ).format(m=reached, n=total),
        who=doing.leader,
        task=task,
        what={"channel": channel.id, "persons": reached},
    )


def _tries(u: np.ndarray, channel: Channel) -> np.ndarray:
    """Return at which try each home answers (geometric), from uniform draws."""
    if channel.answer_share >= 1.0:
        return np.ones(len(u))
    if channel.answer_share <= 0.0:
        return np.full(len(u), np.inf)
    found: np.ndarray = np.maximum(1.0, np.ceil(np.log1p(-u) / np.log1p(-channel.answer_share)))
    return found


def _confirm(doing: Doing) -> Steps:
    """Wait for the sounding that belongs to a signal task (the first task's is the first of the programme) to be over."""
    world, task = doing.world, doing.task
    mine = [
        s.task.id
        for s in world.tasks.values()
        if s.task.action is Action.SIGNAL
        and s.task.channel is not None
        and world.workspace.channels[s.task.channel].kind is ChannelKind.SIREN
    ].index(task.id)
    if mine >= len(world.sounding_over):
        yield world.wait(doing.duration_s())
        note = Text(
            "本次演练没有安排这次鸣响，无从确认",
            "the drill's programme has no such sounding: nothing to confirm",
        )
        return Outcome("partial", "no_sounding", note)
    sounded: bool = yield world.sounding_over[mine]
    if sounded:
        return Outcome()
    return Outcome("partial", "siren_silent", Text("警报没有鸣响", "the sirens did not sound"))
