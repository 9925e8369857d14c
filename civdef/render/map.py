"""The map of a street as one HTML file that opens without network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from civdef import files, registry
from civdef.errors import UsageError
from civdef.render.audience import LABEL, Audience
from civdef.render.columns import SCALE, origin_of
from civdef.render.layer import GROUPS, Layer, MapContext
from civdef.text import Lang, Text

if TYPE_CHECKING:
    from civdef.coverage.result import CoverageResult
    from civdef.evacuate.result import EvacuationResult
    from civdef.evacuate.solve import Solution
    from civdef.graph.roads import StreetNetwork
    from civdef.model.workspace import Workspace

MANY_FEATURES = 30_000
"""Above this a page becomes slow on an office PC; measured: canvas drawing of some 20,000 buildings takes 0.4 s a drag."""

_WORDS = {
    "legend": Text("图例", "Legend"),
    "figures": Text("要点", "Key figures"),
    "search": Text("查找建筑、小区、道路、避难场所…", "Find building, street, shelter…"),
    "hint": Text(
        "点击建筑、避难场所、道路可看详情；点击建筑会画出它的疏散路线。",
        "Click a building, shelter or street for details; a building also shows its route.",
    ),
    "none": Text("没有找到", "Nothing found"),
    "home": Text("显示整个街道", "Show the whole street"),
    "print": Text("打印（A4 横向）", "Print (A4 landscape)"),
    "north": Text("指北针", "North arrow"),
    "northMark": Text("北", "N"),
    "metres": Text("米", "m"),
    "kilometres": Text("公里", "km"),
}


@dataclass(frozen=True)
class MapWritten:
    """What was written.

    Attributes
    ----------
    path
        The file.
    size_bytes
        Its size [bytes].
    features
        Features drawn in all layers.
    layers
        Keys of the layers, in drawing order.
    warnings
        Remarks for the user.
    """

    path: Path
    size_bytes: int
    features: int
    layers: tuple[str, ...]
    warnings: tuple[Text, ...]


def write_map(
    workspace: Workspace,
    network: StreetNetwork,
    *,
    coverage: CoverageResult | None = None,
    evacuation: EvacuationResult | None = None,
    solution: Solution | None = None,
    lang: Lang,
    audience: Audience | str = Audience.COMMAND,
    path: Path,
    footprints: Sequence[str] = (),
    routes: bool = True,
    warnings: Sequence[Text] = (),
) -> MapWritten:
    """Write the map of a street. The same input gives the same bytes.

    Parameters
    ----------
    workspace, network
        The town.
    coverage, evacuation
        Results to draw; layers that need a missing one are left out.
    solution
        The routes behind `evacuation`; without it no route is drawn.
    lang
        Language of the page.
    audience
        Who it is for: ``public``, ``team`` or ``command``. Personal data are left out of the file, not only hidden.
    path
        File to write.
    footprints
        Hazard footprints the map is about.
    routes
        Whether to draw evacuation routes.
    warnings
        Remarks that stand in red beside the map; none: how many an infeasible plan leaves over.

    Raises
    ------
    UsageError
        If the workspace has nothing that can be drawn.
    OutputError
        If the file cannot be written.
    """
    document, features, warned = map_document(
        workspace, network, coverage=coverage, evacuation=evacuation, solution=solution, lang=lang,
        audience=Audience(audience), footprints=footprints, routes=routes, warnings=warnings,
    )  # fmt: skip
    page = map_page(document, lang).encode("utf-8")
    files.write_bytes(path, page)
    return MapWritten(path, len(page), features, tuple(layer["key"] for layer in document["layers"]), warned)


def map_page(document: dict[str, Any], lang: Lang) -> str:
    """Return the page around a map document."""
    from civdef.render.offline import OfflineMap
    from civdef.render.text_sinks import Payload, Viewer

    page = document["page"]
    drawn = OfflineMap(
        f"{page['title']} · {page['subtitle']}", lang,
        ("viewer_css", "viewer_core", "viewer_paint", "viewer_labels", "viewer_pick", "viewer_panel", "viewer_start"),
        zoom_snap=0.25, zoom_delta=0.5, wheel_px_per_zoom_level=90, min_zoom=10, max_zoom=20, zoom_start=15,
        zoom_control=True,
    )  # fmt: skip
    drawn.add_child(Payload("civdef-data", document))
    drawn.add_child(Viewer("civdef-data"))
    return drawn.page()


def layer_modules() -> list[ModuleType]:
    """Return every layer, in drawing order."""
    return sorted(registry.modules("civdef.render.layers"), key=lambda m: (m.ORDER, m.KEY))


def map_document(
    workspace: Workspace,
    network: StreetNetwork,
    *,
    coverage: CoverageResult | None = None,
    evacuation: EvacuationResult | None = None,
    solution: Solution | None = None,
    lang: Lang,
    audience: Audience,
    footprints: Sequence[str] = (),
    routes: bool = True,
    warnings: Sequence[Text] = (),
) -> tuple[dict[str, Any], int, tuple[Text, ...]]:
    """Return everything the page shows, as data; the number of features; remarks. Raises as :func:`write_map`."""
    bounds = _bounds(workspace)
    context = MapContext(
        workspace, network, lang, audience, origin_of(bounds), tuple(footprints), coverage, evacuation,
        solution, routes,
    )  # fmt: skip
    have = {k for k, v in (("coverage", coverage), ("evacuation", evacuation)) if v is not None}
    tables: dict[str, Any] = {}
    layers: list[dict[str, Any]] = []
    paths: dict[str, Any] = {"arc": [], "next": []}
    features = 0
    for module in layer_modules():
        if audience not in module.AUDIENCES or module.NEEDS - have:
            continue
        layer: Layer | None = module.build(context)
        if layer is None:
            continue
        features += len(layer.style)
        if layer.shapes:
            tables[layer.table] = list(layer.shapes)
        for table, shapes in layer.tables.items():
            tables[table] = list(shapes)
        if layer.paths is not None:
            paths = dict(layer.paths)
        layers.append(
            {
                "key": module.KEY, "title": context.say(module.TITLE), "group": module.GROUP, "order": module.ORDER,
                "on": module.DEFAULT_ON if layer.on is None else layer.on, **layer.document(lang),
            }
        )  # fmt: skip
    beside = tuple(warnings)
    if evacuation is not None and not beside:
        from civdef.render.headline import infeasible

        beside = tuple(infeasible(workspace, evacuation))
    told = list(beside)
    if features > MANY_FEATURES:
        told.append(
            Text(
                f"图上要素 {features:,} 个，超过 {MANY_FEATURES:,} 个，旧电脑上会较慢；可按社区分图。",
                f"{features:,} features on one map, more than {MANY_FEATURES:,}: slow on old computers; draw it by community.",
            )
        )
    document = {
        "bounds": [round(v, 6) for v in bounds],
        "origin": list(context.origin),
        "words": {k: context.say(v) for k, v in _WORDS.items()},
        "page": _page(context, beside),
        "groups": [{"key": k, "title": context.say(t)} for k, t in GROUPS.items()],
        "layers": layers,
        "tables": tables,
        "paths": paths,
    }
    return document, features, tuple(told)


def _bounds(workspace: Workspace) -> tuple[float, float, float, float]:
    """Return west, south, east, north of what the map is about: communities, else everything built."""
    import shapely

    for group in (workspace.communities, workspace.buildings, workspace.roads, workspace.shelters):
        shapes = [o.shape for o in group.values()]
        if shapes:
            west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
            return west, south, max(east, west + 1e-3), max(north, south + 1e-3)
    raise UsageError(
        Text("工作区里没有可以画在图上的内容", "The workspace has nothing that can be drawn"),
        hint=Text(
            "先导入社区、建筑或道路，例如 civdef import roads FILE。",
            "Import communities, buildings or streets first, e.g. civdef import roads FILE.",
        ),
    )


def _page(context: MapContext, warnings: Sequence[Text]) -> dict[str, Any]:
    """Return title block, figures and notes."""
    from civdef.render.headline import figures, foot, meta, notes, titles

    settings = context.workspace.settings
    title, subtitle = titles(context)
    marks = [context.say(Text("虚构样例", "FICTIONAL SAMPLE"))] if settings.fictional else []
    return {
        "title": title,
        "subtitle": subtitle,
        "meta": [[context.say(label), value, whole] for label, value, whole in meta(context)],
        "marks": marks,
        "figures": [[context.say(label), context.say(value)] for label, value in figures(context)],
        "notes": [context.say(note) for note in notes()],
        "foot": [context.say(note) for note in foot(context)],
        "warnings": [context.say(w) for w in warnings],
        "audience": context.say(LABEL[context.audience]),
        "scale": SCALE,
    }
