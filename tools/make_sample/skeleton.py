"""The bones of the town: shore, hill, river and the main streets, drawn by hand."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry import LineString, Point
from shapely.ops import split, substring

from tools.make_sample.geometry import XY, points, rounded, spline

AREA_M2 = 3_180_000.0


@dataclass(frozen=True)
class Street:
    """A street by its control points [m], trimmed between the streets `start` and `end`."""

    slug: str
    zh: str
    en: str
    kind: str
    width_m: float
    course: tuple[XY, ...]
    start: str
    end: str
    drive: str = "both"
    lanes: int | None = None
    speed_kmh: float | None = None
    layer: int = 0


# South to north, then west to east. Limits first: they trim the rest.
LIMITS: dict[str, tuple[XY, ...]] = {
    "huanshan-road": (
        (-1150, -800), (-1010, -806), (-820, -846), (-640, -838), (-470, -866), (-300, -846), (-120, -812),
        (90, -842), (300, -884), (520, -902), (720, -880), (900, -826), (1030, -800), (1150, -790),
    ),
    "shore": (
        (-1150, 560), (-1010, 548), (-860, 590), (-700, 640), (-520, 648), (-380, 606), (-250, 600), (-90, 636),
        (60, 640), (200, 600), (340, 538), (500, 492), (680, 470), (850, 492), (1010, 540), (1150, 590),
    ),
    "xihuan-road": (
        (-1030, -960), (-1022, -780), (-1000, -560), (-1030, -300), (-1052, -60), (-1030, 200), (-1000, 420), (-985, 700),
    ),
    "donghuan-road": (
        (1010, -960), (1022, -760), (1050, -520), (1062, -260), (1030, 0), (1006, 220), (1020, 420), (1040, 700),
    ),
}  # fmt: skip

RIVER: tuple[XY, ...] = (
    (-560, -960), (-540, -850), (-500, -740), (-520, -620), (-480, -500), (-420, -380), (-430, -240), (-470, -110),
    (-450, 20), (-380, 140), (-330, 270), (-340, 400), (-300, 520), (-270, 620), (-250, 720),
)  # fmt: skip

STREETS: tuple[Street, ...] = (
    Street("huanshan-road", "环山路", "Huanshan Road", "tertiary", 6.0, LIMITS["huanshan-road"], "xihuan-road", "donghuan-road", lanes=2, speed_kmh=30),
    Street("xihuan-road", "西环路", "Xihuan Road", "primary", 26.0, LIMITS["xihuan-road"], "huanshan-road", "shore", lanes=4, speed_kmh=50),
    Street("donghuan-road", "东环路", "Donghuan Road", "primary", 26.0, LIMITS["donghuan-road"], "huanshan-road", "shore", lanes=4, speed_kmh=50),
    Street("nanshan-road", "南山路", "Nanshan Road", "secondary", 16.0, (
        (-1150, -560), (-1000, -556), (-820, -600), (-640, -640), (-480, -604), (-300, -560), (-100, -520), (120, -560),
        (320, -620), (540, -660), (740, -640), (920, -580), (1048, -540), (1150, -520)), "xihuan-road", "donghuan-road", lanes=2, speed_kmh=40),
    Street("mingze-avenue", "明泽大道", "Mingze Avenue", "primary", 30.0, (
        (-1150, -20), (-1050, -14), (-860, 10), (-660, -10), (-440, -50), (-220, -64), (0, -46), (200, -4),
        (420, 22), (640, 14), (840, -14), (1040, -22), (1150, -24)), "xihuan-road", "donghuan-road", lanes=4, speed_kmh=50),
    Street("hubin-road", "湖滨路", "Hubin Road", "secondary", 18.0, (
        (-1150, 452), (-1000, 450), (-840, 492), (-680, 536), (-510, 540), (-340, 512), (-180, 510), (0, 536),
        (140, 516), (300, 444), (480, 388), (680, 366), (860, 392), (1020, 440), (1150, 470)), "xihuan-road", "donghuan-road", lanes=2, speed_kmh=40),
    Street("xinqiao-road", "新桥路", "Xinqiao Road", "secondary", 18.0, (
        (-760, -760), (-745, -610), (-720, -450), (-735, -280), (-760, -120), (-740, 60), (-700, 220), (-690, 380), (-710, 560), (-720, 640)),
        "nanshan-road", "hubin-road", lanes=2, speed_kmh=40),
    Street("wenchang-road", "文昌路", "Wenchang Road", "secondary", 16.0, (
        (-190, -700), (-185, -540), (-200, -380), (-170, -220), (-150, -60), (-128, 110), (-90, 280), (-80, 420), (-95, 540), (-100, 640)),
        "nanshan-road", "hubin-road", lanes=2, speed_kmh=40),
    Street("renmin-road", "人民路", "Renmin Road", "primary", 24.0, (
        (110, -720), (112, -560), (96, -400), (92, -220), (120, -30), (164, 140), (190, 300), (196, 460), (210, 620), (212, 700)),
        "nanshan-road", "shore", lanes=4, speed_kmh=50),
    Street("wanghai-road", "望海路", "Wanghai Road", "secondary", 18.0, (
        (470, -780), (460, -650), (420, -480), (410, -300), (440, -120), (470, 20), (500, 160), (490, 290), (505, 400), (510, 480)),
        "nanshan-road", "hubin-road", lanes=2, speed_kmh=40),
    Street("xuefu-road", "学府路", "Xuefu Road", "tertiary", 14.0, (
        (730, -780), (736, -640), (745, -500), (770, -340), (760, -160), (742, 0), (744, 140), (720, 260), (715, 360), (712, 480)),
        "nanshan-road", "hubin-road", lanes=2, speed_kmh=30),
    Street("mingquan-street", "明泉街", "Mingquan Street", "secondary", 16.0, (
        (-1150, -300), (-1030, -296), (-860, -270), (-660, -290), (-430, -318), (-200, -300), (20, -276), (240, -292),
        (430, -320), (620, -300), (780, -270), (900, -262)), "xihuan-road", "xuefu-road", lanes=2, speed_kmh=40),
    Street("gulou-street", "鼓楼街", "Gulou Street", "secondary", 14.0, (
        (-1150, 236), (-1020, 240), (-840, 262), (-660, 250), (-500, 262), (-330, 270), (-160, 258), (20, 262), (170, 272), (300, 280)),
        "xihuan-road", "renmin-road", lanes=2, speed_kmh=30),
    Street("haiyan-street", "海晏街", "Haiyan Street", "secondary", 14.0, (
        (60, 196), (180, 198), (340, 206), (510, 196), (700, 180), (870, 186), (1010, 210), (1150, 230)), "renmin-road", "donghuan-road", lanes=2, speed_kmh=30),
    Street("taoyuan-street", "桃园街", "Taoyuan Street", "tertiary", 12.0, (
        (640, -460), (750, -452), (880, -420), (1050, -396), (1150, -390)), "xuefu-road", "donghuan-road", lanes=2, speed_kmh=30),
    Street("xie-street", "斜街", "Xie Street", "residential", 7.0, (
        (-150, 230), (-106, 262), (-20, 340), (60, 420), (140, 480), (196, 520)), "wenchang-road", "hubin-road", speed_kmh=20),
    Street("dengshan-road", "登山路", "Dengshan Road", "residential", 7.0, (
        (466, -560), (458, -660), (500, -710), (440, -760), (470, -820), (520, -860), (520, -990)), "nanshan-road", "huanshan-road", lanes=2, speed_kmh=20),
    Street("panshan-road", "盘山路", "Panshan Road", "residential", 6.0, (
        (-830, -540), (-850, -640), (-760, -700), (-880, -740), (-800, -790), (-830, -860), (-840, -960)), "nanshan-road", "huanshan-road", lanes=2, speed_kmh=20),
    Street("baibu-steps", "百步梯", "Hundred Steps", "steps", 3.5, (
        (-40, -480), (-36, -560), (-20, -640), (-40, -720), (-30, -800), (-30, -900)), "nanshan-road", "huanshan-road", drive="none"),
    Street("songtao-path", "松涛小径", "Songtao Path", "steps", 2.5, (
        (830, -560), (820, -640), (850, -720), (812, -790), (800, -860), (800, -960)), "nanshan-road", "huanshan-road", drive="none"),
    Street("forest-track", "护林便道", "Forest Track", "track", 3.5, (
        (-860, -716), (-740, -744), (-640, -740), (-500, -736), (-320, -716), (-180, -690), (-28, -700), (140, -700), (300, -740), (430, -764), (520, -780)),
        "panshan-road", "dengshan-road"),
)  # fmt: skip

BANKS = (
    ("qingxi-west-road", "清溪西路", "Qingxi West Road"),
    ("qingxi-east-road", "清溪东路", "Qingxi East Road"),
)

BANK_M = 21.0
"""Bank roads run this far from the middle of the river."""


def width_of_river_m(y: float) -> float:
    """Width of the water [m] at northing `y`: a brook on the hill, a canal at the lake."""
    if y < -600:
        return 5.0
    return min(20.0, 9.0 + (y + 600) * 0.016)


def limit_curves(scale: float) -> dict[str, LineString]:
    """The four limits and the river as smooth curves."""
    curves = {k: _curve(v, scale) for k, v in LIMITS.items()}
    curves["qingxi"] = _curve(RIVER, scale)
    return curves


def street_curves(scale: float) -> dict[str, LineString]:
    """All streets, trimmed, as smooth curves; also ``shore`` and ``qingxi`` (the river's middle)."""
    limits = limit_curves(scale)
    raw = dict(limits)
    for street in STREETS:
        raw.setdefault(street.slug, _curve(street.course, scale))
    for side, offset in (("west", BANK_M), ("east", -BANK_M)):
        raw[f"qingxi-{side}-road"] = _simple(limits["qingxi"].offset_curve(offset, quad_segs=4))
    ends = {s.slug: (s.start, s.end) for s in STREETS}
    ends |= {
        "shore": ("xihuan-road", "donghuan-road"),
        "qingxi": ("huanshan-road", "shore"),
        "qingxi-west-road": ("nanshan-road", "hubin-road"),
        "qingxi-east-road": ("nanshan-road", "hubin-road"),
    }
    out = {slug: _trim(raw[slug], raw[a], raw[b]) for slug, (a, b) in sorted(ends.items())}
    # The hill road goes on where Wanghai Road ends.
    foot = out["wanghai-road"].coords[0]
    out["dengshan-road"] = LineString([foot, *out["dengshan-road"].coords[1:]])
    return out


def _curve(course: tuple[XY, ...], scale: float) -> LineString:
    return LineString([rounded((x * scale, y * scale)) for x, y in spline(list(course))])


def _simple(line: LineString) -> LineString:
    return LineString([rounded(p) for p in line.simplify(0.3).coords])


def _trim(curve: LineString, start: LineString, end: LineString) -> LineString:
    a = points(curve.intersection(start))
    b = points(curve.intersection(end))
    if not a or not b:
        raise ValueError("a street does not reach its limit")
    s0, s1 = curve.project(Point(a[0])), curve.project(Point(b[-1]))
    part = substring(curve, min(s0, s1), max(s0, s1))
    coords = [rounded(p[:2]) for p in part.coords]
    first, last = (a[0], b[-1]) if s0 < s1 else (b[-1], a[0])
    coords[0], coords[-1] = rounded(first), rounded(last)
    if s0 > s1:
        coords.reverse()
    return LineString(coords)


def cut(line: LineString, by: LineString) -> list[LineString]:
    """Parts of `line` between its crossings with `by`."""
    return [g for g in split(line, by).geoms if isinstance(g, LineString)]
