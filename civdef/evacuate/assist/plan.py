"""The whole of it: places and pairs, turns, vehicles, reserves; everybody served or named with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.assist.commitments import promised
from civdef.evacuate.assist.fleet import PLACES, Fleet, fleet_of
from civdef.evacuate.assist.pairs import Floats, Helpers, Pairs, costs, helpers_of, match, spread
from civdef.evacuate.assist.people import Needy, needy
from civdef.evacuate.assist.places import Options, keep_places, options, reachable
from civdef.evacuate.assist.result import AssistReason
from civdef.evacuate.assist.rounds import Rounds, Timed, soonest_s, timed
from civdef.evacuate.assist.streets import Ways, ways_of
from civdef.evacuate.assist.turns import Promise, Turns, turns_of
from civdef.evacuate.assist.vehicles import driving, plan_rounds, rounds_of
from civdef.evacuate.question import Asked
from civdef.model.workspace import Workspace
from civdef.text import Text


@dataclass(frozen=True, eq=False)
class Assistance:
    """The plan in arrays and tuples, for the report.

    Attributes
    ----------
    asked
        The question.
    people, helpers, cost, fleet, found
        Everybody to help; everybody free to help and what each costs for each person; vehicles; what is possible.
    busy
        Person → why they are not free: another task, or absence.
    promises
        Row of a person → promise, for those who are helped.
    turns
        Order and times up to the vehicles.
    rounds, rows, routes, times, proven
        The vehicles' problem, the row behind each job, its answer and timetable, whether it is proven best.
    most_proven
        Whether it is proven that helpers and places serve no more people.
    left
        Row of a person → why they are not helped.
    """

    asked: Asked
    people: tuple[Needy, ...]
    helpers: Helpers
    cost: Floats
    fleet: Fleet
    found: Options
    busy: Mapping[str, Text]
    promises: Mapping[int, Promise]
    turns: Turns
    rounds: Rounds
    rows: Sequence[int]
    routes: Sequence[Sequence[int]]
    times: Timed
    proven: bool
    most_proven: bool
    left: Mapping[int, AssistReason]
    ways: Ways


@dataclass(frozen=True, eq=False)
class _Arranged:
    """Who is promised whom, in which order; how many are cut off, how many late however many vehicles there are, by how much."""

    promises: Mapping[int, Promise]
    turns: Turns
    rounds: Rounds
    rows: Sequence[int]
    wrong: tuple[int, int, float]


def plan_assistance(workspace: Workspace, asked: Asked, absent: Collection[str] = ()) -> Assistance:
    """Plan for everybody on the assistance register whose building is in the question.

    Parameters
    ----------
    workspace
        The town.
    asked
        A question, resolved.
    absent
        Ids of people who are not there to help or drive.
    """
    settings = workspace.settings.assistance
    people = needy(workspace, asked)
    ways = ways_of(workspace, asked)
    busy = {
        who: Text("另有任务（{what}）", "has another task ({what})").format(what=what)
        for who, what in promised(workspace, asked).items()
    }
    for who in absent:
        busy[who] = Text("不在岗", "is absent")
    fleet = fleet_of(workspace, asked, ways, busy)
    found = options(workspace, asked, ways, people, fleet.ready)
    helpers = helpers_of(workspace, ways, people, asked.question.time, {*busy, *fleet.drivers})
    cost = costs(workspace, people, helpers)
    left = _hopeless(people, found, fleet)
    places, pairs, full = _promise(workspace, people, found, fleet, cost, left)
    for row, person in enumerate(people):
        if row not in left and person.id not in pairs.of:
            left[row] = (
                AssistReason.NO_BARRIER_FREE_PLACE if person.id in full else AssistReason.NO_HELPER_PAIR
            )
    nodes = {found.pick_up[p].node for p in pairs.of if places[p][1]}
    nodes |= {found.havens[places[p][0]].drop for p in pairs.of if places[p][1]}
    points, drive_s = driving(ways, nodes | {v.node for v in fleet.ready})

    def arranged(pair_of: Mapping[str, tuple[int, int]]) -> _Arranged:
        promises = {
            row: Promise(row, pair_of[p.id], *places[p.id]) for row, p in enumerate(people) if p.id in pair_of
        }
        turns = turns_of(workspace, ways, people, helpers, found, promises, points)
        for row in turns.cut_off:
            del promises[row]
        rounds, rows = rounds_of(turns.jobs, fleet.ready, points, drive_s)
        soonest: dict[int, float] = dict(zip(rows, soonest_s(rounds), strict=True))
        soonest |= {row: w.inside_s for row, w in turns.walked.items()}
        late = [t - people[row].deadline_s for row, t in soonest.items() if t > people[row].deadline_s]
        return _Arranged(promises, turns, rounds, rows, (len(turns.cut_off), len(late), sum(late)))

    best = arranged(pairs.of)
    if any(best.wrong):
        best = min(
            best,
            arranged(spread(people, cost, settings.helper_turns, pairs.of.keys())),
            key=lambda a: a.wrong,
        )
    promises, turns, rounds, rows = best.promises, best.turns, best.rounds, best.rows
    left |= dict.fromkeys(turns.cut_off, AssistReason.HELPERS_CUT_OFF)
    routes, proven = plan_rounds(rounds, settings.search_moves)
    times = timed(rounds, routes)
    assert times is not None
    return Assistance(
        asked, people, helpers, cost, fleet, found, busy, promises, turns, rounds, rows, routes, times, proven,
        pairs.proven, dict(sorted(left.items())), ways,
    )  # fmt: skip


def _hopeless(people: Sequence[Needy], found: Options, fleet: Fleet) -> dict[int, AssistReason]:
    """Return the rows of people who cannot be helped whoever helps, and why."""
    left: dict[int, AssistReason] = {}
    for row, person in enumerate(people):
        kind = PLACES.index(person.mobility)
        if person.trapped:
            left[row] = AssistReason.INSIDE_HAZARD
        elif not found.havens:
            left[row] = AssistReason.NO_BARRIER_FREE_SHELTER
        elif np.isfinite(found.walk_m[row]).any():
            continue
        elif not any(v.places[kind] > 0 for v in fleet.ready):
            left[row] = AssistReason.NO_VEHICLE
        elif person.id not in found.pick_up:
            left[row] = AssistReason.NO_KERB
        elif not np.isfinite(found.drive_s[row]).any():
            left[row] = AssistReason.UNREACHABLE
    return left


def _promise(
    workspace: Workspace,
    people: Sequence[Needy],
    found: Options,
    fleet: Fleet,
    cost: Floats,
    left: Mapping[int, AssistReason],
) -> tuple[Mapping[str, tuple[int, bool]], Pairs, set[str]]:
    """Return places, pairs, and who is left over for want of a place.

    Pairs first, then places; where each is short for somebody, both at once, because the pair of one who finds no place may
    serve another.
    """
    turns = workspace.settings.assistance.helper_turns
    wanted = {p.id for row, p in enumerate(people) if row not in left}
    pairs = match(people, cost, turns, wanted)
    places = keep_places(workspace, people, found, fleet.ready, pairs.of)
    without = set(pairs.of) - set(places)
    if not without:
        return places, pairs, set()
    if len(pairs.of) == len(wanted):
        return places, Pairs({p: pair for p, pair in pairs.of.items() if p in places}, pairs.proven), without
    reach = reachable(people, found, fleet.ready)
    pairs = match(people, cost, turns, wanted, (reach, [h.places for h in found.havens]))
    places = keep_places(workspace, people, found, fleet.ready, pairs.of)
    assert set(places) == set(pairs.of), "pairs are given to those who have places"
    full = {
        p
        for p in sorted(wanted - set(pairs.of))
        if len(keep_places(workspace, people, found, fleet.ready, {*pairs.of, p})) == len(places)
    }
    return places, pairs, full
