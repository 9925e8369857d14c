"""Streets."""

from civdef.intake import synonyms
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.intake.repair.apply import mend_layer
from civdef.intake.streets import clean_streets
from civdef.load.street_repair import mending
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    out = clean_streets(raw, fields)
    if around.repair:
        mend_layer(out, mending(around.root), lambda road: (out.rows[road], None))
    return out


TARGET = Target(
    name="roads",
    title=Text("道路", "streets"),
    file="maps/roads.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "kind", "width_m", "lanes", "oneway", "layer", "bridge", "tunnel", "speed_kmh",
    ),
    clean=_clean,
    synonyms=synonyms.ROADS,
)  # fmt: skip
