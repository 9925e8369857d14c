"""Scenery that makes a map readable."""

from civdef.intake import synonyms
from civdef.intake.points import clean_landmarks
from civdef.load.target import Target
from civdef.text import Text

TARGET = Target(
    name="landmarks",
    title=Text("地物", "landmarks"),
    file="maps/landmarks.geojson",
    fields=(
        "id", "name", "name_zh", "name_en", "kind",
    ),
    clean=lambda raw, fields, _around: clean_landmarks(raw, fields),
    synonyms=synonyms.LANDMARKS,
    tables=True,
)  # fmt: skip
