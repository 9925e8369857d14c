"""With `p` more sites, the most people within reach: the maximal covering location problem.

Sources
-------
Church and ReVelle, "The maximal covering location problem", Papers of the Regional Science Association 32 (1974) 101–118;
with capacities, Current and Storbeck, Environment and Planning B 15 (1988) 153–163.
"""

from __future__ import annotations

from civdef.evacuate.siting._cover import Cover
from civdef.evacuate.siting.instance import Instance, Siting
from civdef.evacuate.siting.transport import siting


def mclp(instance: Instance, p: int, radius_m: float) -> Siting:
    """Open at most `p` more sites so that most people have a place within `radius_m`.

    Raises
    ------
    ValueError
        For a negative `p`.
    """
    if p < 0:
        raise ValueError("the number of new sites is not negative")
    reach = instance.distance <= radius_m
    cover = Cover(instance, reach)
    cover.model.add_linear_constraint(cover.number <= p)
    cover.solve(cover.served, maximise=True)
    return siting(instance, cover.sites, reach)
