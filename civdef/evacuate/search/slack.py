"""What a group in a queue does to those behind it: how many may come in between until somebody is late. Kernels, compiled.

Whoever reaches a queue after a group is kept by it until the queue would have been empty for as long as the group takes. From
a plan carried out it is known when each row reaches each queue and how many steps it may still be later; worked out backwards,
step by step, that says how many units more a queue bears. It is an estimate: that a delay may wear off farther on is left out.
"""

from __future__ import annotations

import numpy as np

from civdef.evacuate.carrying import NEVER
from civdef.evacuate.search.records import Slack
from civdef.movement.compiled import kernel, shared

MANY = 2**28
"""Units that stand for "as many as like"."""


@kernel
def new_slack(queues, steps):
    """Return a slack in which nobody stands in any queue; with no steps it is never asked or changed."""
    return Slack(
        np.full(queues, -1, np.int64), np.full((queues, steps), NEVER, np.int32), np.full((queues, steps), MANY, np.int32)
    )  # fmt: skip


@shared
def first_step(step, amount, rate):
    """Return when the first of a group comes whose last comes at `step`, `rate` units a step."""
    return step if rate >= amount else max(step - (amount + rate - 1) // rate + 1, 0)


@shared
def harmful(queue, step, amount, rate, units, slack):
    """Return by how many steps somebody behind would be late if a group came to a queue, its last person at `step`."""
    spare = slack.spare
    if step >= spare.shape[1]:
        return 0.0
    bears = min(spare[queue, step], spare[queue, first_step(step, amount, rate)])
    return max(0.0, (amount - bears) / units[queue])


@shared
def work_back(queue, units, content, slack):
    """Work out from the last step to the first how many units more a queue bears."""
    due, spare = slack.due, slack.spare
    after = MANY
    for k in range(slack.last[queue], -1, -1):
        after = min(after + max(0, units[queue] - content[queue, k]), MANY)
        if due[queue, k] < NEVER:
            after = min(after, max(due[queue, k], 0) * units[queue])
        spare[queue, k] = after


@shared
def come_between(queue, step, amount, rate, left, units, content, slack):
    """Let a group that may itself be `left` steps later come to a queue; `content` is with it."""
    due, last = slack.due, slack.last
    if step >= due.shape[1]:
        return
    rest, k = amount, first_step(step, amount, rate)
    while rest > 0 and k <= last[queue]:
        if due[queue, k] < NEVER:
            due[queue, k] -= (rest + units[queue] - 1) // units[queue]
        rest -= max(0, units[queue] - content[queue, k])
        k += 1
    due[queue, step] = min(due[queue, step], left)
    last[queue] = max(last[queue], step)
    work_back(queue, units, content, slack)


@shared
def _reached(queue, step, left, slack):
    """Note that a row reaches a queue that may be `left` steps later."""
    if step < slack.due.shape[1]:
        slack.due[queue, step] = min(slack.due[queue, step], left)
        slack.last[queue] = max(slack.last[queue], step)


@shared
def note_slack(here, people, done, goal, town, plan, gone, units, content, slack):
    """Fill the slack from a plan carried out: see :func:`civdef.evacuate.carrying.carry` for `done`, `gone` and `content`."""
    due, spare, last = slack.due, slack.spare, slack.last
    place, start, way, length, door = plan.place, plan.start, plan.way, plan.length, plan.door
    chains = town.chain_steps.size
    for q in range(last.size):
        if last[q] >= 0:
            due[q, : last[q] + 1] = NEVER
            spare[q, : last[q] + 1] = MANY
            last[q] = -1
    for b in here:
        if people[b] == 0:
            continue
        left, step = goal - done[b], start[b]
        if place[b] < chains:
            _reached(chains + place[b], step, left, slack)
            step = gone[b, 0]
        for k in range(length[b]):
            c = way[b, k]
            _reached(c, step, left, slack)
            step = gone[b, 2 * k + 1] + town.chain_steps[c]
            _reached(chains + c, step, left, slack)
            step = gone[b, 2 * k + 2]
        _reached(2 * chains + door[b], step + town.door_steps[door[b]], left, slack)
    for q in range(last.size):
        if last[q] >= 0:
            work_back(q, units, content, slack)
