"""The people while the drill runs: told, getting ready, walking, waiting at doors, inside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.drill.randomness import Streams, lognormal
from civdef.drill.town import Town
from civdef.model.scenario import Behaviour
from civdef.movement import state as st

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = np.inf


class Crowd:
    """The groups of a town in one run.

    Groups are handed to the engine only when their departure is due, so that an earlier warning still counts.

    Parameters
    ----------
    town
        What was worked out before.
    behaviour
        How people react to a warning.
    streams
        Random numbers: one stream for delays, one for compliance, one for each warning.

    Attributes
    ----------
    warned_s
        When a warning reached each group, infinite: never, shape (P,) [s].
    departure_s
        When each group leaves, infinite: not, shape (P,) [s].
    complies
        Whether the group leaves when told, shape (P,).
    """

    def __init__(self, town: Town, behaviour: Behaviour, streams: Streams) -> None:
        self.town = town
        self.streams = streams
        self.engine = town.engine.fork()
        count = len(town.group_persons)
        self.warned_s: Floats = np.full(count, NEVER)
        self.departure_s: Floats = np.full(count, NEVER)
        self.complies: Bools = streams.of("comply").random(count) < behaviour.comply_share
        self._delay_s = 60.0 * lognormal(
            streams.of("departure"), behaviour.departure_median_min, behaviour.departure_sigma, count
        )
        self._released: Bools = np.zeros(count, dtype=np.bool_)
        self._stopped_s = NEVER
        self.leaves: Bools = town.group_placed & (self.complies | town.group_fetched)

    # ------------------------------------------------------------------------------------------ time

    def advance(self, until_s: float) -> None:
        """Move everybody to `until_s` [s]."""
        if until_s <= self.engine.time_s:
            return
        due = ~self._released & (self.departure_s <= until_s) & self.town.group_placed
        if due.any():
            who = np.flatnonzero(due)
            self.engine.release(
                self.town.group_row[who], np.maximum(self.departure_s[who], self.engine.time_s)
            )
            self._released[who] = True
        self.engine.advance(until_s)

    def quiet(self) -> bool:
        """Return whether nothing more will happen by itself."""
        waiting = ~self._released & np.isfinite(self.departure_s) & self.town.group_placed
        return not waiting.any() and not np.isfinite(self.engine.next_event_s)

    # ---------------------------------------------------------------------------------------- orders

    def warn(self, groups: Ints, t_s: Floats | float) -> None:
        """Tell groups at `t_s` to leave; the earliest warning counts, and those who are fetched wait for their helpers.

        Parameters
        ----------
        groups
            Indices, each once.
        t_s
            When the warning reaches each, infinite: it does not [s].
        """
        told = np.minimum(self.warned_s[groups], t_s)
        self.warned_s[groups] = told
        walks = self.leaves[groups] & ~self.town.group_fetched[groups] & ~self._released[groups]
        leaving = np.minimum(self.departure_s[groups], told + self._delay_s[groups])
        leaving = np.where(leaving < self._stopped_s, leaving, NEVER)
        self.departure_s[groups] = np.where(walks, leaving, self.departure_s[groups])

    def fetch(self, groups: Ints, t_s: Floats) -> None:
        """Helpers set out with groups at `t_s` [s]; being fetched is being told."""
        self.warned_s[groups] = np.minimum(self.warned_s[groups], t_s)
        pending = self.leaves[groups] & ~self._released[groups]
        leaving = np.minimum(self.departure_s[groups], t_s)
        self.departure_s[groups] = np.where(pending, leaving, self.departure_s[groups])

    def stop(self, t_s: float) -> None:
        """Nobody leaves any more after `t_s` [s]: the danger is over."""
        self._stopped_s = min(self._stopped_s, t_s)
        late = ~self._released & (self.departure_s >= t_s)
        self.departure_s[late] = NEVER

    def arcs(self, network_arcs: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the engine's arcs behind arcs of the street network."""
        found = self.town.walk_arc[network_arcs]
        return found[found >= 0]

    # --------------------------------------------------------------------------------------- answers

    @property
    def arrival_s(self) -> Floats:
        """When each group was inside a shelter, infinite: not, shape (P,) [s]."""
        return self._of_engine(self.engine.arrival_s, NEVER)

    def _of_engine(self, column: NDArray[np.float64], missing: float) -> Floats:
        found = np.full(len(self.town.group_persons), missing)
        placed = self.town.group_placed
        found[placed] = column[self.town.group_row[placed]]
        return found

    def groups_of(self, communities: set[str] | None, buildings: set[str] | None = None) -> Ints:
        """Return the groups of communities or buildings; None for both: everybody."""
        town = self.town
        if communities is None and buildings is None:
            return np.arange(len(town.group_persons), dtype=np.int64)
        wanted = np.array([c in (communities or ()) for c in town.communities], dtype=np.bool_)
        chosen = wanted[town.building_community] if len(wanted) else np.zeros(0, dtype=np.bool_)
        if buildings:
            chosen = chosen | np.array([b in buildings for b in town.problem.buildings], dtype=np.bool_)
        return np.flatnonzero(chosen[town.group_building]).astype(np.int64)

    def on_their_way(self, groups: Ints, *, fetched: bool) -> int:
        """Return how many of `groups` were told to leave, will, and are not inside yet [groups]."""
        mine = groups[self.town.group_fetched[groups] == fetched]
        expected = np.isfinite(self.departure_s[mine])
        inside = np.isfinite(self.arrival_s[mine])
        return int((expected & ~inside).sum())

    def counts(self) -> dict[str, int]:
        """Return persons by what they do now; together everybody."""
        persons = self.town.group_persons
        now = self.engine.time_s
        told = int(persons[(self.warned_s <= now)].sum())
        c = self.engine.counts()
        return {
            "persons": int(persons.sum()),
            "warned_persons": told,
            "at_home_persons": c.waiting + int(persons[~self.town.group_placed].sum()),
            "walking_persons": c.walking,
            "at_doors_persons": c.at_doors,
            "arrived_persons": c.arrived,
            "stranded_persons": c.stranded,
        }

    def left_over(self) -> NDArray[np.object_]:
        """Return for each group why it is not in a shelter; ``""`` for those who are, shape (P,)."""
        town = self.town
        now = self.engine.time_s
        reason = np.full(len(town.group_persons), "", dtype=object)
        status = self._of_engine(self.engine.status.astype(np.float64), -1)
        why = self._of_engine(self.engine.reason.astype(np.float64), -1)
        away = status != st.ARRIVED
        reason[away] = "on_the_way"
        reason[away & (status == st.AT_DOOR)] = "at_door"
        stuck = away & (status == st.STRANDED)
        for code, name in (
            (st.NO_ROUTE, "no_route"),
            (st.NO_ROOM, "no_room"),
            (st.NO_SHELTER, "no_shelter"),
            (st.ROAD_CUT, "road_cut"),
        ):
            reason[stuck & (why == code)] = name
        home = away & (status == st.WAITING)
        reason[home] = "getting_ready"
        reason[home & (self._stopped_s < NEVER) & ~np.isfinite(self.departure_s)] = "recalled"
        reason[home & ~self.complies & ~town.group_fetched] = "stayed"
        reason[home & (self.warned_s > now)] = "not_warned"
        reason[home & town.group_fetched & (self.departure_s > now)] = "not_fetched"
        planned = np.array(town.building_reason, dtype=object)[town.group_building]
        reason[~town.group_placed] = planned[~town.group_placed]
        return reason
