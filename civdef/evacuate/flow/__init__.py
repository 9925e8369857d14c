"""The quickest flow on the time-expanded network, exact, with a proof; the network is never written out."""

from civdef.evacuate.flow.adapter import Adapted, step_network
from civdef.evacuate.flow.ascent import Quickest, quickest
from civdef.evacuate.flow.cut import Cut
from civdef.evacuate.flow.nearly import Near, near
from civdef.evacuate.flow.network import StepNetwork
from civdef.evacuate.flow.reach import Shortage

__all__ = [
    "Adapted",
    "Cut",
    "Near",
    "Quickest",
    "Shortage",
    "StepNetwork",
    "near",
    "quickest",
    "step_network",
]
