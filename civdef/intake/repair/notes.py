"""Collecting what was found while the streets are mended."""

from __future__ import annotations

from civdef.intake.repair.lines import Spot, Streets
from civdef.intake.repair.record import Repair
from civdef.text import Text


class Notes:
    """Turns findings into records; names and places are looked up when they are found."""

    def __init__(self, streets: Streets) -> None:
        self.streets = streets
        self.repairs: list[Repair] = []
        self._left: set[tuple[str, str, str | None]] = set()

    def label(self, i: int) -> Text:
        """Return what to call a road: its name and id, or its id alone where the name says no more."""
        properties = self.streets.properties[i]
        road = str(properties.get("id"))
        zh = str(properties.get("name_zh") or properties.get("name_en") or "")
        en = str(properties.get("name_en") or properties.get("name_zh") or "")
        return Text(
            f"“{zh}”（{road}）" if zh and zh != road else f" {road} ",
            f"{en} ({road})" if en and en != road else road,
        )

    def add(
        self,
        rule: str,
        action: str,
        i: int,
        other: int | None,
        spot: Spot,
        reason: Text,
        before: Text,
        after: Text,
    ) -> None:
        """Record a finding. What was left alone is recorded once, however often it is found."""
        lon, lat = self.streets.degrees(spot)
        road, second = self.streets.properties[i], None if other is None else self.streets.properties[other]
        self._keep(
            Repair(
                rule=rule,
                action=action,
                feature=self.streets.origin[i],
                road_id=str(road.get("id")),
                other_id=None if second is None or other == i else str(second.get("id")),
                lon=lon,
                lat=lat,
                reason=reason,
                before=before,
                after=after,
            )
        )

    def _keep(self, repair: Repair) -> None:
        if repair.action == "noted":
            key = (repair.rule, repair.road_id, repair.other_id)
            if key in self._left:
                return
            self._left.add(key)
        self.repairs.append(repair)
