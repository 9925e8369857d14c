"""``civdef import osm``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.imports._again import again_options
from civdef.cli.imports._mend import repair_option
from civdef.cli.usage import Location
from civdef.text import Text

_LAYERS = (
    "roads", "buildings", "compounds", "gates", "units", "posts", "landmarks", "candidates", "communities",
)  # fmt: skip


@civdef_command(
    Text(
        "导入 OpenStreetMap 数据（.osm、.osm.pbf，可压缩为 .gz、.bz2）：道路、房屋、小区和大门、单位、"
        "医疗警务消防点、可作避难场所的场地。",
        "Import OpenStreetMap data (.osm, .osm.pbf, also packed as .gz or .bz2): streets, buildings, compounds and"
        " gates, units, medical, police and fire posts, places that could serve as shelters.",
    ),
    name="osm",
)
@click.argument("file", type=Location())
@click.option(
    "--only",
    cls=Option,
    multiple=True,
    type=click.Choice(_LAYERS),
    help=Text("只导入这些图层，可多次给出。", "Bring in these layers only; may be repeated."),
)
@click.option(
    "--estimate-people/--no-estimate-people",
    "people",
    cls=Option,
    default=None,
    help=Text(
        "没有名册时，按建筑面积估算每栋楼的居民（见设置 people_estimate）；不写则与上次导入相同。",
        "Where there is no register yet, estimate residents by floor area (setting people_estimate); default: as at the last"
        " import.",
    ),
)
@repair_option
@again_options
def command(
    app: App,
    file: Path,
    only: tuple[str, ...],
    people: bool | None,
    repair: bool,
    add: bool,
    update: bool,
    force: bool,
) -> None:
    """Import an extract."""
    from civdef.cli.imports._report import tell
    from civdef.load.osm import OsmRequest, import_osm

    root = app.root()
    with app.progress(Text("导入地图", "Importing the map"), 1.0) as say:
        result = import_osm(root, OsmRequest(file, only, people, repair, add, update, force), app.lang, say)
    tell(app, result)
