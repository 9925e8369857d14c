"""Whatever an extract says, the workspace it leaves can be read: tags of every kind, in every nonsense, on any shape."""

from __future__ import annotations

import tempfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.errors import ImportRefusedError
from civdef.load import load_workspace
from civdef.load.init import make_blank
from civdef.load.osm import OsmRequest, import_osm
from civdef.load.promote import run_promote

KEYS = {
    "highway": ("residential", "footway", "steps", "motorway", "pedestrian", "platform", "construction", "bus_stop", "road"),
    "building": ("yes", "no", "apartments", "dormitory", "school", "train_station"),
    "amenity": ("school", "parking", "hospital", "police", "fire_station", "restaurant", "university", "clinic"),
    "leisure": ("park", "pitch", "sports_centre", "stadium", "garden"),
    "landuse": ("residential", "grass", "industrial"), "barrier": ("gate", "wall", "lift_gate", "fence"),
    "boundary": ("administrative",), "admin_level": ("10", "8", "x"), "place": ("square",), "natural": ("water", "wood"),
    "shop": ("supermarket",), "office": ("company",), "emergency": ("fire_hydrant", "assembly_point"), "type": ("multipolygon", "boundary"),
    "access": ("no", "private", "yes"), "foot": ("no", "designated"), "oneway": ("yes", "-1", "reversible"), "area": ("yes",),
    "bridge": ("yes", "viaduct"), "tunnel": ("yes", "building_passage"), "parking": ("underground", "surface"), "locked": ("yes",),
}  # fmt: skip
NUMBERS = (
    "layer",
    "level",
    "width",
    "lanes",
    "maxspeed",
    "height",
    "building:levels",
    "capacity",
    "addr:housenumber",
    "start_date",
    "ref",
)
NAMES = ("name", "name:zh", "name:en", "phone", "addr:street", "alt_name")

word = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
figure = st.sampled_from(
    [
        "-1",
        "0",
        "1",
        "3.5",
        "12 m",
        "6'",
        "5;7",
        "1e999",
        "-99999999999",
        "∞",
        "nan",
        "½",
        "40 mph",
        "none",
        "１２",
        "2020-02-30",
        "",
    ]
)
tags = st.fixed_dictionaries(
    {},
    optional={k: st.one_of(st.sampled_from(v), st.sampled_from(v), word) for k, v in KEYS.items()}
    | dict.fromkeys(NUMBERS, figure)
    | dict.fromkeys(NAMES, word),
)
some_tags = tags.map(lambda found: dict(list(found.items())[:6]))
spot = st.integers(0, 30)
ways = st.lists(
    st.tuples(st.lists(st.integers(1, 25), min_size=1, max_size=7), st.booleans(), some_tags), max_size=12
)
relations = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from(["way", "node", "relation"]), st.integers(1, 14), st.sampled_from(["outer", "inner", "", "x"])), max_size=4), some_tags),
    max_size=3,
)  # fmt: skip


def document(
    spots: list[tuple[int, int]],
    node_tags: dict[int, dict[str, str]],
    drawn: list[tuple[list[int], bool, dict[str, str]]],
    groups: list[tuple[list[tuple[str, int, str]], dict[str, str]]],
) -> str:
    """Return OpenStreetMap XML: nodes on a grid of about ten metres, ways that may close, relations of anything."""

    def attributes(found: dict[str, str]) -> str:
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in found.items())

    out = ['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">']
    for i, (x, y) in enumerate(spots, start=1):
        out.append(
            f'<node id="{i}" lat="{30 + y * 1e-4:.7f}" lon="{114 + x * 1e-4:.7f}">{attributes(node_tags.get(i, {}))}</node>'
        )
    for i, (nodes, close, found) in enumerate(drawn, start=1):
        refs = nodes + nodes[:1] if close else nodes
        out.append(
            f'<way id="{i}">{"".join(f"<nd ref={quoteattr(str(n))}/>" for n in refs)}{attributes(found)}</way>'
        )
    for i, (members, found) in enumerate(groups, start=1):
        inside = "".join(f'<member type="{kind}" ref="{n}" role="{role}"/>' for kind, n, role in members)
        out.append(f'<relation id="{i}">{inside}{attributes(found)}</relation>')
    return "".join(out) + "</osm>"


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(spot, spot), min_size=8, max_size=22),
    st.dictionaries(st.integers(1, 22), some_tags, max_size=6), ways, relations,
)  # fmt: skip
def test_the_workspace_can_be_read_whatever_the_extract_says(
    spots: list[tuple[int, int]],
    node_tags: dict[int, dict[str, str]],
    drawn: list[tuple[list[int], bool, dict[str, str]]],
    groups: list[tuple[list[tuple[str, int, str]], dict[str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, file = Path(folder) / "ws", Path(folder) / "any.osm"
        make_blank(root)
        file.write_text(document(spots, node_tags, drawn, groups), encoding="utf-8")
        try:
            result = import_osm(root, OsmRequest(file, people=True), "zh")
        except ImportRefusedError:
            load_workspace(root)  # refused in words, and nothing was broken
            return
        workspace = load_workspace(root)
        if workspace.candidates:
            run_promote(root, (), "en", everything=True)
            assert len(load_workspace(root).shelters) == len(workspace.candidates)
        for part in result.parts:
            if part.target != "roads":
                assert part.written <= part.read + 1, part.target
        again = import_osm(root, OsmRequest(file), "zh")
        assert [(p.target, p.differences) for p in again.parts if p.differences] == []
