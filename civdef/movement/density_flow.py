"""How fast people walk in a crowd: published density–speed relations, as functions and as settings.

A relation gives the walking speed [m/s] at a density [persons/m²]. The engine uses only its *uncongested* branch (up to
the density where the flow is largest), because the wait behind a bottleneck is already counted by the queue of a street;
taking the slow branch as well would count the same delay twice. The congested branch is kept here for analysis and tests.

Sources
-------
* Weidmann, U. (1993): Transporttechnik der Fußgänger. ETH Zürich, IVT Schriftenreihe 90.
* SFPE Handbook of Fire Protection Engineering, chapter "Employing the hydraulic model in assessing emergency movement"
  (Gwynne & Rosenbaum): ``S = k (1 - 0.266 D)``.
* IMO MSC.1/Circ.1533 (2016), annex 2, tables of specific flow and speed by density.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WEIDMANN_FREE_MPS = 1.34
"""Mean free walking speed [m/s] (Weidmann 1993)."""
WEIDMANN_SHAPE_P_M2 = 1.913
"""Shape parameter [persons/m²] (Weidmann 1993)."""
WEIDMANN_JAM_P_M2 = 5.4
"""Density at which walking stops [persons/m²] (Weidmann 1993)."""
SFPE_K_LEVEL_MPS = 1.40
"""Speed constant k for corridors, ramps and doors [m/s] (SFPE Handbook)."""
SFPE_A_M2 = 0.266
"""Density constant [m²/person] (SFPE Handbook)."""
SFPE_FREE_P_M2 = 0.54
"""Below this density [persons/m²] people do not hinder one another: speed 0.85 k, rounded (SFPE Handbook)."""
IMO_POINTS = ((0.5, 1.2), (1.9, 0.67), (3.2, 0.20), (3.5, 0.10))
"""Density [persons/m²] and speed [m/s] in corridors (IMO MSC.1/Circ.1533, annex 2)."""
IMO_MAX_FLOW_P_M_S = 1.3
"""Largest specific flow of corridors and doors [persons/(m·s)], per clear width (IMO MSC.1/Circ.1533)."""
SFPE_STAIR_TREAD_FACTOR = 51.8 / 60.0
"""``k = 51.8 sqrt(tread / riser)`` metres a minute, here in m/s (SFPE Handbook)."""


def weidmann_mps(density_p_m2: ArrayLike) -> Floats:
    """Return the speed after Weidmann: ``1.34 (1 - exp(-1.913 (1/ρ - 1/5.4)))``.

    Parameters
    ----------
    density_p_m2
        Density [persons/m²], any shape, not negative.

    Returns
    -------
    numpy.ndarray
        Speed [m/s], same shape; 1.34 at density 0, 0 from 5.4 persons/m² on.

    Raises
    ------
    ValueError
        For a negative density or NaN.

    Sources
    -------
    Weidmann (1993).
    """
    rho = _densities(density_p_m2)
    inverse = 1.0 / np.maximum(rho, 1e-9)
    speed = WEIDMANN_FREE_MPS * -np.expm1(-WEIDMANN_SHAPE_P_M2 * (inverse - 1.0 / WEIDMANN_JAM_P_M2))
    return np.where(rho >= WEIDMANN_JAM_P_M2, 0.0, speed)


def sfpe_mps(density_p_m2: ArrayLike, k_mps: float = SFPE_K_LEVEL_MPS) -> Floats:
    """Return the speed after SFPE: ``k (1 - 0.266 D)``, at least 0; below 0.54 persons/m² as at 0.54.

    Parameters
    ----------
    density_p_m2
        Density [persons/m²], any shape, not negative.
    k_mps
        Speed constant [m/s]: 1.40 on the level, see :func:`sfpe_stair_k_mps` for stairs.

    Returns
    -------
    numpy.ndarray
        Speed [m/s], same shape.

    Raises
    ------
    ValueError
        For a negative density or NaN.

    Sources
    -------
    SFPE Handbook; the linear part is valid to 3.8 persons/m². The Handbook rounds the value at 0.54 to 0.85 k; here it is
    0.856 k, so that speed never rises with density.
    """
    rho = _densities(density_p_m2)
    return np.asarray(np.maximum(k_mps * (1.0 - SFPE_A_M2 * np.maximum(rho, SFPE_FREE_P_M2)), 0.0))


def sfpe_stair_k_mps(tread_m: float, riser_m: float) -> float:
    """Return the speed constant k of a stair, ``51.8 sqrt(tread / riser)`` m/min.

    Parameters
    ----------
    tread_m, riser_m
        Depth and height of a step [m], positive.

    Returns
    -------
    float
        k [m/s]; 1.077 for a tread of 0.28 m and a riser of 0.18 m.

    Raises
    ------
    ValueError
        If a length is not positive.

    Sources
    -------
    SFPE Handbook; restated in the EvacuatioNZ verification report 2.11 (Spearpoint 2016).
    """
    if not (tread_m > 0 and riser_m > 0):
        raise ValueError("tread and riser must be positive")
    return float(SFPE_STAIR_TREAD_FACTOR * np.sqrt(tread_m / riser_m))


def imo_mps(density_p_m2: ArrayLike) -> Floats:
    """Return the corridor speed after IMO, linear between the tabulated densities, constant outside.

    Parameters
    ----------
    density_p_m2
        Density [persons/m²], any shape, not negative.

    Returns
    -------
    numpy.ndarray
        Speed [m/s], same shape: 1.2 up to 0.5, 0.67 at 1.9, 0.20 at 3.2, 0.10 from 3.5 persons/m² on.

    Raises
    ------
    ValueError
        For a negative density or NaN.

    Sources
    -------
    IMO MSC.1/Circ.1533, annex 2.
    """
    rho = _densities(density_p_m2)
    xs, ys = zip(*IMO_POINTS, strict=True)
    return np.asarray(np.interp(rho, xs, ys), dtype=np.float64)


def _free(density_p_m2: ArrayLike) -> Floats:
    """Return 1 m/s at every density: people do not slow one another down."""
    return np.ones_like(_densities(density_p_m2))


def _densities(density_p_m2: ArrayLike) -> Floats:
    rho = np.asarray(density_p_m2, dtype=np.float64)
    if not np.all(rho >= 0):
        raise ValueError("a density cannot be negative or NaN")
    return rho


@dataclass(frozen=True, slots=True)
class Relation:
    """A density–speed relation with what the queues need: largest flow and jam density.

    Attributes
    ----------
    name
        Short name, for reports.
    speed_mps
        Function of density [persons/m²] → speed [m/s]. Only its ratio to the speed at density 0 is used:
        each person keeps their own free speed.
    critical_p_m2
        Density of the largest flow [persons/m²].
    max_flow_p_m_s
        Largest specific flow [persons/(m·s)], per metre of the network's usable width.
    jam_p_m2
        Density at which a street is full and nobody else can enter [persons/m²].
    source
        Where the numbers come from.
    """

    name: str
    speed_mps: Callable[[ArrayLike], Floats]
    critical_p_m2: float
    max_flow_p_m_s: float
    jam_p_m2: float
    source: str

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be.

        Raises
        ------
        ValueError
            If a density or the flow is not positive and finite, or the critical density exceeds the jam density.
        """
        numbers = (self.critical_p_m2, self.max_flow_p_m_s, self.jam_p_m2)
        if not all(np.isfinite(x) and x > 0 for x in numbers):
            raise ValueError("densities and flow of a relation must be positive and finite")
        if self.critical_p_m2 > self.jam_p_m2:
            raise ValueError("the critical density cannot exceed the jam density")

    def factors(self, count: int = 1025) -> Floats:
        """Return speed ÷ free speed at `count` even densities from 0 to the critical one, for interpolation.

        Parameters
        ----------
        count
            Number of samples, at least 2.

        Returns
        -------
        numpy.ndarray
            Shape ``(count,)``, in (0, 1], never rising.

        Raises
        ------
        ValueError
            If the relation rises with density or reaches 0 before the critical density.
        """
        speed = np.asarray(self.speed_mps(np.linspace(0.0, self.critical_p_m2, count)), dtype=np.float64)
        factor = speed / speed[0]
        if np.any(np.diff(factor) > 1e-12) or not factor[-1] > 0:
            raise ValueError(
                f"relation {self.name}: speed must fall with density and stay above 0 up to the critical one"
            )
        return np.asarray(factor, dtype=np.float64)


