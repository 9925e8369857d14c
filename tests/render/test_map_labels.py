"""Names on the map in a real browser: none covers another, a sign or a control; header, notes and print stay legible."""

from __future__ import annotations

import base64
import itertools
import json
from pathlib import Path

import pytest

from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.question import map_of
from tests import toy_town
from tests.browser import Browser, Page

pytestmark = pytest.mark.browser

MANY = 120

NOTE = "人口为推定：按房屋面积推算，未经实地核实。"

CLASHES = """(() => {
  const v = civdef.view, frame = civdef.map.getContainer().getBoundingClientRect(), all = civdef.placed.slice(), bad = [];
  civdef.map.getContainer().querySelectorAll('.leaflet-control').forEach(n => {
    const b = n.getBoundingClientRect(), x = v.pad.x - frame.left, y = v.pad.y - frame.top;
    if (b.width) all.push({text: 'control ' + n.className, boxes: [[b.left + x, b.top + y, b.right + x, b.bottom + y]], fixed: 1});
  });
  civdef.layers.filter(l => l.visible && l.shape === 'point').forEach(l => l.rows.forEach((row, i) => {
    const style = l.styles[l.style[i]], s = civdef.symbolSize(v.zoom, style), box = l.shapes[row].box;
    if (v.zoom < (style.minZoom || 0)) return;
    const x = box[0] * v.k - v.ox, y = box[1] * v.k - v.oy;
    all.push({text: 'sign ' + l.key, boxes: [[x - s, y - s, x + s, y + s]], fixed: 1});
  }));
  for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
    if (all[i].fixed && all[j].fixed) continue;
    if (all[i].boxes.some(a => all[j].boxes.some(b => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1])))
      bad.push(all[i].text + ' / ' + all[j].text);
  }
  return bad;
})()"""

CROWD = [f"community/c{i}" for i in range(MANY)]


def crowd() -> dict[str, str | None]:
    """Return the toy town with many more communities beside it, each a flooded area of the same name."""
    communities = list(toy_town.maps()["maps/communities.geojson"])
    floods = []
    for i in range(MANY):
        x, y = 400 + 160 * (i % 12), -600 + 160 * (i // 12)
        ring = toy_town.square(x, y, 70 if i else 78)
        name = f"望海新城第{i}社区"
        communities.append(toy_town.feature("Polygon", ring, id=CROWD[i], name_zh=name))
        floods.append(
            toy_town.feature(
                "Polygon", ring, id=f"hazard/f{i:03d}", name_zh=name, hazard="flood", depth_m=0.6
            )
        )
    return {
        "maps/communities.geojson": toy_town.collection(communities),
        "maps/hazards/flood.geojson": toy_town.collection(floods),
        "civdef.toml": toy_town.SETTINGS + f"note = {{ zh = '{NOTE}', en = 'People are assumed.' }}\n",
    }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, StreetNetwork]:
    ws = load_workspace(toy_town.write(tmp_path_factory.mktemp("crowd"), crowd()))
    return ws, build_street_network(ws)


def draw(
    ws: Workspace, net: StreetNetwork, path: Path, footprints: tuple[str, ...] = (), lang: str = "zh"
) -> Path:
    plan = "plan/toy" if "plan/toy" in ws.plans else None
    map_of(
        ws,
        net,
        path=path,
        shown_as="m",
        lang=lang,
        audience=Audience.COMMAND,
        plan=plan,
        footprints=footprints,
    )  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="module")
