"""The base of every result: schema name and version, hashes of the inputs, seed.

A result is data: frozen, serialisable, the same bytes for the same inputs. JSON is an interface;
``docs/schemas/`` holds a JSON Schema for each result, generated from these classes.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A frozen part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Result(Record):
    """What a solver or judge returns.

    Subclasses set `SCHEMA`, e.g. ``civdef.coverage/1``; the number rises when a key changes meaning.
    """

    SCHEMA: ClassVar[str] = "civdef.result/1"

    schema_: str = Field(default="", alias="schema", description="name and version of this document's schema")
    inputs: dict[str, str] = Field(
        default_factory=dict, description="workspace file → SHA-256 of its bytes, first 16 hex digits"
    )
    seed: int | None = Field(default=None, description="seed of the random numbers, where there are any")

    def model_post_init(self, context: Any, /) -> None:
        """Fill in the schema name."""
        if not self.schema_:
            object.__setattr__(self, "schema_", self.SCHEMA)

    def to_json(self) -> str:
        """Return the document as text: UTF-8 characters kept, keys in declared order, newline at the end."""
        return dump_json(self.model_dump(mode="json", by_alias=True))


def dump_json(data: Any) -> str:
    """Return `data` as indented JSON text with a newline at the end.

    Raises
    ------
    ValueError
        For NaN or infinity, which are not JSON.
    """
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
