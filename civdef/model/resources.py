"""Things that tasks need: equipment and vehicles."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from civdef.model.base import Date, FixedPostRef, Identified, PersonRef, RefTo

OwnerRef = Annotated[str, RefTo("group", "team", "office", "external", "community")]


class Equipment(Identified):
    """Equipment or supplies in a store."""

    KIND: ClassVar[str] = "equipment"
    category: str = Field(pattern=r"^[a-z_]+$")
    quantity: int = Field(ge=0)
    unit_zh: str = "件"
    unit_en: str = "pcs"
    store: FixedPostRef
    owner: OwnerRef | None = None
    expires: Date | None = None
    checked: Date | None = None


class Vehicle(Identified):
    """A vehicle that may be used."""

    KIND: ClassVar[str] = "vehicle"
    plate: str | None = None
    kind: str = Field(pattern=r"^[a-z_]+$", description="bus, van, ambulance, truck, …")
    seats: int = Field(default=0, ge=0)
    wheelchair_places: int = Field(default=0, ge=0)
    stretcher_places: int = Field(default=0, ge=0)
    base: FixedPostRef
    owner: OwnerRef | None = None
    driver: PersonRef | None = None
    relief_driver: PersonRef | None = None
