"""Fixed posts."""

from civdef.intake import synonyms
from civdef.intake.fields import Fields
from civdef.intake.points import clean_posts
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.target import Surroundings, Target
from civdef.text import Text


def _clean(raw: RawTable, fields: Fields, around: Surroundings) -> Cleaned:
    communities, buildings = (
        around.shapes("maps/communities.geojson"),
        around.shapes("maps/buildings.geojson"),
    )
    return clean_posts(raw, fields, communities, buildings)


TARGET = Target(
    name="posts",
    title=Text("固定点位", "fixed posts"),
    file="maps/posts.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "kind", "phone",
    ),
    clean=_clean,
    synonyms=synonyms.POSTS,
    tables=True,
)  # fmt: skip
