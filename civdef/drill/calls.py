"""Reaching people: down the list, again after a while, then the backup channel, then the stand-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from civdef.activation.calltree import backups_of
from civdef.drill.travel import to_post
from civdef.drill.world import MIN_S, Steps, World
from civdef.model.organisation import Channel
from civdef.model.plan import Task
from civdef.text import Text


@dataclass
class _Line:
    """One target on a caller's list."""

    target: str
    people: list[str]
    channels: list[Channel]
    person: int = 0
    channel: int = 0
    tries: int = 0
    not_before_s: float = 0.0

    @property
    def whom(self) -> str:
        return self.people[self.person]

    @property
    def over(self) -> Channel:
        return self.channels[self.channel]


def reach(
    world: World,
    task: Task | None,
    caller: str | None,
    targets: Sequence[str],
    channel: Channel | None,
    *,
    reached: Callable[[str, str], None] | None = None,
) -> Steps:
    """Call `targets` one after another, or all at once over a channel that reaches everybody.

    A target that does not answer goes to the end of the list and is tried again after the channel's waiting time. When all
    tries of a channel are used up, its backup is taken; when no backup is left, the next stand-in is called over the first
    channel. A line that is dead is noticed at once.

    Parameters
    ----------
    world
        The drill.
    task
        What the calls belong to.
    caller
        Who calls; None for whoever raised the alarm.
    targets
        Bodies or people, each once.
    channel
        The first channel; None: nobody can be called.
    reached
        Told of every target and the person who answered, at that moment.

    Returns
    -------
    dict
        Target → the person who answered, or None.
    """
    answers: dict[str, str | None] = {}
    if channel is None:
        for target in targets:
            answers[target] = None
            world.write("no_channel", _NO_CHANNEL.format(to=world.name(target)), who=caller, task=task)
        return answers
    channels = [channel, *(world.workspace.channels[c] for c in backups_of(world.workspace, channel))]
    lines: list[_Line] = []
    for target in dict.fromkeys(targets):
        people = _order(world, target)
        if people:
            lines.append(_Line(target, people, channels, not_before_s=world.now))
        else:
            answers[target] = None
            world.write("nobody_named", _NOBODY.format(to=world.name(target)), who=caller, task=task)
    if channel.simultaneous:
        lines = yield from _broadcast(world, task, caller, lines, channel, answers, reached)
    while lines:
        due = [x for x in lines if x.not_before_s <= world.now]
        if not due:
            yield world.wait(min(x.not_before_s for x in lines) - world.now)
            continue
        line = due[0]
        lines.remove(line)
        dead = world.down.get(line.over.id, 0) > 0
        spent = (
            line.over.call_min.low if dead else world.streams.pert(_stream(task, line), line.over.call_min)
        )
        yield world.wait(spent * MIN_S)
        if not dead and _answers(world, task, line):
            _answered(world, task, caller, line, answers, reached)
            continue
        if _again(world, task, caller, line, dead):
            lines.append(line)
        else:
            answers[line.target] = None
            world.write(
                "call_failed",
                Text("{to}：所有人、所有手段都联系不上", "{to}: nobody answered over any channel").format(
                    to=world.name(line.target)
                ),
                who=caller,
                task=task,
                what={"to": line.target},
            )
    return answers


_NO_CHANNEL = Text("没有任何通信手段可以联系{to}", "There is no channel over which {to} could be reached")
_NOBODY = Text("{to}没有任命人员，无人可叫", "{to} is held by nobody: there is nobody to call")


def _order(world: World, target: str) -> list[str]:
    """Return whom to call for a target: whoever acts already, then the chain."""
    people = list(world.chain(target))
    acting = world.acting.get(target)
    if acting in people and world.available(acting):
        people.remove(acting)
        people.insert(0, acting)
    return people


def _stream(task: Task | None, line: _Line) -> str:
    return f"call/{task.id if task else ''}/{line.target}/{line.whom}/{line.over.id}"


def _answers(world: World, task: Task | None, line: _Line) -> bool:
    heard = world.streams.chance(_stream(task, line), line.over.answer_share)
    return heard and world.available(line.whom)


