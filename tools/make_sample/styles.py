"""How each kind of compound is filled: what stands in it, how close, how high, how old."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """How a compound is filled."""

    use: str = "residential"
    depth_m: tuple[float, ...] = (12.0,)
    stair_m: float = 14.0
    """Length of building per stairwell [m]."""
    stairs: tuple[int, ...] = (2, 3, 4)
    floors: tuple[int, ...] = (6,)
    flats: int = 2
    pitch_m: float = 31.0
    gap_m: float = 8.0
    basement: int = 0
    lift_from: int = 7
    years: tuple[int, int] = (1985, 2005)
    gates: int = 2
    walled: bool = True
    shops: tuple[str, ...] = ("primary", "secondary", "tertiary")
    reserve: float = 0.0
    """Share of the ground kept open at one end (a playing field)."""
    garden: float = 0.0
    """Chance that a building's place is left as a garden."""
    spine_every_m: float = 120.0
    lane_zh: str = "小区路"
    lane_en: str = "compound path"
    house: tuple[str, str] = ("{n}幢", "Block {n}")


STYLES: dict[str, Style] = {
    "slab": Style(floors=(4, 5, 5, 6, 6), years=(1986, 2004)),
    "old-slab": Style(floors=(3, 4, 4, 5), pitch_m=27.0, stair_m=13.0, depth_m=(10.5,), years=(1972, 1989), gates=3),
    "open-slab": Style(floors=(3, 4, 5, 5), pitch_m=28.0, stair_m=13.0, depth_m=(11.0,), years=(1978, 1995), gates=6, walled=False),
    "mid": Style(floors=(7, 7, 8, 9), stairs=(2, 2, 3), stair_m=16.0, depth_m=(13.0,), pitch_m=38.0, gap_m=12.0,
                 basement=1, years=(2004, 2018), garden=0.04),
    "tower": Style(floors=(11, 12, 15, 16, 18), stairs=(1, 1, 1, 2), stair_m=25.0, depth_m=(16.0, 17.0), flats=4,
                   pitch_m=48.0, gap_m=20.0, basement=1, years=(2006, 2022), garden=0.06),
    "school": Style(use="school", floors=(4, 5, 5), stairs=(2, 3), stair_m=19.0, depth_m=(13.0,), flats=0, pitch_m=36.0,
                    gap_m=10.0, shops=(), reserve=0.52, years=(1988, 2019), lift_from=99, lane_zh="校园路", lane_en="campus path",
                    house=("{n}号楼", "Building {n}")),
    "kindergarten": Style(use="kindergarten", floors=(3,), stairs=(1, 2), stair_m=15.0, depth_m=(12.0,), flats=0, pitch_m=30.0,
                          shops=(), reserve=0.36, years=(1995, 2020), gates=1, lift_from=99, lane_zh="园路", lane_en="path",
                          house=("{n}号楼", "Building {n}")),
    "hospital": Style(use="health", floors=(5, 6, 9), stairs=(2, 3), stair_m=20.0, depth_m=(17.0,), flats=0, pitch_m=44.0,
                      gap_m=14.0, shops=(), basement=1, years=(1994, 2016), gates=3, lift_from=4, lane_zh="院内路", lane_en="service road",
                      house=("{n}号楼", "Building {n}")),
    "civic": Style(use="government", floors=(4, 5, 6), stairs=(2, 3), stair_m=18.0, depth_m=(15.0,), flats=0, pitch_m=40.0,
                   gap_m=12.0, shops=(), basement=1, years=(1992, 2015), gates=2, lift_from=5, lane_zh="院内路", lane_en="yard path",
                   house=("{n}号楼", "Building {n}")),
    "care": Style(use="care_home", floors=(4, 5), stairs=(2,), stair_m=20.0, depth_m=(15.0,), flats=0, pitch_m=38.0, shops=(),
                  years=(2008, 2017), lift_from=3, garden=0.1, lane_zh="院内路", lane_en="yard path", house=("{n}号楼", "Building {n}")),
    "culture": Style(use="culture", floors=(2, 3, 3), stairs=(2,), stair_m=20.0, depth_m=(16.0,), flats=0, pitch_m=40.0, gap_m=14.0,
                     shops=(), years=(1999, 2018), lift_from=4, lane_zh="院内路", lane_en="yard path", house=("{n}号馆", "Hall {n}")),
    "industry": Style(use="industry", floors=(1, 2, 2, 3), stairs=(2, 3), stair_m=24.0, depth_m=(26.0, 30.0, 34.0), flats=0,
                      pitch_m=50.0, gap_m=12.0, shops=(), years=(1976, 2012), gates=2, lift_from=99, lane_zh="厂区路", lane_en="yard road",
                      house=("{n}号厂房", "Hall {n}")),
    "office": Style(use="office", floors=(9, 12, 16, 20), stairs=(1, 2), stair_m=30.0, depth_m=(26.0, 30.0), flats=0, pitch_m=62.0,
                    gap_m=22.0, shops=(), basement=2, years=(2003, 2021), gates=5, walled=False, lift_from=4, lane_zh="园区路",
                    lane_en="plaza path", house=("{n}座", "Block {n}")),
    "mall": Style(use="shop", floors=(4, 5), stairs=(3, 4), stair_m=20.0, depth_m=(42.0,), flats=0, pitch_m=62.0, gap_m=16.0,
                  shops=(), basement=2, years=(1998, 2016), gates=5, walled=False, lift_from=3, lane_zh="商场通道", lane_en="passage",
                  house=("{n}号楼", "Building {n}")),
    "market": Style(use="shop", floors=(1, 2), stairs=(1, 2, 3), stair_m=18.0, depth_m=(24.0,), flats=0, pitch_m=44.0, gap_m=8.0,
                    shops=(), years=(1990, 2010), gates=5, walled=False,
                    lift_from=99, lane_zh="市场通道", lane_en="passage", house=("{n}号大棚", "Hall {n}")),
    "hotel": Style(use="office", floors=(8, 6), stairs=(1, 2), stair_m=20.0, depth_m=(16.0,), flats=0, pitch_m=44.0, gap_m=14.0,
                   shops=(), years=(2002, 2015), gates=2, lift_from=4, lane_zh="院内路", lane_en="yard path", house=("{n}号楼", "Building {n}")),
    "fuel": Style(use="other", floors=(1,), stairs=(1,), stair_m=22.0, depth_m=(12.0,), flats=0, pitch_m=34.0, shops=(), walled=False,
                  gates=4, years=(2001, 2010), lift_from=99, lane_zh="站内路", lane_en="forecourt", house=("站房{n}", "Building {n}")),
    "utility": Style(use="utility", floors=(1, 2), stairs=(1,), stair_m=22.0, depth_m=(14.0,), flats=0, pitch_m=34.0, shops=(), gates=1,
                     years=(1996, 2012), lift_from=99, lane_zh="站内路", lane_en="yard road", house=("{n}号房", "House {n}")),
}  # fmt: skip
