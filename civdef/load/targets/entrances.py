"""Entrances of shelters."""

from civdef.intake import synonyms
from civdef.intake.fields import Fields
from civdef.intake.points import clean_entrances
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    return clean_entrances(
        raw, fields, around.needed("maps/shelters.geojson", Text("避难场所", "shelters"), "shelters")
    )


TARGET = Target(
    name="entrances",
    title=Text("避难场所入口", "entrances"),
    file="maps/entrances.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "width_m", "step_free", "shelter",
    ),
    clean=_clean,
    synonyms=synonyms.ENTRANCES,
    tables=True,
)  # fmt: skip
