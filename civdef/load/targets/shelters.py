"""Shelters."""

from civdef.intake import synonyms
from civdef.intake.areas import clean_shelters
from civdef.load.target import Target
from civdef.text import Text

TARGET = Target(
    name="shelters",
    title=Text("避难场所", "shelters"),
    file="maps/shelters.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "class", "hazards", "places", "area_m2", "indoor", "barrier_free", "barrier_free_places", "estimated",
    ),
    clean=lambda raw, fields, _around: clean_shelters(raw, fields),
    synonyms=synonyms.SHELTERS,
    tables=True,
)  # fmt: skip