def _broadcast(
    world: World,
    task: Task | None,
    caller: str | None,
    lines: list[_Line],
    channel: Channel,
    answers: dict[str, str | None],
    reached: Callable[[str, str], None] | None,
) -> Steps:
    """Send one message to everybody, as often as the channel allows; return who is left for single calls."""
    for k in range(channel.tries):
        if not lines:
            break
        if k:
            yield world.wait(channel.retry_min * MIN_S)
        dead = world.down.get(channel.id, 0) > 0
        name = f"broadcast/{task.id if task else ''}/{channel.id}/{lines[0].target}"
        yield world.wait(
            (channel.call_min.low if dead else world.streams.pert(name, channel.call_min)) * MIN_S
        )
        silent = []
        for line in lines:
            if not dead and _answers(world, task, line):
                _answered(world, task, caller, line, answers, reached)
            else:
                silent.append(line)
        lines = silent
        if dead:
            break
    left = []
    for line in lines:
        line.tries = channel.tries
        if _again(world, task, caller, line, world.down.get(channel.id, 0) > 0):
            left.append(line)
        else:
            answers[line.target] = None
    return left


def _answered(
    world: World,
    task: Task | None,
    caller: str | None,
    line: _Line,
    answers: dict[str, str | None],
    reached: Callable[[str, str], None] | None,
) -> None:
    person, target = line.whom, line.target
    world.mark_reached(person)
    answers[target] = person
    world.body_reached_s.setdefault(target, world.now)
    if world.first_call_s is None:
        world.first_call_s = world.now
    first = world.acting.get(target) is None
    world.acting[target] = person
    world.write(
        "call_answered",
        Text("{to}已接通（{over}）", "{to} answered ({over})").format(
            to=_label(world, target, person), over=line.over
        ),
        who=caller,
        task=task,
        what={"to": target, "person": person, "channel": line.over.id, "tries": line.tries + 1},
    )
    if person != world.chain(target)[0] and first and person != target:
        world.deviate(
            "stand_in",
            Text(
                "{post}联系不上，由{person}代行", "{post} could not be reached; {person} acts instead"
            ).format(post=_label(world, target, world.chain(target)[0]), person=world.name(person)),
            who=person,
            task=task,
            what={"for": target},
        )
    if target in world.workspace.posts:
        to_post(world, target, person)
    external = world.workspace.external.get(target)
    if external is not None and external.response_min is not None and first:
        delay = world.streams.pert(f"response/{target}", external.response_min)
        world.external_arrival_s[target] = world.now + delay * MIN_S
        world.env.process(_arrives(world, target, delay))
    if reached is not None:
        reached(target, person)


def _arrives(world: World, external: str, delay_min: float) -> Steps:
    yield world.wait(delay_min * MIN_S)
    world.write(
        "external_arrived", Text("{x}到场", "{x} arrives").format(x=world.name(external)), who=external
    )


def _again(world: World, task: Task | None, caller: str | None, line: _Line, dead: bool) -> bool:
    """Move a line to its next try, channel or person; return False when nobody and nothing is left."""
    over, whom = line.over, line.whom
    line.tries += 1
    if not dead and line.tries < over.tries:
        line.not_before_s = world.now + over.retry_min * MIN_S
        world.write(
            "call_unanswered",
            Text("{to}无人接听（{over}），第 {n} 次", "{to} does not answer ({over}), try {n}").format(
                to=_label(world, line.target, whom), over=over, n=line.tries
            ),
            who=caller,
            task=task,
            what={"to": line.target, "person": whom, "channel": over.id, "tries": line.tries},
        )
        return True
    line.tries = 0
    line.not_before_s = world.now
    if line.channel + 1 < len(line.channels):
        line.channel += 1
        note = world.write if line.target in world.workspace.people else world.deviate
        note(  # a member who is telephoned after the group message is what the channel provides for
            "backup_channel",
            Text(
                "{to}用{over}联系不上，改用{next}", "{to} cannot be reached over {over}; {next} is tried"
            ).format(to=_label(world, line.target, whom), over=over, next=line.over),
            who=caller,
            task=task,
            what={"to": line.target, "from": over.id, "to_channel": line.over.id},
        )
        return True
    world.unreachable.add(whom)
    if line.person + 1 < len(line.people):
        line.person += 1
        line.channel = 0
        world.write(
            "call_next",
            Text("{to}始终联系不上，改叫{next}", "{to} cannot be reached; {next} is called").format(
                to=_label(world, line.target, whom), next=world.name(line.whom)
            ),
            who=caller,
            task=task,
            what={"to": line.target, "person": line.whom},
        )
        return True
    return False


def _label(world: World, target: str, person: str) -> Text:
    """Name a post with the person, or the person alone."""
    if person == target or target in world.workspace.people:
        return world.name(person).text
    return Text("{post}（{person}）", "{post} ({person})").format(
        post=world.name(target), person=world.name(person)
    )
