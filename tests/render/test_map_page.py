"""The map in a browser with the network cut: quiet, legible, usable, and deaf to hostile names."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.question import map_of
from tests.browser import Browser, Page
from tests.render.conftest import HOSTILE

pytestmark = pytest.mark.browser


def write(ws: Workspace, net: StreetNetwork, path: Path, plan: str | None = None, lang: str = "zh") -> Path:
    map_of(ws, net, path=path, shown_as="m", lang=lang, audience=Audience.COMMAND, plan=plan)  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="module")
def toy_page(toy: Workspace, toy_network: StreetNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(toy, toy_network, tmp_path_factory.mktemp("page") / "map.html", "plan/toy")


def colours(png: Path) -> int:
    """Count the distinct colours of an RGB(A) PNG without interlacing."""
    data = png.read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert depth == 8
    assert kind in (2, 6)
    at, packed = 8, b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += length + 12
    size = 3 if kind == 2 else 4
    raw, stride = zlib.decompress(packed), width * size
    last, seen = bytes(stride), set()
    for y in range(height):
        how, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for x in range(stride):
            a = line[x - size] if x >= size else 0
            b, c = last[x], last[x - size] if x >= size else 0
            if how == 1:
                line[x] = (line[x] + a) & 255
            elif how == 2:
                line[x] = (line[x] + b) & 255
            elif how == 3:
                line[x] = (line[x] + (a + b) // 2) & 255
            elif how == 4:
                p = a + b - c
                near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                line[x] = (line[x] + near) & 255
        last = bytes(line)
        seen.update(last[i : i + 3] for i in range(0, stride, size * 7))
    return len(seen)


def quiet(page: Page) -> None:
    assert page.requests == []
    assert page.errors == []


def test_the_sample_map_opens_without_network(
    chromium: Browser, sample: tuple[Workspace, StreetNetwork], tmp_path: Path
) -> None:
    page = chromium.open(write(*sample, tmp_path / "map.html"), width=900, height=640)
    assert page.evaluate("document.body.classList.contains('civdef-ready')")
    shot = page.screenshot(tmp_path / "map.png")
    assert colours(shot) > 300
    assert page.evaluate("civdef.layers.reduce((n, l) => n + l.rows.length, 0)") > 3000
    quiet(page)
    page.close()


def test_layers_switch_on_and_off(chromium: Browser, toy_page: Path, tmp_path: Path) -> None:
    page = chromium.open(toy_page)
    with_houses = page.screenshot(tmp_path / "a.png").read_bytes()
    for key in ("buildings", "assignments"):
        page.evaluate(f"document.querySelector('input[data-layer={key}]').click()")
    assert page.evaluate("civdef.layerOf.buildings.visible") is False
    assert page.screenshot(tmp_path / "b.png").read_bytes() != with_houses
    for key in ("buildings", "assignments"):
        page.evaluate(f"document.querySelector('input[data-layer={key}]').click()")
    page.settle()
    assert page.screenshot(tmp_path / "c.png").read_bytes() == with_houses
    quiet(page)
    page.close()


def test_a_click_on_a_house_opens_its_popup_and_draws_its_route(chromium: Browser, toy_page: Path) -> None:
    page = chromium.open(toy_page)
    spot = page.evaluate(
        "(() => { const l = civdef.layerOf.buildings, i = l.names.indexOf('h2'), b = document.querySelector('.folium-map').getBoundingClientRect();"
        " const p = civdef.map.latLngToContainerPoint(civdef.latLng(civdef.middle(l.shapes[l.rows[i]]))); return [p.x + b.x, p.y + b.y]; })()"
    )
    page.click(*spot)
    page.settle()
    card = page.evaluate("document.querySelector('.civdef-card').innerText")
    assert "h2" in card
    assert "避难点" in card
    assert "路线" in card
    assert page.evaluate("civdef.choice.path.length") >= 4
    page.evaluate("void civdef.map.closePopup()")
    assert page.evaluate("civdef.choice") is None
    quiet(page)
    page.close()


def test_search_finds_and_opens(chromium: Browser, toy_page: Path) -> None:
    page = chromium.open(toy_page)
    page.evaluate(
        "(() => { const i = document.querySelector('input[type=search]'); i.value = 'h3'; i.dispatchEvent(new Event('input')); })()"
    )
    assert page.evaluate("document.querySelectorAll('.civdef-search button').length") == 1
    page.evaluate("document.querySelector('.civdef-search button').click()")
    page.settle()
    assert "h3" in page.evaluate("document.querySelector('.civdef-card').innerText")
    quiet(page)
    page.close()


@pytest.mark.parametrize(("lang", "units"), [("zh", {"米", "公里"}), ("en", {"m", "km"})])
def test_the_scale_bar_speaks_the_language_of_the_map(
    chromium: Browser, toy: Workspace, toy_network: StreetNetwork, tmp_path: Path, lang: str, units: set[str]
) -> None:
    page = chromium.open(write(toy, toy_network, tmp_path / "map.html", lang=lang))
    said = "document.querySelector('.leaflet-control-scale-line').textContent"
    found = {
        str(page.evaluate(f"(civdef.map.setZoom({z}, {{ animate: false }}), {said})")).rpartition(" ")[2]
        for z in (17, 12)
    }
    assert found <= units
    page.close()


def test_the_attribution_is_neutral(chromium: Browser, toy_page: Path) -> None:
    page = chromium.open(toy_page)
    assert page.evaluate("document.querySelector('.leaflet-control-attribution').textContent") == "Leaflet"
    assert page.evaluate("document.querySelectorAll('.leaflet-control-attribution svg').length") == 0
    page.close()


def test_hostile_names_are_only_text(chromium: Browser, hostile: Workspace, tmp_path: Path) -> None:
    page = chromium.open(write(hostile, build_street_network(hostile), tmp_path / "map.html", "plan/toy"))
    assert page.evaluate("document.body.classList.contains('civdef-ready')")
    count = page.evaluate("civdef.layers.length")
    for i in range(count):
        page.evaluate(
            f"civdef.layers[{i}].rows.forEach((_, k) => civdef.open(civdef.map, civdef.layers[{i}], k))"
        )
    for text in HOSTILE:
        page.evaluate(
            "(t => { const i = document.querySelector('input[type=search]'); i.value = t; i.dispatchEvent(new Event('input')); })"
            f"({text!r})"
        )
    page.settle()
    assert page.evaluate("window.hacked === undefined")
    assert (
        page.evaluate("document.querySelectorAll('.civdef-card img, .civdef-panel img, header img').length")
        == 0
    )
    assert page.evaluate("document.querySelector('h1').textContent").startswith(HOSTILE[3])
    quiet(page)
    page.close()


def test_it_prints_as_one_landscape_sheet(chromium: Browser, toy_page: Path) -> None:
    import base64
    import re

    page = chromium.open(toy_page)
    answer = page.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
    pdf = base64.b64decode(answer["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box
    assert [round(float(v)) for v in box.groups()] == [842, 595]
    quiet(page)
    page.close()


def test_in_a_narrow_window_the_panel_is_a_drawer(chromium: Browser, toy_page: Path) -> None:
    page = chromium.open(toy_page, width=400, height=700)
    seen = "getComputedStyle(document.querySelector('aside')).visibility"
    assert page.evaluate(seen) == "hidden"
    page.evaluate("document.querySelector('button.civdef-panel').click()")
    assert page.evaluate(seen) == "visible"
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    quiet(page)
    page.close()