def drawn(
    sample: tuple[Workspace, StreetNetwork], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("drawn")
    return {lang: draw(*sample, folder / f"{lang}.html", lang=lang) for lang in ("zh", "en")}


@pytest.fixture(scope="module")
def crowded(town: tuple[Workspace, StreetNetwork], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(*town, tmp_path_factory.mktemp("crowded") / "map.html")


def zoom(page: Page, more: float) -> None:
    page.evaluate(f"void civdef.map.setZoom(civdef.map.getZoom() + {more}, {{animate: false}})")
    page.settle(0.2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_covers_another_on_the_sample(chromium: Browser, drawn: dict[str, Path], lang: str) -> None:
    page = chromium.open(drawn[lang], width=1280, height=800)
    for more in (0, 1.2, 1.2):
        zoom(page, more)
        assert page.evaluate("civdef.placed.length") > 15
        assert page.evaluate(CLASHES) == []
    page.close()


def test_no_name_covers_another_among_many_communities(chromium: Browser, crowded: Path) -> None:
    page = chromium.open(crowded, width=1280, height=800)
    share = []
    for more in (-1.5, 1.5, 2):
        zoom(page, more)
        assert page.evaluate(CLASHES) == []
        seen = page.evaluate(
            "(() => { const l = civdef.layerOf.communities; return l.rows.filter(r => { const m = civdef.map.getBounds(),"
            " p = civdef.latLng(civdef.middle(l.shapes[r])); return m.contains(p); }).length; })()"
        )
        named = page.evaluate("new Set(civdef.placed.map(p => p.text).filter(t => t.endsWith('社区'))).size")
        share.append(named / seen)
    assert share[0] < 0.2, "names that do not fit are left out"
    assert share[-1] > 0.6, "and appear as the map is enlarged"
    page.close()


def test_the_title_block_stays_one_line_high(
    chromium: Browser, town: tuple[Workspace, StreetNetwork], tmp_path: Path
) -> None:
    floods = tuple(f"hazard/f{i:03d}" for i in range(MANY))
    path = draw(*town, tmp_path / "map.html", floods)
    for width in (1400, 1024):
        page = chromium.open(path, width=width, height=768)
        assert page.evaluate("document.querySelector('header').offsetHeight") < 75
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        block = page.evaluate("document.querySelector('.civdef-long dd').textContent")
        assert block.endswith(f"等共 {MANY} 处")
        assert block.count("、") == 2
        assert page.evaluate("document.querySelector('.civdef-long dd').title.split('、').length") == MANY
        page.close()


@pytest.mark.parametrize("width", [1400, 1024, 900, 780])
def test_the_parts_of_the_title_block_do_not_overlap(
    chromium: Browser, drawn: dict[str, Path], width: int
) -> None:
    page = chromium.open(drawn["en"], width=width, height=700)
    edges = page.evaluate(
        "[...document.querySelectorAll('.civdef-titles, .civdef-meta > div, .civdef-mark')].map(n => { const b = n.getBoundingClientRect(); return [b.left, b.right]; })"
    )
    assert all(a[1] <= b[0] + 0.5 for a, b in itertools.pairwise(edges))
    assert edges[-1][1] <= width
    page.close()


def test_what_the_figures_rest_on_stands_under_the_map(chromium: Browser, crowded: Path) -> None:
    page = chromium.open(crowded, width=1024, height=768)
    box = page.evaluate("(() => { const b = document.querySelector('footer').getBoundingClientRect(); return [b.top, b.bottom]; })()")  # fmt: skip
    assert NOTE in page.evaluate("document.querySelector('footer').innerText")
    assert 0 < box[0] < box[1] <= 768
    page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_printed_legend_is_whole_and_not_under_seven_points(
    chromium: Browser, drawn: dict[str, Path], lang: str
) -> None:
    page = chromium.open(drawn[lang])
    page.send("Emulation.setEmulatedMedia", media="print")
    page.evaluate("void window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(CLASHES) == []
    small = page.evaluate(
        "[...document.querySelectorAll('aside *, footer *, header *')].filter(n => n.offsetParent && n.children.length === 0"
        " && n.textContent.trim() && parseFloat(getComputedStyle(n).fontSize) < 7 * 96 / 72 - 0.01).map(n => n.textContent)"
    )
    assert small == []
    assert page.evaluate("(() => { const p = document.querySelector('aside'); return p.scrollHeight - p.clientHeight; })()") <= 2  # fmt: skip
    assert page.evaluate("document.body.scrollHeight - document.body.clientHeight") <= 1
    page.evaluate("void window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.body.className") == "civdef-ready"
    base64.b64decode(page.send("Page.printToPDF", preferCSSPageSize=True)["data"], validate=True)
    assert page.errors == []
    page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_shelter_in_use_is_named_on_paper(chromium: Browser, drawn: dict[str, Path], lang: str) -> None:
    shelters, unnamed = on_paper(chromium, drawn[lang])
    assert len(shelters) > 10
    assert unnamed == []


def on_paper(chromium: Browser, path: Path) -> tuple[list[str], list[str]]:
    """Return the shelters that a printed map should name, and those it does not."""
    page = chromium.open(path)
    page.send("Emulation.setEmulatedMedia", media="print")
    page.evaluate("void window.dispatchEvent(new Event('beforeprint'))")
    named = set(page.evaluate("civdef.placed.map(p => p.text)"))
    shelters: list[str] = page.evaluate(
        "(() => { const l = civdef.layers.find(l => l.key === 'shelters');"
        " return l.labels.filter(g => g.kind === 'shelter').flatMap(g => g.rows.map(i => l.names[i])); })()"
    )
    assert page.evaluate(CLASHES) == []
    page.close()
    return shelters, [s for s in shelters if s not in named]


def test_long_names_are_folded_where_a_reader_would(chromium: Browser, drawn: dict[str, Path]) -> None:
    page = chromium.open(drawn["zh"])
    halls = ["望海广场人防地下室", "明泽湖派出所人防地下室", "云溪花园人防地下室", "桃园新村人防地下室"]

    def folded(text: str, names: list[str]) -> list[str]:
        found: list[str] = page.evaluate(f"civdef.folded({json.dumps(text)}, {json.dumps(names)})")
        return found

    for name in halls:
        assert folded(name, halls) == [name.removesuffix("人防地下室"), "人防地下室"]
    assert folded("鼓楼广场中心大楼", ["鼓楼广场中心大楼"]) == ["鼓楼广场", "中心大楼"]
    assert folded("No. 1 Primary School Indoor Shelter", []) == ["No. 1 Primary School", "Indoor Shelter"]
    assert folded("Arboretum", []) == ["Arboretum"]
    page.close()


def test_a_shelter_is_framed_in_the_colour_of_its_buildings(
    chromium: Browser, drawn: dict[str, Path]
) -> None:
    page = chromium.open(drawn["zh"])
    assert page.evaluate(
        "(() => { const to = civdef.layerOf.assignments, s = civdef.layerOf.shelters; return to.rows.every((_, r) =>"
        " civdef.tone(s, to.extra.shelter[r]) === to.styles[to.style[r]]); })()"
    )
    assert page.evaluate("document.querySelectorAll('.civdef-strip span').length") > 3
    page.evaluate("void document.querySelector('input[data-layer=assignments]').click()")
    assert page.evaluate("civdef.layerOf.shelters.rows.every((_, i) => civdef.tone(civdef.layerOf.shelters, i) === null)")  # fmt: skip
    page.close()
