"""Buildings, each in its community."""

from civdef.intake import synonyms
from civdef.intake.areas import clean_buildings
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    communities = around.needed("maps/communities.geojson", Text("社区", "communities"), "communities")
    return clean_buildings(raw, fields, communities, around.shapes("maps/compounds.geojson"))


TARGET = Target(
    name="buildings",
    title=Text("房屋", "buildings"),
    file="maps/buildings.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "use", "floors", "basement_floors", "stairwells", "year_built", "persons_declared",
    ),
    clean=_clean,
    synonyms=synonyms.BUILDINGS,
)  # fmt: skip
