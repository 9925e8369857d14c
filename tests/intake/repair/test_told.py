"""What is said of how streets hang together."""

from __future__ import annotations

from civdef.intake.repair.apply import _connected
from civdef.intake.repair.record import Connectivity


def parts(components: int, share: float) -> Connectivity:
    return Connectivity(roads=9, length_m=900.0, components=components, largest_share=share, dangling=0)


def test_what_did_not_change_is_not_called_a_change() -> None:
    said = _connected(parts(4, 0.94901), parts(4, 0.94899), parts(1, 1.0))
    assert said.zh == (
        "修整后，互不连通的路网仍为 4 块，最大一块占步行总长的 94.9%；再舍去孤立的零散路段，为 1 块、100%"
    )
    assert said.en == (
        "mended: the streets hang together in 4 parts as before, the largest holds 94.9% of the walkable length;"
        " without the islands left out, 1 part and 100%"
    )


def test_a_change_is_told_with_both_figures() -> None:
    said = _connected(parts(12, 0.6), parts(1, 1.0), parts(1, 1.0))
    assert said.zh == "修整后，互不连通的路网由 12 块变为 1 块，最大一块占步行总长的比例由 60% 变为 100%"
    assert said.en == (
        "mended: the streets hang together in 1 part (before: 12), the largest holds 100% of the walkable length"
        " (before: 60%)"
    )
    assert "99.99%" in _connected(parts(12, 0.6), parts(2, 0.999999), parts(2, 0.999999)).zh
