"""What rules may look at: the workspace, and results that are worked out once, when the first rule asks for them.

A rule gets a :class:`View`, which gives what the rule declared and refuses the rest, so that the declaration stays true
and a run of a few rules pays only for what those need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from civdef.audit.rule import Need, Rule
from civdef.errors import CivdefError
from civdef.model.base import Date
from civdef.model.workspace import PlanText, Workspace

if TYPE_CHECKING:
    import networkx as nx

    from civdef.audit.catalogue import Catalogue
    from civdef.audit.contents import Content
    from civdef.audit.laws import Register
    from civdef.audit.reach import Coverage, Evacuation
    from civdef.audit.schedule import Schedule
    from civdef.graph.roads import StreetNetwork
    from civdef.hazards.effects import Effects


class UndeclaredNeedError(Exception):
    """A rule asked for something that it did not declare: a defect of the rule."""


@dataclass(frozen=True)
class Failure:
    """A rule that failed: it crashed, or (a :class:`CivdefError`) its question has no answer here."""

    rule: Rule
    error: Exception


class Context:
    """Lazy, cached results over one workspace. Every property is worked out at most once in a run.

    Parameters
    ----------
    workspace
        What is audited.
    rules
        All rules that exist, for rules about the run itself.
    """

    def __init__(self, workspace: Workspace, rules: Catalogue) -> None:
        self.workspace = workspace
        self.rules = rules
        self.failures: list[Failure] = []
        self._failed: dict[str, CivdefError] = {}

    def get(self, need: Need) -> object:
        """Return a result; a question that failed once fails again with the same error, without a second try.

        Raises
        ------
        CivdefError
            Where the question has no answer, e.g. places without a street network.
        """
        if need in self._failed:
            raise self._failed[need]
        try:
            return getattr(self, need)
        except CivdefError as error:
            self._failed[need] = error
            raise

    @cached_property
    def texts(self) -> Mapping[tuple[str, str], PlanText]:
        """(plan or rule id, language) → text with its clauses."""
        return self.workspace.texts

    @cached_property
    def laws(self) -> Register:
        """Which version of a law is in force, with the workspace's own settings on top."""
        from civdef.audit.laws import register

        return register(self.workspace.settings.audit.laws)

    @cached_property
    def contents(self) -> tuple[Content, ...]:
        """What a street's plan must speak of."""
        from civdef.audit.contents import contents

        return contents()

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The preparedness graph."""
        from civdef.graph.preparedness import build_preparedness_graph

        return build_preparedness_graph(self.workspace)

    @cached_property
    def schedule(self) -> Mapping[tuple[str, int], Schedule]:
        """(plan id, response level) → when each task starts and ends at the planned pace."""
        from civdef.audit.schedule import schedules

        return schedules(self.workspace)

    @cached_property
    def streets(self) -> StreetNetwork:
        """The street network."""
        from civdef.graph.roads import build_street_network

        return build_street_network(self.workspace)

    @cached_property
    def coverage(self) -> Coverage:
        """Who is within reach of which shelters, plan by plan."""
        from civdef.audit.reach import Coverage

        return Coverage(self.workspace, self.streets)

    @cached_property
    def evacuation(self) -> Evacuation:
        """People to move and places for them, plan by plan."""
        from civdef.audit.reach import Evacuation

        return Evacuation(self.workspace)

    @cached_property
    def hazards(self) -> Mapping[str, Effects]:
        """Kind of hazard → effects of all its footprints on the map."""
        from civdef.audit.danger import effects_by_kind

        return effects_by_kind(self.workspace)

    @property
    def run(self) -> Context:
        """The run itself: rules that exist, rules that failed so far."""
        return self


class View:
    """What one rule sees: the workspace, the as-of date, and what the rule declared.

    Raises
    ------
    UndeclaredNeedError
        On asking for what the rule did not declare.
    """

    def __init__(self, context: Context, rule: Rule) -> None:
        self._context = context
        self._rule = rule

    @property
    def workspace(self) -> Workspace:
        """The workspace."""
        return self._context.workspace

    @property
    def as_of(self) -> Date:
        """The date from which all intervals count."""
        return self._context.workspace.settings.as_of

    def _need(self, need: Need) -> None:
        if need not in self._rule.needs:
            raise UndeclaredNeedError(f"{self._rule.code} does not declare that it needs {need!r}")
        self._context.get(need)

    @property
    def texts(self) -> Mapping[tuple[str, str], PlanText]:
        """See :attr:`Context.texts`."""
        self._need("texts")
        return self._context.texts

    @property
    def laws(self) -> Register:
        """See :attr:`Context.laws`."""
        self._need("laws")
        return self._context.laws

    @property
    def contents(self) -> tuple[Content, ...]:
        """See :attr:`Context.contents`."""
        self._need("contents")
        return self._context.contents

    @property
    def graph(self) -> nx.MultiDiGraph[str]:
        """See :attr:`Context.graph`."""
        self._need("graph")
        return self._context.graph

    @property
    def schedule(self) -> Mapping[tuple[str, int], Schedule]:
        """See :attr:`Context.schedule`."""
        self._need("schedule")
        return self._context.schedule

    @property
    def streets(self) -> StreetNetwork:
        """See :attr:`Context.streets`."""
        self._need("streets")
        return self._context.streets

    @property
    def coverage(self) -> Coverage:
        """See :attr:`Context.coverage`."""
        self._need("coverage")
        return self._context.coverage

    @property
    def evacuation(self) -> Evacuation:
        """See :attr:`Context.evacuation`."""
        self._need("evacuation")
        return self._context.evacuation

    @property
    def hazards(self) -> Mapping[str, Effects]:
        """See :attr:`Context.hazards`."""
        self._need("hazards")
        return self._context.hazards

    @property
    def run(self) -> Context:
        """See :attr:`Context.run`. Rules that need it run last."""
        self._need("run")
        return self._context
