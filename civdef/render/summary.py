"""What the index page sums up, and what a section of it is.

Each file in ``render/sections`` is one section. It declares ``KEY``, ``TITLE`` (:class:`~civdef.text.Text`), ``ORDER`` and
``build(summary, lang)`` → :class:`~civdef.render.html.Html`, or None where it has nothing to say; and ``card(summary, lang)``
→ :class:`Card` or None: its line in the overview.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from civdef.text import Text

if TYPE_CHECKING:
    from civdef.audit.result import Audit
    from civdef.coverage.result import CoverageResult
    from civdef.drill.result import DrillResult
    from civdef.evacuate.result import EvacuationResult
    from civdef.model.workspace import Workspace

Tone = Literal["good", "fair", "bad", "plain"]


class TotalsLike(Protocol):
    """Counted totals, as ``civdef check`` has them (its package stands beside this one, not below)."""

    @property
    def communities(self) -> int:
        """How many."""
        ...

    @property
    def households(self) -> int:
        """How many."""
        ...

    @property
    def residents(self) -> int:
        """[persons]"""
        ...

    @property
    def units(self) -> int:
        """How many."""
        ...

    @property
    def plans(self) -> int:
        """How many."""
        ...

    @property
    def area_km2(self) -> float:
        """[km²]"""
        ...


class DifferenceLike(Protocol):
    """A declared total that was not met."""

    @property
    def total(self) -> str:
        """Its key."""
        ...

    @property
    def declared(self) -> float:
        """As the settings say."""
        ...

    @property
    def counted(self) -> float:
        """As the data say."""
        ...


class CheckLike(Protocol):
    """What the page reads of ``civdef.load.check.CheckResult``."""

    @property
    def ok(self) -> bool:
        """No faults, every total met."""
        ...

    @property
    def totals(self) -> TotalsLike | None:
        """None if the settings cannot be read."""
        ...

    @property
    def differences(self) -> Sequence[DifferenceLike]:
        """Totals not met."""
        ...

    @property
    def faults(self) -> Sequence[object]:
        """Faults in the files."""
        ...


@dataclass(frozen=True)
class OutFile:
    """A file below ``out/``.

    Attributes
    ----------
    path
        Below the page's folder, with forward slashes.
    label
        What it is.
    """

    path: str
    label: Text

    @property
    def is_map(self) -> bool:
        """Whether it is a page with a map: a page whose name says so."""
        name = self.path.rpartition("/")[2]
        return name.startswith("map") and name.endswith(".html")


@dataclass(frozen=True)
class DemoSummary:
    """Everything the index page sums up; what is None has no section.

    Attributes
    ----------
    workspace
        For names and settings.
    check, audit, coverage, evacuation, drills
        Results.
    files
        Files to link, in order.
    """

    workspace: Workspace
    check: CheckLike | None = None
    audit: Audit | None = None
    coverage: CoverageResult | None = None
    evacuation: EvacuationResult | None = None
    drills: tuple[DrillResult, ...] = ()
    files: tuple[OutFile, ...] = ()


@dataclass(frozen=True)
class Card:
    """One figure of the overview.

    Attributes
    ----------
    label, value, remark
        What it is, the figure, a line below it.
    tone
        Whether that is good.
    """

    label: Text
    value: Text
    remark: Text
    tone: Tone = "plain"
