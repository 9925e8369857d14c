"""What ``civdef map`` returns."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from civdef.model.town import DayPart
from civdef.render.audience import Audience
from civdef.result import Result


class MapResult(Result):
    """A map that was written."""

    SCHEMA: ClassVar[str] = "civdef.map/1"

    file: str = Field(description="the file, as named by the user or relative to the workspace")
    size_bytes: int
    features: int = Field(description="features drawn in all layers")
    layers: tuple[str, ...] = Field(description="keys of the layers, in drawing order")
    audience: Audience
    plan: str | None = Field(description="plan whose evacuation is drawn; null: none")
    time: DayPart | None
    footprints: tuple[str, ...]
    placed_persons: int | None
    left_over_persons: int | None
    uncovered_persons: int | None = Field(description="outside the refuge distance of every shelter")
    warnings: tuple[str, ...] = Field(description="in the language of the run")
