"""Compounds, each in its community."""

from civdef.intake import synonyms
from civdef.intake.areas import clean_compounds
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    communities = around.needed("maps/communities.geojson", Text("社区", "communities"), "communities")
    return clean_compounds(raw, fields, communities)


TARGET = Target(
    name="compounds",
    title=Text("小区", "compounds"),
    file="maps/compounds.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "owners_committee", "property_firm", "property_firm_zh", "property_firm_en",
    ),
    clean=_clean,
    synonyms=synonyms.COMPOUNDS,
)  # fmt: skip
