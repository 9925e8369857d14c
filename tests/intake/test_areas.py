"""Communities of any map: code and date of the official list."""

from __future__ import annotations

import pytest
from shapely.geometry import box

from civdef.intake.areas import clean_communities
from civdef.intake.fields import Fields
from civdef.intake.raw import RawTable


@pytest.mark.parametrize(
    ("written", "want"),
    [
        ("2023", "2023"),
        (2023.0, "2023"),
        ("2023年", "2023"),
        ("2023/10/31", "2023-10-31"),
        (None, None),
        ("去年", None),
    ],
)
def test_the_date_of_the_list_comes_with_the_code(written: object, want: str | None) -> None:
    row = {"name": "望海社区", "code": "210202003008", "as_of": written}
    raw = RawTable("c.geojson", "EPSG:4326", tuple(row), [row], [box(121, 38, 121.1, 38.1)])
    out = clean_communities(raw, Fields({}, {}))
    properties, _ = out.features[0]
    assert properties["id"] == "community/210202003008"
    assert properties.get("as_of") == want
    assert out.repaired == (written == "去年")
