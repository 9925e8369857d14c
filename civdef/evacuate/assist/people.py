"""Who must be helped: people on the assistance register whose building is in the question."""

from __future__ import annotations

from dataclasses import dataclass

from civdef.evacuate.question import Asked
from civdef.model.assistance import AssistanceSettings, ByMobility, SpeedByMobility
from civdef.model.resident import AssistedPerson, Mobility
from civdef.model.town import Building
from civdef.model.workspace import Workspace

URGENCY = {Mobility.STRETCHER: 0, Mobility.WHEELCHAIR: 1, Mobility.WALKS_WITH_HELP: 2}
"""Who comes first where not everybody can be served: those who can do least for themselves."""


@dataclass(frozen=True)
class Needy:
    """A person to be helped.

    Attributes
    ----------
    person
        The entry of the register.
    building, row
        Where the person lives; row of the building in the problem.
    node
        The building's own node.
    prepare_s
        From the helpers at the door to the building's door: getting ready and down the stairs [s].
    deadline_s
        When the building must have been left [s]; infinite: never.
    trapped
        Whether nobody can get out of the building on foot any more.
    """

    person: AssistedPerson
    building: str
    row: int
    node: int
    prepare_s: int
    deadline_s: float
    trapped: bool

    @property
    def id(self) -> str:
        """Id in the register."""
        return self.person.id

    @property
    def mobility(self) -> Mobility:
        """What the person needs."""
        return self.person.mobility

    @property
    def first(self) -> tuple[float, int, str]:
        """Sort key: deadline, urgency, id."""
        return (self.deadline_s, URGENCY[self.mobility], self.id)


def by_mobility(values: ByMobility | SpeedByMobility, mobility: Mobility) -> float:
    """Return the figure for a kind of help."""
    return float(getattr(values, mobility.value))


def needy(workspace: Workspace, asked: Asked) -> tuple[Needy, ...]:
    """Return everybody on the register whose building is in the question, in id order.

    The register is taken whole whatever the time of day: a plan must be able to fetch everyone who is on it.
    """
    settings = workspace.settings.assistance
    row_of = {b: i for i, b in enumerate(asked.problem.buildings)}
    found = []
    for person in sorted(workspace.assisted.values(), key=lambda p: p.id):
        household = workspace.households[person.household]
        row = row_of.get(household.building)
        if row is None:
            continue
        building = workspace.buildings[household.building]
        found.append(
            Needy(
                person,
                building.id,
                row,
                int(asked.problem.node[row]),
                _prepare_s(settings, person.mobility, building, household.floor),
                float(asked.problem.deadline_s[row]),
                bool(asked.problem.trapped[row]),
            )
        )
    return tuple(found)


def _prepare_s(settings: AssistanceSettings, mobility: Mobility, building: Building, floor: int) -> int:
    minutes = by_mobility(settings.prepare_min, mobility)
    if not (building.lift and settings.lifts_run):
        levels = floor - 1 if floor > 0 else -floor
        minutes += levels * by_mobility(settings.floor_min, mobility)
    return round(minutes * 60)
