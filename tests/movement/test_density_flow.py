"""Published values of the density relations. Sources: Weidmann 1993; SFPE Handbook; IMO MSC.1/Circ.1533 annex 2."""

from __future__ import annotations

import numpy as np
import pytest

from civdef.movement import FREE, IMO, RELATIONS, SFPE, WEIDMANN, Relation
from civdef.movement.density_flow import imo_mps, sfpe_mps, sfpe_stair_k_mps, weidmann_mps


@pytest.mark.parametrize(
    ("density", "speed"),
    [(0.5, 1.298), (1, 1.058), (2, 0.606), (3, 0.331), (4, 0.156), (5.4, 0), (7, 0), (0, 1.34)],
)
def test_weidmann_speeds(density: float, speed: float) -> None:
    assert weidmann_mps(density) == pytest.approx(speed, abs=6e-4)


@pytest.mark.parametrize(
    ("density", "speed"),
    [(0, 1.2), (0.5, 1.2), (1.9, 0.67), (3.2, 0.20), (3.5, 0.10), (9, 0.10), (1.2, 0.935)],
)
def test_imo_speeds(density: float, speed: float) -> None:
    assert imo_mps(density) == pytest.approx(speed)


def test_sfpe_speeds() -> None:
    assert sfpe_mps(0.2) == pytest.approx(0.85 * 1.40, rel=0.01)
    assert sfpe_mps(1.0) == pytest.approx(1.40 * (1 - 0.266))
    assert sfpe_mps(4.0) == 0
    assert np.all(np.diff(sfpe_mps(np.linspace(0, 5, 500))) <= 1e-12)
    assert sfpe_stair_k_mps(0.28, 0.18) == pytest.approx(1.07677, abs=1e-4)


@pytest.mark.parametrize("relation", [WEIDMANN, SFPE, IMO], ids=lambda r: r.name)
def test_largest_flow_is_where_the_relation_says(relation: Relation) -> None:
    rho = np.linspace(0.01, relation.jam_p_m2, 20001)
    flow = rho * relation.speed_mps(rho)
    assert rho[flow.argmax()] == pytest.approx(relation.critical_p_m2, abs=0.07 if relation is IMO else 2e-3)
    # IMO's table gives 1.3 where its own speed times density is 1.27
    assert flow.max() == pytest.approx(relation.max_flow_p_m_s, rel=0.025 if relation is IMO else 1e-3)


def test_peak_flows_of_the_literature() -> None:
    assert WEIDMANN.max_flow_p_m_s == pytest.approx(1.225, abs=1e-3)
    assert SFPE.max_flow_p_m_s == pytest.approx(1.32, abs=0.01)
    assert IMO.max_flow_p_m_s == 1.3


@pytest.mark.parametrize("relation", RELATIONS.values(), ids=lambda r: r.name)
def test_factors_match_the_function(relation: Relation) -> None:
    factors = relation.factors()
    rho = np.linspace(0, relation.critical_p_m2, 3001)
    table = np.interp(rho, np.linspace(0, relation.critical_p_m2, factors.size), factors)
    exact = relation.speed_mps(rho) / relation.speed_mps(0.0)
    assert np.abs(table - exact).max() < 1e-3
    assert factors[0] == 1
    assert relation.source


def test_refusals() -> None:
    for bad in (-1.0, np.nan):
        for function in (weidmann_mps, sfpe_mps, imo_mps):
            with pytest.raises(ValueError, match="density"):
                function(bad)
    with pytest.raises(ValueError, match="positive"):
        sfpe_stair_k_mps(0, 1)
    with pytest.raises(ValueError, match="positive and finite"):
        Relation("x", FREE.speed_mps, 1, 0, 5, "")
    with pytest.raises(ValueError, match="critical"):
        Relation("x", FREE.speed_mps, 6, 1, 5, "")
    with pytest.raises(ValueError, match="fall with density"):
        Relation("x", lambda r: 1 + np.asarray(r), 1, 1, 5, "").factors()
