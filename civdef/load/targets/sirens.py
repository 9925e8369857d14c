"""Sirens."""

from civdef.intake import synonyms
from civdef.intake.fields import Fields
from civdef.intake.points import clean_sirens
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    communities, buildings = (
        around.shapes("maps/communities.geojson"),
        around.shapes("maps/buildings.geojson"),
    )
    return clean_sirens(raw, fields, communities, buildings)


TARGET = Target(
    name="sirens",
    title=Text("警报点", "sirens"),
    file="maps/sirens.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "level_dbc",
    ),
    clean=_clean,
    synonyms=synonyms.SIRENS,
    tables=True,
)  # fmt: skip
