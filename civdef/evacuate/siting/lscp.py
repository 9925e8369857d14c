"""The fewest more sites that bring everybody within reach: the location set covering problem.

Sources
-------
Toregas, Swain, ReVelle and Bergman, "The location of emergency service facilities", Operations Research 19 (1971)
1363–1373; with capacities, Current and Storbeck, Environment and Planning B 15 (1988) 153–163.
"""

from __future__ import annotations

from civdef.evacuate.siting._cover import Cover
from civdef.evacuate.siting.instance import Instance, Siting
from civdef.evacuate.siting.transport import siting, transport


def lscp(instance: Instance, radius_m: float) -> Siting:
    """Open the fewest sites with which as many people as ever possible have a place within `radius_m`.

    Whoever no site reaches, or has no place for even if all are opened, is left (`left_persons`): that does not depend on
    which sites are chosen.
    """
    reach = instance.distance <= radius_m
    cover = Cover(instance, reach)
    most = int(transport(instance, cover.opened, reach).loads.sum())
    cover.model.add_linear_constraint(cover.served >= most)
    cover.solve(cover.number)
    return siting(instance, cover.sites, reach)