WEIDMANN = Relation(
    "weidmann", weidmann_mps, 1.7507, 1.2249, WEIDMANN_JAM_P_M2, "Weidmann 1993; flow peak derived"
)
"""Walkways; flow 1.225 persons/(m·s) at 1.75 persons/m²."""
SFPE = Relation(
    "sfpe",
    sfpe_mps,
    1.0 / (2.0 * SFPE_A_M2),
    SFPE_K_LEVEL_MPS / (4.0 * SFPE_A_M2),
    1.0 / SFPE_A_M2,
    "SFPE Handbook, hydraulic model; per effective width (clear width less 0.15–0.20 m at each side)",
)
"""Level corridors and doors; flow 1.316 persons/(m·s) at 1.88 persons/m²."""
IMO = Relation(
    "imo",
    imo_mps,
    1.9,
    IMO_MAX_FLOW_P_M_S,
    3.5,
    "IMO MSC.1/Circ.1533 annex 2; per clear width; jam = last tabulated density",
)
"""Corridors of ships; flow 1.3 persons/(m·s)."""
FREE = Relation(
    "free",
    _free,
    1.0,
    WEIDMANN.max_flow_p_m_s,
    WEIDMANN_JAM_P_M2,
    "no slowing by density; flow and jam of Weidmann 1993",
)
"""Constant speed: for closed-form checks and for comparison with the time-expanded network."""
RELATIONS = {r.name: r for r in (WEIDMANN, SFPE, IMO, FREE)}
"""Relations by name, for settings."""
