"""The index page: what it says, what it links, that nothing runs on it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from civdef.audit.rule import SEVERITIES
from civdef.audit.runner import run_audit
from civdef.coverage.shelters import coverage
from civdef.evacuate.question import Question
from civdef.evacuate.result import SplitBuilding, Wave
from civdef.evacuate.solve import evacuate
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.load.check import check
from civdef.model.workspace import Workspace
from civdef.registry import modules
from civdef.render.html import is_local, table, tag, text
from civdef.render.index import index_page, write_index
from civdef.render.json import write_json
from civdef.render.sections import outputs
from civdef.render.sources import halves
from civdef.render.summary import DemoSummary, OutFile
from civdef.text import Lang, Text
from tests import toy_town
from tests.browser import Browser
from tests.render.conftest import HOSTILE


def summary(ws: Workspace, net: StreetNetwork, root: Path) -> DemoSummary:
    return DemoSummary(
        ws, check(root, "zh")[0], None, coverage(ws, net), evacuate(ws, net, Question("plan/toy")),
        files=(OutFile("map.html", Text("地图", "The map")),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(toy: Workspace, toy_network: StreetNetwork, tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return summary(toy, toy_network, toy_town.write(tmp_path_factory.mktemp("w")))


def test_it_says_the_figures_in_both_languages(told: DemoSummary) -> None:
    page = index_page(told, "zh")
    zh, en = page.split('<article class="en"')
    assert "需疏散 14 人，安置 14 人" in zh
    assert "of 14 persons 14 are placed and 0 left over" in en
    assert "虚构样例" in zh
    assert "FICTIONAL SAMPLE" in en
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"玩具|北避难点|南避难点|[^<>]*source[^<>]*", "", en))


def test_split_buildings_and_waves_are_said(told: DemoSummary) -> None:
    assert told.evacuation is not None
    plain = index_page(told, "zh")
    assert "每栋建筑只去一处避难场所，走一条路线。" in plain
    assert "分出口撤离" not in plain
    assert "批出发" not in plain
    split = SplitBuilding(building="building/a", parts=3, persons=9, reason="street_too_narrow")
    waves = (
        Wave(wave=1, departure_s=0, buildings=2, persons=9),
        Wave(wave=2, departure_s=300, buildings=1, persons=5),
    )
    plan = told.evacuation.model_copy(update={"split": (split, split), "waves": waves})
    page = index_page(dataclasses.replace(told, evacuation=plan), "zh")
    assert "其中 2 栋大楼分出口撤离，共分 6 路，各去一处。分 2 批出发，末批在开始后 5 分钟出发。" in page
    assert "2 large ones are split by their exits into 6 parts" in page
    assert "People leave in 2 waves, the last 5 min after the start." in page


def test_a_bound_not_searched_to_the_end_is_said(told: DemoSummary) -> None:
    assert told.evacuation is not None
    assert "下界未求到底" not in index_page(told, "zh")
    plan = told.evacuation.model_copy(update={"bound_exact": False, "bracket": 1.064})
    page = index_page(dataclasses.replace(told, evacuation=plan), "zh")
    assert "路网大，下界未求到底；最优方案比下界至多晚" in page
    assert "bound not searched to the end; the best flow is later by at most" in page
    assert "6.4%" in page


def test_nothing_runs_and_nothing_is_fetched(told: DemoSummary) -> None:
    page = index_page(told, "en")
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page
    assert page == index_page(told, "en")


def test_every_file_of_the_folder_is_linked_and_every_link_leads_somewhere(
    told: DemoSummary, tmp_path: Path
) -> None:
    assert told.evacuation is not None
    (tmp_path / "map.html").write_text("map", encoding="utf-8")
    write_json(tmp_path / "evacuation.json", told.evacuation)
    odd = tmp_path / "drills" / "夜间 #1"
    odd.mkdir(parents=True)
    (odd / "journal.jsonl").write_text("", encoding="utf-8")
    (tmp_path / ".hidden").write_text("", encoding="utf-8")
    page = write_index(tmp_path, told, "zh").read_text(encoding="utf-8")
    from urllib.parse import unquote

    links = {unquote(h) for h in re.findall(r'href="\./([^"]+)"', page)}
    assert links == {"map.html", "evacuation.json", "drills/夜间 #1/journal.jsonl"}
    assert write_index(tmp_path, told, "zh").read_text(encoding="utf-8") == page


def test_a_file_that_was_not_written_is_not_linked(told: DemoSummary, tmp_path: Path) -> None:
    assert "map.html" not in write_index(tmp_path, told, "zh").read_text(encoding="utf-8")


def test_an_empty_summary_is_a_page_too(toy: Workspace) -> None:
    assert "<h1>" in index_page(DemoSummary(toy), "zh")


def test_sections_declare_themselves_in_both_languages() -> None:
    found = modules("civdef.render.sections")
    assert len({m.KEY for m in found}) == len(found)
    for module in found:
        assert module.__name__.rpartition(".")[2] == module.KEY
        assert module.TITLE.zh
        assert module.TITLE.en


@pytest.mark.parametrize("name", HOSTILE)
def test_text_is_escaped(name: str) -> None:
    made = tag("p", name, tag("b", name), title=name)
    assert made.count("<") == 4
    assert "<script" not in table([name], [(name,)])
    assert text(None) == ""


@pytest.mark.parametrize(
    "link", ["https://a", "//a", "/etc", "../up", "javascript:x", "data:x", "a/../../b", "\\\\host"]
)
def test_links_stay_below_the_page(link: str) -> None:
    assert not is_local(link)
    with pytest.raises(ValueError, match="not a local link"):
        tag("a", "x", href=link)


@pytest.mark.browser
def test_the_language_switches_without_a_script(
    chromium: Browser, hostile: Workspace, tmp_path: Path
) -> None:
    net = build_street_network(hostile)
    root = toy_town.write(tmp_path / "w")
    path = write_index(tmp_path, summary(hostile, net, root), "zh")
    page = chromium.open(path)
    shown = "[...document.querySelectorAll('article')].filter(a => a.offsetParent).map(a => a.lang).join()"
    assert page.evaluate(shown) == "zh-CN"
    page.evaluate("document.querySelector('label[for=show-en]').click()")
    assert page.evaluate(shown) == "en"
    assert page.evaluate("window.hacked === undefined")
    assert page.requests == []
    assert page.errors == []
    page.close()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    """Return a summary with findings and with people left over: shelters of the toy town hold half."""
    maps = toy_town.maps()
    for feature in maps["maps/shelters.geojson"]:
        feature["properties"]["places"] //= 2
    changed = {"maps/shelters.geojson": toy_town.collection(maps["maps/shelters.geojson"])}
    ws = load_workspace(toy_town.write(tmp_path_factory.mktemp("faulty"), dict(changed)))
    net = build_street_network(ws)
    audit = run_audit(ws)
    assert audit.findings
    return DemoSummary(ws, None, audit, coverage(ws, net), evacuate(ws, net, Question("plan/toy")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_findings_and_people_left_over_are_told(faulty: DemoSummary, lang: Lang) -> None:
    assert faulty.audit is not None
    assert faulty.evacuation is not None
    page = index_page(faulty, lang).partition('<article class="en"')[0 if lang == "zh" else 2]
    first = min(faulty.audit.findings, key=lambda f: (SEVERITIES.index(f.severity), f.order))
    assert text(first.message.in_(lang)) in page
    assert text(first.fix.in_(lang)) in page
    left = faulty.evacuation.left_over_persons
    assert left == 6
    assert ("疏散后无处可去" if lang == "zh" else "Left over in the evacuation") in page
    assert faulty.evacuation.binding
    assert 'class="card bad"' in page


def test_a_drill_has_one_row_with_its_title_pages_first(told: DemoSummary, tmp_path: Path) -> None:
    folder = tmp_path / "drills" / "night"
    folder.mkdir(parents=True)
    for name in (
        "journal.jsonl",
        "report.en.md",
        "report.en.html",
        "report.zh.html",
        "report.zh.md",
        "result.json",
    ):
        (folder / name).write_text("x", encoding="utf-8")
    drill = SimpleNamespace(drill="drill/night", name=Text("夜间演练", "Night drill"))
    files = tuple(OutFile(f"drills/night/{p.name}", Text(p.name, p.name)) for p in sorted(folder.iterdir()))
    made = outputs.build(DemoSummary(told.workspace, drills=(drill,), files=files), "en")  # type: ignore[arg-type]
    assert made is not None
    rows = re.findall(r"<tr>.*?</tr>", made)
    assert len(rows) == 2
    assert "<td>Night drill</td>" in rows[1]
    links = re.findall(r'href="\./([^"]+)"', rows[1])
    assert links == [
        f"drills/night/{n}"
        for n in (
            "report.zh.html",
            "report.en.html",
            "report.zh.md",
            "report.en.md",
            "journal.jsonl",
            "result.json",
        )
    ]
    assert not re.search(r">[^<]*(?:\.md|\.html|\.jsonl)[^<]*<", made), "people read titles, not file names"


def test_of_another_workspace_in_the_folder_only_its_map_is_linked(told: DemoSummary, tmp_path: Path) -> None:
    inner = tmp_path / "real-district"
    (inner / "out").mkdir(parents=True)
    (inner / "maps").mkdir()
    for name in ("civdef.toml", "maps/roads.geojson", "out/map.html", "out/check.json"):
        (inner / name).write_text("x", encoding="utf-8")
    page = write_index(tmp_path, told, "en").read_text(encoding="utf-8")
    assert set(re.findall(r'href="\./([^"]+)"', page)) == {"real-district/out/map.html"}
    assert "real-district: Evacuation map" in page


def test_files_come_after_results_and_maps_before_them() -> None:
    order = {m.KEY: m.ORDER for m in modules("civdef.render.sections")}
    assert order["maps"] < min(v for k, v in order.items() if k != "maps")
    assert order["outputs"] > max(order[k] for k in ("totals", "findings", "reach", "evacuation", "drills"))


def test_a_source_in_both_languages_is_told_in_one() -> None:
    assert halves("规划假设 · planning assumption") == Text("规划假设", "planning assumption")
    assert halves("GB 50413 · 2007").zh == "GB 50413 · 2007"
    assert halves("Weidmann 1993").en == "Weidmann 1993"


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_the_window_or_the_sheet(
    chromium: Browser, faulty: DemoSummary, tmp_path: Path, lang: Lang
) -> None:
    path = tmp_path / "index.html"
    path.write_text(index_page(faulty, lang), encoding="utf-8")
    page = chromium.open(path, width=1024, height=768)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
    page.send("Emulation.setEmulatedMedia", media="print")
    page.resize(672, 900)  # A4 less its margins, in CSS pixels
    wide = "[...document.querySelectorAll('article *')].filter(n => n.offsetParent && n.getBoundingClientRect().right > 673).length"
    assert page.evaluate(wide) == 0
    page.close()
