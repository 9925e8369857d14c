"""Streets."""

from civdef.intake import synonyms
from civdef.intake.streets import clean_streets
from civdef.load.target import Target
from civdef.text import Text

TARGET = Target(
    name="roads",
    title=Text("道路", "streets"),
    file="maps/roads.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "kind", "width_m", "lanes", "oneway", "layer", "bridge", "tunnel", "speed_kmh",
    ),
    clean=lambda raw, fields, _around: clean_streets(raw, fields),
    synonyms=synonyms.ROADS,
)  # fmt: skip
