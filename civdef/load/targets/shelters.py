"""Shelters."""

from civdef.intake import synonyms
from civdef.intake.areas import clean_shelters
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.settings import read_settings
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    settings = read_settings(around.root)
    return clean_shelters(raw, fields, settings.shelter_standards if settings else {})


TARGET = Target(
    name="shelters",
    title=Text("避难场所", "shelters"),
    file="maps/shelters.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "class", "hazards", "places", "area_m2", "indoor", "barrier_free", "barrier_free_places", "estimated",
    ),
    clean=_clean,
    synonyms=synonyms.SHELTERS,
    tables=True,
)  # fmt: skip
