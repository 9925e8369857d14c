"""The preparedness graph as text: GraphML, DOT, Mermaid, JSON. Pure; the caller writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from civdef.result import Record, Result
from civdef.text import Lang

if TYPE_CHECKING:
    import networkx as nx

MERMAID_EDGES = 500
"""Mermaid's own default limit of edges in one picture (``maxEdges``, Mermaid documentation)."""


class NodeRecord(Record):
    """A node."""

    id: str
    kind: str
    zh: str
    en: str


class EdgeRecord(Record):
    """An edge, and the line of the workspace that says so."""

    source: str
    target: str
    kind: str
    file: str
    line: int
    column: int


class GraphResult(Result):
    """The preparedness graph."""

    SCHEMA: ClassVar[str] = "civdef.graph/1"

    counts: dict[str, int] = Field(description="kind of node → how many")
    edge_counts: dict[str, int] = Field(description="kind of edge → how many")
    nodes: list[NodeRecord]
    edges: list[EdgeRecord]


def select(
    graph: nx.MultiDiGraph[str], *, kinds: Collection[str] = (), about: str | None = None, steps: int = 1
) -> nx.MultiDiGraph[str]:
    """Return the part of the graph with nodes of `kinds`, or within `steps` of one node.

    Raises
    ------
    KeyError
        If `about` is no node of the graph.
    """
    import networkx as nx

    keep = set(graph)
    if about is not None:
        if about not in graph:
            raise KeyError(about)
        near = nx.single_source_shortest_path_length(graph.to_undirected(as_view=True), about, cutoff=steps)
        keep &= set(near)
    if kinds:
        keep = {n for n in keep if graph.nodes[n]["kind"] in kinds or n == about}
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    part.add_nodes_from((n, d) for n, d in graph.nodes(data=True) if n in keep)
    part.add_edges_from((u, v, d) for u, v, d in graph.edges(data=True) if u in keep and v in keep)
    return part


def to_result(graph: nx.MultiDiGraph[str], inputs: dict[str, str]) -> GraphResult:
    """Return the graph as a result."""
    return GraphResult(
        inputs=inputs,
        counts=dict(sorted(Counter(d["kind"] for _, d in graph.nodes(data=True)).items())),
        edge_counts=dict(sorted(Counter(d["kind"] for _, _, d in graph.edges(data=True)).items())),
        nodes=[NodeRecord(id=n, **d) for n, d in graph.nodes(data=True)],
        edges=[EdgeRecord(source=u, target=v, **d) for u, v, d in graph.edges(data=True)],
    )


def to_text(graph: nx.MultiDiGraph[str], form: str, lang: Lang, inputs: dict[str, str]) -> str:
    """Return the graph as ``graphml``, ``dot``, ``mermaid`` or ``json``; labels in `lang`. Raises ``KeyError`` for another format."""
    writers: dict[str, Any] = {
        "graphml": lambda: _graphml(graph),
        "dot": lambda: _dot(graph, lang),
        "mermaid": lambda: _mermaid(graph, lang),
        "json": lambda: to_result(graph, inputs).to_json(),
    }
    text: str = writers[form]()
    return text


def _graphml(graph: nx.MultiDiGraph[str]) -> str:
    import networkx as nx

    return "\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n"


def _dot(graph: nx.MultiDiGraph[str], lang: Lang) -> str:
    lines = ["digraph civdef {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    lines += [
        f"  {_quoted(n)} [label={_quoted(d[lang])}, class={_quoted(d['kind'])}];"
        for n, d in graph.nodes(data=True)
    ]
    lines += [
        f"  {_quoted(u)} -> {_quoted(v)} [label={_quoted(d['kind'])}, comment={_quoted(_where(d))}];"
        for u, v, d in graph.edges(data=True)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _mermaid(graph: nx.MultiDiGraph[str], lang: Lang) -> str:
    short = {n: f"n{i}" for i, n in enumerate(graph)}
    lines = ["flowchart LR"]
    lines += [f'  {short[n]}["{_plain(d[lang])}"]' for n, d in graph.nodes(data=True)]
    lines += [
        f"  {short[u]} -- {d['kind']} --> {short[v]} %% {_where(d)}" for u, v, d in graph.edges(data=True)
    ]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return text that is safe inside a quoted Mermaid label."""
    return re.sub(r'["#;`<>&\\\n\r]', lambda m: f"#{ord(m[0])};", text)


def _where(data: dict[str, Any]) -> str:
    return f"{data['file']}:{data['line']}"
