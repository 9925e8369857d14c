"""People in buildings where no register says it: floor area over the floor area for each person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from civdef.model.estimates import PeopleEstimate
from civdef.model.town import BuildingUse

ESTIMATED = "按建筑面积估算 estimated from floor area"
"""Source of the figures, by which a later import knows them."""


def estimate(
    areas_m2: Sequence[float],
    floors: Sequence[int | None],
    uses: Sequence[BuildingUse],
    dormitories: Sequence[bool],
    settings: PeopleEstimate,
) -> list[int]:
    """Return residents of each building, in whole persons whose sum is the estimate of all together, rounded.

    Homes and buildings of unknown use have residents; others have none. The largest remainders are rounded up.

    Parameters
    ----------
    areas_m2
        Outlines [m²].
    floors
        Floors above ground; None where they are not known.
    """
    wanted = np.zeros(len(areas_m2))
    for i, (area, count, use, dormitory) in enumerate(zip(areas_m2, floors, uses, dormitories, strict=True)):
        floor = area * (count or settings.unknown_floors)
        if dormitory:
            wanted[i] = floor / settings.dormitory_m2_per_person
        elif use is BuildingUse.RESIDENTIAL:
            wanted[i] = floor / settings.home_m2_per_person
        elif use is BuildingUse.OTHER:
            wanted[i] = floor * settings.unknown_share / settings.home_m2_per_person
    whole = np.floor(wanted)
    missing = int(np.floor(wanted.sum() + 0.5) - whole.sum())
    order = np.lexsort((np.arange(len(wanted)), -(wanted - whole)))
    whole[order[: max(missing, 0)]] += 1
    return [int(n) for n in whole]
