"""Gates of compounds."""

from civdef.intake import synonyms
from civdef.intake.fields import Fields
from civdef.intake.points import clean_gates
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    return clean_gates(
        raw, fields, around.needed("maps/compounds.geojson", Text("小区", "compounds"), "compounds")
    )


TARGET = Target(
    name="gates",
    title=Text("小区出入口", "gates"),
    file="maps/gates.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "width_m", "locked", "compound",
    ),
    clean=_clean,
    synonyms=synonyms.GATES,
    tables=True,
)  # fmt: skip
