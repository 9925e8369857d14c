"""Footprints of a hazard."""

from civdef.errors import UsageError
from civdef.intake import synonyms
from civdef.intake.areas import clean_footprints
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    if around.hazard is None:
        raise UsageError(
            Text("请用 --hazard 说明灾种", "Name the kind of hazard with --hazard"),
            hint=Text("例如 --hazard flood。", "For example --hazard flood."),
        )
    return clean_footprints(raw, fields, hazard=around.hazard, prefix=around.name or around.hazard)


TARGET = Target(
    name="hazard",
    title=Text("灾害范围", "hazard footprints"),
    file="maps/hazards/{name}.geojson",
    fields=("id", "name", "name_zh", "name_en", "depth_m", "intensity", "from_min"),
    clean=_clean,
    synonyms=synonyms.HAZARD,
)
