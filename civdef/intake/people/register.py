"""The register of totals: what its columns are, and which rows of it can be used."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.intake.people.spread import Totals
from civdef.intake.registers.columns import Column, Kind, Table
from civdef.intake.registers.draft import Draft
from civdef.text import Text


def _count(field: str, title: Text, note: Text, also: tuple[str, ...], *, required: bool = False) -> Column:
    return Column(field, Kind.WHOLE, title, note, also, required=required, low=0, high=10_000_000)


TABLE = Table(
    name="people",
    kind="",
    file="plans/households.csv",
    title=Text("社区人口统计", "People by community"),
    columns=(
        Column(
            "community",
            Kind.REF,
            Text("社区", "Community"),
            Text("社区名称或编号。", "Community, by name or id."),
            ("社区名称", "所属社区", "所在社区", "居委会", "社区居委会", "村（社区）", "单位", "名称", "name", "committee"),
            required=True,
            refs=("community",),
        ),
        _count(
            "households",
            Text("户数", "Households"),
            Text("住户总数。", "All households."),
            ("总户数", "住户数", "常住户数", "家庭户数", "家庭户", "户", "居民户数"),
            required=True,
        ),
        _count(
            "residents",
            Text("常住人口", "Residents"),
            Text("常住人口总数，含流动人口。", "All who live there, floating population included."),
            ("总人口", "人口数", "人口", "常住人口数", "实有人口", "居民人数", "总人数", "人数", "population", "persons"),
            required=True,
        ),
        _count(
            "children",
            Text("儿童（14岁以下）", "Children under 14"),
            Text("其中不满 14 周岁的人数。", "Of the residents, under 14."),
            ("儿童", "儿童数", "儿童人数", "少年儿童", "14岁以下", "0-14岁", "0—13岁", "未成年人", "under14"),
        ),
        _count(
            "elderly",
            Text("老年人（65岁以上）", "Aged 65 and over"),
            Text("其中 65 周岁及以上的人数。", "Of the residents, 65 and older."),
            ("老年人", "老人", "老年人口", "老年人数", "65岁以上", "65岁及以上", "65周岁以上", "65岁及以上人口", "elderly65", "aged65",
             "65+"),
        ),
        _count(
            "assisted",
            Text("需协助人数", "Needing assistance"),
            Text("需要协助才能转移的人数，含已列入需协助人员名册的。", "People who need help to get out, those named on the assistance register included."),
            ("需协助", "需协助人员", "行动不便", "行动不便人数", "需帮扶人数", "重点帮扶对象", "特殊人群", "失能半失能", "残疾人", "need help"),
        ),
        _count(
            "floating",
            Text("流动人口", "Floating population"),
            Text("其中流动人口数。", "Of the residents, floating population."),
            ("流动人口数", "外来人口", "暂住人口", "外来流动人口", "流入人口", "migrants"),
        ),
    ),
    keys=(),
)  # fmt: skip


def totals_of(draft: Draft) -> Totals:
    """Return the totals of a row; an empty cell counts as nobody."""
    return Totals(
        **{
            name: int(draft.values.get(name) or 0)
            for name in ("households", "residents", "children", "elderly", "assisted", "floating")
        }
    )


def repeated(drafts: Sequence[Draft]) -> list[tuple[Draft, Draft]]:
    """Return pairs of rows that name the same community: which of them is right cannot be told."""
    first: dict[str, Draft] = {}
    return [
        (known, draft)
        for draft in drafts
        if (known := first.setdefault(draft.values["community"], draft)) is not draft
    ]
