"""Communities."""

from civdef.intake import synonyms
from civdef.intake.areas import clean_communities
from civdef.load.target import Target
from civdef.text import Text

TARGET = Target(
    name="communities",
    title=Text("社区", "communities"),
    file="maps/communities.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "code", "as_of",
    ),
    clean=lambda raw, fields, _around: clean_communities(raw, fields),
    synonyms=synonyms.COMMUNITIES,
)  # fmt: skip
