"""Enterprises and institutions, each in its community."""

from civdef.intake import synonyms
from civdef.intake.fields import Fields
from civdef.intake.points import clean_units
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    communities = around.needed("maps/communities.geojson", Text("社区", "communities"), "communities")
    return clean_units(raw, fields, communities, around.shapes("maps/buildings.geojson"))


TARGET = Target(
    name="units",
    title=Text("单位", "units"),
    file="maps/units.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "kind", "night_persons", "workday_persons", "holiday_persons", "children", "hazardous",
    ),
    clean=_clean,
    synonyms=synonyms.UNITS,
    tables=True,
)  # fmt: skip
