"""People on streets: networks, speeds, density–flow relations, and the compiled engine.

Importing this package is cheap: the compiled kernel is loaded by the first :class:`Engine`.
"""

from civdef.movement.density_flow import FREE, IMO, RELATIONS, SFPE, WEIDMANN, Relation
from civdef.movement.engine import Counts, Engine, Reroute, Snapshot
from civdef.movement.network import WalkNetwork
from civdef.movement.people import People
from civdef.movement.shelters import Shelters, door_flow_pps
from civdef.movement.speeds import Kind, Speeds

__all__ = [
    "FREE",
    "IMO",
    "RELATIONS",
    "SFPE",
    "WEIDMANN",
    "Counts",
    "Engine",
    "Kind",
    "People",
    "Relation",
    "Reroute",
    "Shelters",
    "Snapshot",
    "Speeds",
    "WalkNetwork",
    "door_flow_pps",
]
