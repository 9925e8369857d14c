"""Shelters as the movement engine sees them: places, and doors that let so many through in a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from civdef.movement.density_flow import IMO_MAX_FLOW_P_M_S


def door_flow_pps(
    clear_width_m: ArrayLike, *, specific_flow_p_m_s: float = IMO_MAX_FLOW_P_M_S, boundary_m: float = 0.0
) -> NDArray[np.float64]:
    """Return how many persons a second pass a door.

    Parameters
    ----------
    clear_width_m
        Clear width [m], any shape; 0 or less for a door that is shut for good.
    specific_flow_p_m_s
        Persons per second and metre: 1.3 of *clear* width (IMO MSC.1/Circ.1533, doors), the default; with SFPE's 1.32
        of *effective* width give `boundary_m` too.
    boundary_m
        Layer that people keep free at each side [m]: 0 with IMO, 0.15 with SFPE.

    Returns
    -------
    numpy.ndarray
        Same shape; 0 where nothing is left of the width.

    Raises
    ------
    ValueError
        If the specific flow is not positive or the layer negative.

    Sources
    -------
    IMO MSC.1/Circ.1533 annex 2; SFPE Handbook, boundary layers. (GB 50038 3.3.8 sizes shelter doors by head count,
    0.30 m per 100 persons: a design rule, not a flow.)
    """
    if not specific_flow_p_m_s > 0 or boundary_m < 0:
        raise ValueError("specific flow must be positive and the boundary layer not negative")
    width = np.asarray(clear_width_m, dtype=np.float64) - 2.0 * boundary_m
    return np.asarray(np.maximum(width, 0.0) * specific_flow_p_m_s, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Shelters:
    """Shelters and their entrances. Make them with :meth:`from_arrays`.

    Attributes
    ----------
    entrance_node, entrance_shelter
        Network node and shelter of each entrance, shape ``(E,)``, sorted by (shelter, node). Two doors of one shelter at
        one node are one entrance with the flow of both.
    door_flow_pps
        Persons a second through each entrance, shape ``(E,)``; 0: shut for good, nobody is sent there.
    forecourt_persons
        How many can stand before each entrance without blocking the street, shape ``(E,)``; infinite unless told.
    places
        Persons each shelter can take, shape ``(S,)``.
    open
        Whether each shelter is open at the start, shape ``(S,)``. People who reach one that is not open *yet* wait at its
        door until :meth:`Engine.open_shelter`.
    """

    entrance_node: NDArray[np.int64]
    entrance_shelter: NDArray[np.int64]
    door_flow_pps: NDArray[np.float64]
    forecourt_persons: NDArray[np.float64]
    places: NDArray[np.int64]
    open: NDArray[np.bool_]

    @classmethod
    def from_arrays(
        cls,
        entrance_node: ArrayLike,
        entrance_shelter: ArrayLike,
        door_flow_pps: ArrayLike,
        places: ArrayLike,
        *,
        open: ArrayLike = True,  # noqa: A002 - the field is called so
        forecourt_persons: ArrayLike = np.inf,
    ) -> Shelters:
        """Sort, merge doors at one node, check and freeze.

        Parameters
        ----------
        entrance_node, entrance_shelter, door_flow_pps, forecourt_persons
            One entry per door; see the class. A number stands for the same value everywhere.
        places, open
            One entry per shelter.

        Raises
        ------
        ValueError
            For arrays of different lengths, a shelter that does not exist, a negative or infinite flow, negative places
            or a negative forecourt.
        """
        node = np.atleast_1d(np.asarray(entrance_node, dtype=np.int64))
        shelter = np.atleast_1d(np.asarray(entrance_shelter, dtype=np.int64))
        if node.shape != shelter.shape or node.ndim != 1:
            raise ValueError("entrance_node and entrance_shelter must be lists of the same length")
        room = np.atleast_1d(np.asarray(places))
        if room.size and not np.issubdtype(room.dtype, np.integer):
            raise ValueError("places are whole persons")
        flow = np.array(np.broadcast_to(np.asarray(door_flow_pps, dtype=np.float64), node.shape))
        court = np.array(np.broadcast_to(np.asarray(forecourt_persons, dtype=np.float64), node.shape))
        if room.ndim != 1 or np.any(room < 0):
            raise ValueError("places must be a list of numbers of persons, none negative")
        if node.size and (shelter.min() < 0 or shelter.max() >= room.size or node.min() < 0):
            raise ValueError("an entrance belongs to no shelter or stands at no node")
        if not np.all(np.isfinite(flow) & (flow >= 0)):
            raise ValueError("a door flow must be finite and not negative")
        if not np.all(court >= 0):
            raise ValueError("a forecourt cannot be negative")
        keys, inverse = np.unique(np.stack([shelter, node]), axis=1, return_inverse=True)
        count = keys.shape[1]
        return cls(
            keys[1].astype(np.int64),
            keys[0].astype(np.int64),
            np.bincount(inverse.ravel(), weights=flow, minlength=count).astype(np.float64),
            np.bincount(inverse.ravel(), weights=court, minlength=count).astype(np.float64),
            room.astype(np.int64),
            np.array(np.broadcast_to(np.asarray(open, dtype=np.bool_), room.shape)),
        )

    @property
    def count(self) -> int:
        """Number of shelters S."""
        return int(self.places.size)
