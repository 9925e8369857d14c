"""``civdef check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civdef.cli.common import App, civdef_command
from civdef.errors import EXIT_FINDINGS, EXIT_OK, EXIT_USAGE
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.load.check import CheckResult

_TOTALS = {
    "communities": Text("社区（个）", "communities"),
    "households": Text("户数（户）", "households"),
    "residents": Text("居民（人）", "residents"),
    "units": Text("企事业单位（家）", "enterprises and institutions"),
    "plans": Text("预案（个）", "plans"),
    "area_km2": Text("面积（平方千米）", "area [km²]"),
}


@civdef_command(
    Text(
        "核对工作区：逐一列出错误的位置和改法，清点总数并与申报数比对。",
        "Check the workspace: every fault with its place and remedy, and totals counted against those declared.",
    )
)
def command(app: App) -> None:
    """Check the workspace."""
    from civdef.load.check import check

    root = app.root()
    with app.progress(Text("核对工作区", "Checking the workspace")):
        result, faults = check(root, app.lang)
    app.emit(result)
    if not app.json:
        for fault in faults:
            app.say(fault.line(app.lang))
        if result.totals is not None:
            declared = {d.total: d.declared for d in result.differences}
            rows = [
                (label, counted, _as(counted, declared.get(name)))
                for name, label in _TOTALS.items()
                for counted in (getattr(result.totals, name),)
            ]
            app.table(
                [
                    Text("项目", "total"),
                    Text("实际清点", "counted"),
                    Text("与申报不符", "declared otherwise"),
                ],
                rows,
            )
        _tell_layers(app, result)
        app.say(
            _verdict(
                len(faults), len(result.differences), len(result.layers.suspects) if result.layers else 0
            )
        )
    app.finish(EXIT_USAGE if faults else EXIT_OK if result.ok else EXIT_FINDINGS)


def _tell_layers(app: App, result: CheckResult) -> None:
    """Say whether the layers lie where they say."""
    if result.layers is None:
        return
    for suspect in result.layers.suspects:
        app.say(Text("{m}。", "{m}.").format(m=suspect.message))
        app.say(Text("  下一步：{f}。", "  Next: {f}.").format(f=suspect.fix))
    if result.layers.message is not None:
        app.say(Text("{m}。", "{m}.").format(m=result.layers.message))


def _as(counted: float, declared: float | None) -> float | str:
    """Return a declared total as the counted one is written: whole or not."""
    if declared is None:
        return "-"
    return int(declared) if isinstance(counted, int) else declared


def _verdict(faults: int, different: int, shifted: int) -> Text:
    if faults:
        return Text(
            f"有 {faults} 处错误，请按上面的位置逐一改正后再核对。",
            f"{faults} faults: mend each place named above, then check again.",
        )
    if shifted:
        return Text(
            "文件没有错误，但有图层坐标系不对：见上面的下一步。",
            "No faults, but layers in the wrong coordinate system: see what to do next above.",
        )
    if different:
        return Text(
            f"文件没有错误，但有 {different} 项总数与 civdef.toml 申报的不符：请更正数据或申报数。",
            f"No faults, but {different} totals differ from those declared in civdef.toml: correct the one or the other.",
        )
    return Text(
        "核对通过：文件没有错误，各项总数相符。", "All good: no faults, and every declared total is met."
    )
