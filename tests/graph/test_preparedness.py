"""Every edge of the preparedness graph traces to the line of the workspace that says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import networkx as nx
import pytest
from defusedxml import ElementTree

from civdef.graph.export import select, to_text
from civdef.graph.preparedness import build_preparedness_graph
from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from tests import toy_town


@pytest.fixture
def toy(tmp_path: Path) -> Workspace:
    return load_workspace(toy_town.write(tmp_path))


def traced(root: Path, graph: nx.MultiDiGraph[str]) -> int:
    """Check that the line behind each edge names one of its ends; return the number of edges."""
    lines = {}
    for source, target, data in graph.edges(data=True):
        if data["file"] not in lines:
            lines[data["file"]] = (root / data["file"]).read_text(encoding="utf-8-sig").splitlines()
        assert 1 <= data["line"] <= len(lines[data["file"]]), (source, target, data)
        row = lines[data["file"]][data["line"] - 1]
        names = {end.rpartition("/")[2].rpartition(".")[2] for end in (source, target)}
        names |= {source, target}
        assert any(n in row for n in names), (source, target, data, row)
    return graph.number_of_edges()


def test_every_edge_of_the_toy_town_traces_to_its_line(tmp_path: Path, toy: Workspace) -> None:
    assert traced(tmp_path, build_preparedness_graph(toy)) > 40


def test_every_edge_of_the_sample_traces_to_its_line(sample_root: Path) -> None:
    graph = build_preparedness_graph(load_workspace(sample_root))
    assert traced(sample_root, graph) > 5000
    kinds = {d["kind"] for _, d in graph.nodes(data=True)}
    assert {
        "post", "person", "group", "team", "community", "building", "shelter", "plan", "task", "equipment", "channel",
        "hazard", "unit", "external",
    } <= kinds  # fmt: skip


def test_who_calls_whom_is_in_the_graph(toy: Workspace) -> None:
    graph = build_preparedness_graph(toy)
    said = {(u, d["kind"], v) for u, v, d in graph.edges(data=True)}
    assert {
        ("person/an", "holds", "post/commander"),
        ("person/bo", "deputises", "post/commander"),
        ("post/commander", "leads", "headquarters/street"),
        ("group/evacuation", "commands", "team/toy"),
        ("post/commander", "responsible_for", "task/toy.activate"),
        ("task/toy.call", "informs", "group/evacuation"),
        ("task/toy.warn", "after", "task/toy.call"),
        ("task/toy.warn", "needs", "channel/loudspeaker"),
        ("team/toy", "responsible_for", "community/toy"),
        ("shelter/south", "covers", "hazard-kind/flood"),
    } <= said


def test_graphml_and_json_round_trip(toy: Workspace) -> None:
    graph = build_preparedness_graph(toy)
    back = nx.parse_graphml(to_text(graph, "graphml", "zh", {}), force_multigraph=True)
    assert set(back) == set(graph)
    assert back.number_of_edges() == graph.number_of_edges()
    data = json.loads(to_text(graph, "json", "zh", {}))
    assert data["schema"] == "civdef.graph/1"
    assert len(data["edges"]) == graph.number_of_edges()
    assert sum(data["counts"].values()) == len(data["nodes"])


def test_hostile_names_cannot_leave_their_labels(tmp_path: Path) -> None:
    evil = 'x"] --> y["</a>\\n`; <b>&'
    text = toy_town.ORGANISATION.replace("{zh: 玩具队, en: Toy team}", "{zh: '" + evil + "'}")
    graph = build_preparedness_graph(
        load_workspace(toy_town.write(tmp_path, {"plans/organisation.yaml": text}))
    )
    ElementTree.fromstring(to_text(graph, "graphml", "zh", {}))
    for line in to_text(graph, "mermaid", "zh", {}).splitlines()[1:]:
        label = re.fullmatch(r'  n\d+\["([^"<>`]*)"\]', line)
        assert label or re.fullmatch(r"  n\d+ -- \w+ --> n\d+ %% \S+", line), line
    dot = to_text(graph, "dot", "zh", {})
    assert dot.count("{") == dot.count("}") == 1


def test_select_keeps_what_surrounds_an_object(toy: Workspace) -> None:
    graph = build_preparedness_graph(toy)
    near = select(graph, about="team/toy")
    assert "group/evacuation" in near
    assert "channel/phone" not in near
    assert set(select(graph, kinds=["group"])) == {"group/evacuation"}
    with pytest.raises(KeyError):
        select(graph, about="team/none")


def test_every_kind_of_the_sample_has_a_name_in_both_languages(sample_root: Path) -> None:
    from civdef.cli.commands import graph as command

    graph = build_preparedness_graph(load_workspace(sample_root))
    assert {d["kind"] for _, d in graph.nodes(data=True)} <= set(command._KINDS)
    assert {d["kind"] for _, _, d in graph.edges(data=True)} <= set(command._EDGES)
