"""Buildings, each in its community."""

from civdef.errors import ImportRefusedError
from civdef.intake.areas import clean_buildings
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    communities = around.shapes("maps/communities.geojson")
    if not communities:
        raise ImportRefusedError(
            Text("导入房屋前须先有社区", "Communities must be there before buildings are imported"),
            hint=Text("先运行 civdef import communities。", "Run civdef import communities first."),
        )
    return clean_buildings(raw, fields, communities)


TARGET = Target(
    name="buildings",
    title=Text("房屋", "buildings"),
    file="maps/buildings.geojson",
    fields=("id", "name", "name_zh", "name_en", "use", "floors", "persons_declared"),
    clean=_clean,
)
