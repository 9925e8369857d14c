"""The streets as people walk them: directed arcs in flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
_T = TypeVar("_T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Directed walking arcs, sorted by (tail, head, length, width).

    Make one with :meth:`from_arrays`, which sorts and checks.

    Attributes
    ----------
    tail, head
        Node at the start and end of each arc, shape ``(M,)``.
    length_m
        Length [m], zero or more (zero: a connector that takes no time), shape ``(M,)``.
    width_m
        Width usable *in this direction* [m], above zero, shape ``(M,)``. A street used both ways has two arcs that
        share its width; take edge layers off before (SFPE: 0.20 m at a corridor wall).
    speed_factor
        Walking speed relative to level ground, shape ``(M,)``: 1 on the level; stairs down 1.0/1.2 and up 0.8/1.2 by the
        free speeds of IMO MSC.1/Circ.1533.
    flow_factor
        Largest flow relative to level ground, shape ``(M,)``: stairs down 1.1/1.3, up 0.88/1.3 (IMO MSC.1/Circ.1533).
    node_count
        Number of nodes N; nodes are 0 … N-1.
    indptr
        Arcs leaving node n are ``indptr[n]:indptr[n+1]``, shape ``(N+1,)``.
    source_row
        Row of each arc in the arrays given to :meth:`from_arrays`, shape ``(M,)``.
    """

    tail: Ints
    head: Ints
    length_m: Floats
    width_m: Floats
    speed_factor: Floats
    flow_factor: Floats
    node_count: int
    indptr: Ints
    source_row: NDArray[np.int64]

    @classmethod
    def from_arrays(
        cls,
        tail: ArrayLike,
        head: ArrayLike,
        length_m: ArrayLike,
        width_m: ArrayLike,
        node_count: int,
        *,
        speed_factor: ArrayLike = 1.0,
        flow_factor: ArrayLike = 1.0,
    ) -> WalkNetwork:
        """Sort, check and freeze.

        Parameters
        ----------
        tail, head, length_m, width_m
            One entry per directed arc; see the class. A number stands for the same value everywhere.
        node_count
            Number of nodes.
        speed_factor, flow_factor
            See the class.

        Returns
        -------
        WalkNetwork
            With read-only arrays. ``source_row`` leads back to the rows given; :meth:`arc_of_row` the other way.

        Raises
        ------
        ValueError
            For a node outside 0 … N-1, a negative or infinite length, a width or factor that is not positive and finite,
            or arrays of different lengths.
        """
        tails = np.atleast_1d(np.asarray(tail, dtype=np.int64))
        heads = np.atleast_1d(np.asarray(head, dtype=np.int64))
        if tails.ndim != 1 or tails.shape != heads.shape:
            raise ValueError("tail and head must be lists of the same length")
        size = tails.size
        columns = []
        for name, value in (
            ("length_m", length_m),
            ("width_m", width_m),
            ("speed_factor", speed_factor),
            ("flow_factor", flow_factor),
        ):
            column = np.asarray(value, dtype=np.float64)
            if column.ndim and column.shape != (size,):
                raise ValueError(f"{name} must have one entry per arc ({size}), not {column.shape}")
            column = np.broadcast_to(column, (size,))
            good = np.isfinite(column) & (column >= 0 if name == "length_m" else column > 0)
            if not good.all():
                row = int(np.flatnonzero(~good)[0])
                raise ValueError(f"{name} of arc {row} is {column[row]}: it must be finite and positive")
            columns.append(column)
        if node_count < 0 or (
            size and (min(tails.min(), heads.min()) < 0 or max(tails.max(), heads.max()) >= node_count)
        ):
            raise ValueError(f"an arc ends at a node outside 0 … {node_count - 1}")
        length, width, speed, flow = columns
        order = np.lexsort((flow, speed, width, length, heads, tails))
        indptr = np.zeros(node_count + 1, dtype=np.int32)
        np.cumsum(np.bincount(tails, minlength=node_count), out=indptr[1:])
        return cls(
            _frozen(tails[order].astype(np.int32)),
            _frozen(heads[order].astype(np.int32)),
            _frozen(length[order]),
            _frozen(width[order]),
            _frozen(speed[order]),
            _frozen(flow[order]),
            int(node_count),
            _frozen(indptr),
            _frozen(order.astype(np.int64)),
        )

    @property
    def arc_count(self) -> int:
        """Number of directed arcs M."""
        return int(self.tail.size)

    @cached_property
    def arc_of_row(self) -> Ints:
        """Arc of each row given to :meth:`from_arrays`, shape ``(M,)``."""
        arc = np.empty(self.arc_count, dtype=np.int32)
        arc[self.source_row] = np.arange(self.arc_count, dtype=np.int32)
        return _frozen(arc)

    @cached_property
    def in_arcs(self) -> Ints:
        """Arcs ordered by head, then number, shape ``(M,)``; cut by :attr:`in_indptr`."""
        return _frozen(np.argsort(self.head, kind="stable").astype(np.int32))

    @cached_property
    def in_indptr(self) -> Ints:
        """Arcs entering node n are ``in_arcs[in_indptr[n]:in_indptr[n+1]]``, shape ``(N+1,)``."""
        indptr = np.zeros(self.node_count + 1, dtype=np.int32)
        np.cumsum(np.bincount(self.head, minlength=self.node_count), out=indptr[1:])
        return _frozen(indptr)

    @cached_property
    def cost_m(self) -> Floats:
        """Length over speed factor [m of level walking], shape ``(M,)``: what routing keeps short."""
        return _frozen(self.length_m / self.speed_factor)


def _frozen(array: NDArray[_T]) -> NDArray[_T]:
    array = np.ascontiguousarray(array)
    if not array.flags.owndata:
        array = array.copy()
    array.flags.writeable = False
    return array
