"""``civdef import people``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.imports._pairs import pairs
from civdef.cli.usage import Location
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.load.people import PeopleResult

_TIMES = {
    "night": Text("夜间在家", "at home at night"),
    "workday": Text("工作日在家", "on a working day"),
    "holiday": Text("节假日在家", "on a holiday"),
}


@civdef_command(
    Text(
        "把各社区的户数、人口总数按建筑面积分摊到房屋，生成估算住户，总数一户一人不差。",
        "Spread totals by community (households, residents, elderly …) over the buildings as estimated households; every"
        " total is met exactly.",
    ),
    name="people",
)
@click.argument("file", type=Location())
@click.option("--sheet", cls=Option, metavar="NAME", help=Text("只读这一张工作表。", "Read this sheet only."))
@click.option(
    "--map", "mapping", cls=Option, multiple=True, metavar="FIELD=COLUMN",
    help=Text("字段取自哪一列，可多次给出，如 residents=实有人口。", "Which column a field comes from, e.g. residents=Pop."),
)  # fmt: skip
@click.option(
    "--set", "constants", cls=Option, multiple=True, metavar="FIELD=VALUE",
    help=Text("所有行取同一值的字段，如 community=望海社区。", "A value for every row, e.g. community=Wanghai."),
)  # fmt: skip
@click.option(
    "--force", cls=Option, is_flag=True,
    help=Text(
        "手工改过的估算住户重新估算；房屋自行填报的居民人数删去。",
        "Estimate again what was edited by hand, and delete figures of residents that buildings declare.",
    ),
)  # fmt: skip
def command(
    app: App, file: Path, sheet: str | None, mapping: tuple[str, ...], constants: tuple[str, ...], force: bool
) -> None:
    """Spread a register of totals."""
    from civdef.cli.imports._report import tell
    from civdef.load.people import PeopleRequest, import_people

    request = PeopleRequest(file, sheet, pairs(mapping, "--map"), pairs(constants, "--set"), force=force)
    root = app.root()
    with app.progress(Text("分摊人口", "Spreading people")):
        result = import_people(root, request, app.lang)
    if not app.json:
        _tell(app, result)
    tell(app, result)


def _tell(app: App, result: PeopleResult) -> None:
    app.table(
        [
            Text("社区", "community"), Text("户数", "households"), Text("常住人口", "residents"), Text("儿童", "children"),
            Text("65岁以上", "65+"), Text("需协助", "assisted"), Text("流动人口", "floating"), Text("房屋", "buildings"),
            *_TIMES.values(),
        ],
        [
            (
                c.name, c.households, c.residents, c.children, c.elderly, c.assisted, c.floating, c.buildings,
                *(sum(c.at_home[t].values()) for t in _TIMES),
            )
            for c in result.communities
        ],
    )  # fmt: skip
    app.say(
        Text(
            "估算住户：新增 {a}，更新 {c}，删去 {r}，未变 {u}。分摊结果是估算，请以实际登记为准：逐户登记后用 civdef import households 导入。",
            "Estimated households: {a} added, {c} changed, {r} removed, {u} unchanged. They are estimates; a register of"
            " households (civdef import households) goes before them.",
        ).format(a=result.added, c=result.changed, r=result.removed, u=result.unchanged)
    )
    if result.not_in_register:
        app.say(
            Text(
                "登记表未列、保持原样的社区：{c}", "Communities not in the register, left as they were: {c}"
            ).format(c=Text("、".join(result.not_in_register), ", ".join(result.not_in_register)))
        )
