"""``civdef import osm``: an extract of OpenStreetMap → all layers of the workspace that it can fill."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError, UsageError
from civdef.intake.osm.communities import WHOLE
from civdef.intake.osm.people import ESTIMATED
from civdef.intake.osm.town import extent, middle, town
from civdef.load.communities import REPLACED, without_placeholder
from civdef.load.crs import check_crs, choose_crs
from civdef.load.imported import ImportResult, Part, has_data, save
from civdef.load.settings import read_settings
from civdef.load.sources._osm import read_osm
from civdef.load.street_repair import mending
from civdef.load.tables import SETTINGS
from civdef.load.target import Surroundings, features_in
from civdef.model.settings import Settings
from civdef.text import Lang, Text

FILES: dict[str, str] = {
    "communities": "maps/communities.geojson",
    "roads": "maps/roads.geojson",
    "buildings": "maps/buildings.geojson",
    "compounds": "maps/compounds.geojson",
    "gates": "maps/gates.geojson",
    "units": "maps/units.geojson",
    "posts": "maps/posts.geojson",
    "landmarks": "maps/landmarks.geojson",
    "candidates": "maps/candidates.geojson",
}
"""Layers that an extract can fill → file."""

NEEDS: dict[str, tuple[str, ...]] = {
    "buildings": ("compounds",),
    "gates": ("compounds",),
    "units": ("buildings",),
    "posts": ("buildings",),
}
"""Layer → layers that it refers to; they are brought in together."""

_NOTE = Text(
    "居民人数按建筑面积估算，容纳人数为估算，均未经核实。",
    "Residents are estimated from floor area, places of shelters likewise; neither has been checked.",
)
_NOBODY = Text(
    "房屋还没有居民人数：用 civdef import households 导入逐户名册，或用 civdef import people 导入各社区总数；都没有时可加"
    " --estimate-people 按建筑面积估算",
    "nobody lives in the buildings yet: import the register with civdef import households, or the totals of communities with"
    " civdef import people; where there is neither, estimate by floor area with --estimate-people",
)
_CHOOSE = Text(
    "有 {n} 处场地可作避难场所，尚未选用：用 civdef import promote 查看和选用",
    "{n} places could serve as shelters and are none yet: civdef import promote lists and makes them",
)
_CREDIT = Text("地图数据 © OpenStreetMap 贡献者，ODbL 1.0", "Map data © OpenStreetMap contributors, ODbL 1.0")
_CREDIT_WHY = "# 数据许可要求图上注明来源。 The licence of the data asks for this line on every map."
_NOTE_WHY = (
    "# 每张图上都印这句话；改用名册后删去。 Printed on every map; delete it once the registers are in."
)


@dataclass(frozen=True)
class OsmRequest:
    """What to bring in.

    Attributes
    ----------
    layers
        Names of `FILES`; empty: all.
    people
        Estimate the residents of buildings; None: if the workspace has such estimates already.
    repair
        Mend the streets.
    add, update, force
        How it meets what is there, see :func:`civdef.load.imported.save`.
    """

    path: Path
    layers: tuple[str, ...] = ()
    people: bool | None = None
    repair: bool = True
    add: bool = False
    update: bool = False
    force: bool = False


def import_osm(
    root: Path, request: OsmRequest, lang: Lang, progress: Callable[[float], None] | None = None
) -> ImportResult:
    """Import an extract into the workspace at `root`.

    Communities of the workspace are kept where it has any of its own. ``civdef.toml`` gets the metric CRS if
    it names none, the credit that the licence of the data asks for, and a note for the maps if people are estimated.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, has nothing that was asked for, or would overwrite.
    UsageError
        If ``civdef.toml`` cannot be read.
    OutputError
        If the workspace cannot be written.
    """
    settings = read_settings(root)
    if settings is None:
        raise UsageError(
            Text("{f} 有错误，无法读取设置", "{f} has faults, so the settings cannot be read").format(
                f=SETTINGS
            ),
            hint=Text("运行 civdef check 查看位置。", "civdef check says where."),
        )
    say = progress or (lambda _share: None)
    extract = read_osm(request.path, lambda share: say(0.5 * share))
    area = extent(extract)
    lon, lat = middle(extract, area)
    if settings.metric_crs is not None:
        wrong = check_crs(settings.metric_crs, lon, lat)
        if wrong is not None:
            raise ImportRefusedError(
                wrong,
                hint=Text("改正 civdef.toml 的 metric_crs，或删去该行由程序选择。", "Mend metric_crs in civdef.toml, or delete the line and one is chosen."),
            )  # fmt: skip
    crs = settings.metric_crs or choose_crs(lon, lat)
    people = has_estimates(root) if request.people is None else request.people
    there = Surroundings(root).shapes(FILES["communities"])
    known, whole = _known(there, force=request.force)
    found = town(
        extract,
        crs,
        settings,
        known=known,
        whole=whole,
        people=people,
        mending=mending(root) if request.repair else None,
    )
    say(0.9)
    wanted = _with_needs(request.layers) if request.layers else set(FILES)
    parts = [
        Part(name, FILES[name], extract.source, layer)
        for name, layer in found.layers.items()
        if name in wanted and (layer.features or (layer.read and not has_data(root / FILES[name])))
    ]
    if not any(p.cleaned.features for p in parts if p.target != "communities"):
        raise ImportRefusedError(
            Text("{f} 中没有可以导入的道路、房屋或场所", "{f} has no street, building or place to bring in").format(f=extract.source),
            hint=Text("检查下载的范围和内容。", "Check the area and the content of the download."),
        )  # fmt: skip
    replaced = (
        without_placeholder(root, known, keep={p.file for p in parts})
        if known and WHOLE in {*there} - {*known}
        else {}
    )
    result = save(
        root,
        parts,
        target="osm",
        source=extract.source,
        crs="EPSG:4326",
        lang=lang,
        add=request.add,
        update=request.update,
        force=request.force,
        notes=[*([REPLACED] if replaced else []), *_people_note(root, parts), *_candidates_note(root, parts)],
        more={**replaced, **_more_settings(root / SETTINGS, settings, crs, people=people)},
    )
    say(1.0)
    return result


def _people_note(root: Path, parts: Sequence[Part]) -> list[Text]:
    """Say that nobody lives in the buildings, where that is so and no register has been imported either."""
    homes = [i for p in parts if p.target == "buildings" for i in p.items()]
    if not homes or any("persons_declared" in i.properties for i in homes):
        return []
    register = root / "plans/households.csv"
    rows = register.read_bytes().splitlines() if register.is_file() else []
    return [] if any(r.strip(b" ,;\t") for r in rows[1:]) else [_NOBODY]


def _candidates_note(root: Path, parts: Sequence[Part]) -> list[Text]:
    """Say how many candidates are no shelter yet."""
    shelters = Surroundings(root).shapes("maps/shelters.geojson")
    found = [i.id.partition("/")[2] for p in parts if p.target == "candidates" for i in p.items()]
    waiting = sum(f"shelter/{name}" not in shelters for name in found)
    return [_CHOOSE.format(n=waiting)] if waiting else []


def has_estimates(root: Path) -> bool:
    """Return whether buildings of the workspace hold people that were estimated from floor area."""
    declared = (
        f.get("properties", {}).get("persons_declared") for f in features_in(root / FILES["buildings"])
    )
    return any(isinstance(d, dict) and d.get("source") == ESTIMATED for d in declared)


def _with_needs(layers: tuple[str, ...]) -> set[str]:
    wanted = set(layers)
    for layer in layers:
        for needed in NEEDS.get(layer, ()):
            wanted |= _with_needs((needed,))
    return wanted | ({"communities"} if wanted - {"roads", "landmarks"} else set())


def _known(
    there: Mapping[str, BaseGeometry], *, force: bool
) -> tuple[dict[str, BaseGeometry] | None, BaseGeometry | None]:
    """Return the communities to go by, and the area that an earlier extract took as one community, where there is no other.

    None for the communities: they are made from the extract. The placeholder for the whole area counts no longer once
    anybody has brought in real ones.
    """
    made = {c for c in there if c == WHOLE or (c.startswith("community/r") and c[11:].isdigit())}
    if not there or (force and len(made) == len(there)):
        return None, None
    if set(there) == {WHOLE}:
        return None, there[WHOLE]
    if len(made) == len(there):
        return dict(there), None
    return {c: s for c, s in there.items() if c != WHOLE}, None


def _more_settings(path: Path, settings: Settings, crs: str, *, people: bool) -> dict[Path, bytes]:
    """Return the settings with what they do not say yet: the metric CRS, whose data it is, that people are estimates.

    It goes where the metric CRS is explained if it is, else before the first table.
    """
    lines = [] if settings.metric_crs is not None else [f'metric_crs = "{crs}"']
    if settings.credit is None:
        lines += [_CREDIT_WHY, _toml("credit", _CREDIT)]
    if people and settings.note is None:
        lines += [_NOTE_WHY, _toml("note", _NOTE)]
    if not lines:
        return {}
    text = path.read_text(encoding="utf-8-sig").split("\n")
    explained = [i for i, line in enumerate(text) if line.startswith("# metric_crs =")][:1]
    tables = [i for i, line in enumerate(text) if line.startswith("[")][:1] or [len(text)]
    tries = [text[:i] + lines + text[i + 1 :] for i in explained if settings.metric_crs is None]
    tries += [[*text[:i], *lines, "", *text[i:]] for i in tables]
    tries += [[*lines, "", *text]]
    found = next(t for t in map("\n".join, tries) if _holds(t, crs if settings.metric_crs is None else None))
    return {path: found.encode()}


def _holds(text: str, crs: str | None) -> bool:
    """Return whether settings can be read and say the CRS: a line in the middle of a long value would say nothing."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return "credit" in data and (crs is None or data.get("metric_crs") == crs)


def _toml(key: str, value: Text) -> str:
    return f'{key} = {{ zh = "{value.zh}", en = "{value.en}" }}'
