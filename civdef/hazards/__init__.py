"""What a hazard does to the town: one file per kind of hazard, found by discovery.

Every public module here but ``effects`` is one kind of hazard and declares

* ``NAME``: its name as :class:`~civdef.text.Text`,
* ``NEEDS``: the fields of a footprint that sharpen its effects (they may be empty; ``effects`` says what then),
* ``VALIDITY``: where the statement holds and where it does not,
* ``SOURCES``: what it rests on,
* ``effects(workspace, footprints)``: a pure function → :class:`~civdef.hazards.effects.Effects`.

A kind without an effect on streets and shelters returns empty effects and says so in ``VALIDITY``.
"""

from __future__ import annotations

from civdef import registry
from civdef.errors import UsageError
from civdef.text import Text, listing, nearest

_MACHINERY = frozenset({"effects"})


def kinds() -> list[str]:
    """Return the names of all kinds of hazard, sorted, without importing them."""
    return [name for name in registry.names("civdef.hazards") if name not in _MACHINERY]


def check_kind(wanted: str) -> None:
    """Refuse a kind of hazard that does not exist, with the nearest one.

    Raises
    ------
    UsageError
        If there is none called so.
    """
    if wanted in kinds():
        return
    near = nearest(wanted, kinds())
    raise UsageError(
        Text("没有名为 {name} 的灾害种类", "There is no kind of hazard called {name}").format(name=wanted),
        hint=Text("是否想写 {name}？", "Did you mean {name}?").format(name=near)
        if near
        else Text("可用：{names}", "Known: {names}").format(names=listing(kinds(), 20)),
    )
