"""The page has no way to a URL, carries its policy, and is the same every time."""

from __future__ import annotations

import re
from pathlib import Path

import folium
import pytest

from civdef.render.offline import ASSETS, OfflineMap, UnbundledAssetError, asset
from civdef.render.text_sinks import SafePopup, SafeTooltip, script_json
from tests.browser import Browser
from tests.render.conftest import HOSTILE

RENDER = Path(__file__).resolve().parents[2] / "civdef"


def page(*children: folium.Marker) -> str:
    drawn = OfflineMap("t", "zh", zoom_start=12)
    for child in children:
        drawn.add_child(child)
    return drawn.page()


def test_a_page_is_the_same_twice_and_names_no_host() -> None:
    assert page(folium.Marker((0, 0))) == page(folium.Marker((0, 0)))
    assert outside(page(folium.Marker((0, 0)))) == []


def outside(text: str) -> list[str]:
    """Return addresses outside the page; Leaflet's own text, which holds its home page, is left out."""
    return re.findall(
        r"""(?:src|href)\s*=\s*["']?(?:https?:)?//[^\s"'>]*""", text.replace(asset("leaflet"), "")
    )


def test_every_script_that_runs_carries_the_nonce_of_the_policy() -> None:
    text = page()
    nonce = re.search(r"script-src 'nonce-([^']+)'", text)
    assert nonce
    assert set(re.findall(r"^<script nonce=\"([^\"]+)\">$", text, flags=re.MULTILINE)) == {nonce[1]}
    assert "default-src 'none'" in text
    assert "connect-src 'none'" in text


def test_the_nonce_depends_on_the_content() -> None:
    found = [re.search(r"nonce-([^']+)'", page(folium.Marker((i, 0)))) for i in (0, 1)]
    assert found[0]
    assert found[1]
    assert found[0][1] != found[1][1]


def test_an_asset_that_is_not_vendored_is_an_error() -> None:
    from folium.plugins import MarkerCluster

    drawn = OfflineMap("t", "zh")
    drawn.add_child(MarkerCluster())
    with pytest.raises(UnbundledAssetError, match="no bundled asset"):
        drawn.page()
    with pytest.raises(UnbundledAssetError):
        asset("jquery")


def test_other_maps_of_the_process_are_left_alone() -> None:
    before = list(folium.Map.default_js)
    page()
    assert before == folium.Map.default_js


@pytest.mark.parametrize("name", ASSETS)
def test_assets_cannot_end_their_element_or_fetch(name: str) -> None:
    text = asset(name)
    assert "</script" not in text
    assert "</style" not in text
    assert not re.findall(r"url\((?!data:)(?!#)", text)


@pytest.mark.parametrize("text", [*HOSTILE, "普通", "a & b"])
def test_a_data_block_cannot_be_left(text: str) -> None:
    import json

    block = script_json({"a": [text, {text: 1}]})
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == {"a": [text, {text: 1}]}


def test_only_one_module_uses_folium_popups_and_tooltips() -> None:
    sink = re.compile(r"\b(?:folium\.(?:map\.|features\.)?)?(?:GeoJson)?(?:Popup|Tooltip|DivIcon)\(")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(RENDER.rglob("*.py"))
        if path.name != "text_sinks.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if sink.search(line)
    ]
    assert found == []


def test_the_page_script_never_parses_markup() -> None:
    for path in sorted((RENDER / "render" / "viewer").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text
        ), path.name


@pytest.mark.browser
def test_hostile_tooltips_and_popups_are_shown_as_text(chromium: Browser, folder: Path) -> None:
    markers = []
    for i, text in enumerate(HOSTILE):
        marker = folium.CircleMarker((i / 100, 0), radius=9)
        marker.add_child(SafePopup(text))
        marker.add_child(SafeTooltip(text, permanent=True))
        markers.append(marker)
    path = folder / "hostile.html"
    path.write_text(page(*markers), encoding="utf-8")
    opened = chromium.open(path)
    assert opened.errors == []
    assert opened.requests == []
    assert opened.evaluate("window.hacked === undefined")
    shown = opened.evaluate("[...document.querySelectorAll('.leaflet-tooltip')].map(t => t.textContent)")
    assert sorted(shown) == sorted(HOSTILE)
    assert (
        opened.evaluate("document.querySelectorAll('.leaflet-tooltip img, .leaflet-tooltip script').length")
        == 0
    )
    opened.close()
