"""What ``civdef.toml`` remembers of each imported layer: its file, coordinate system, columns and constants."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
import tomlkit.items
from tomlkit.exceptions import TOMLKitError

from civdef.errors import UsageError
from civdef.load.tables import SETTINGS
from civdef.model.settings import LayerSettings
from civdef.text import Text


def recall(root: Path, layer: str) -> LayerSettings:
    """Return what is remembered of a layer; nothing of one that was never imported.

    Raises
    ------
    UsageError
        If ``civdef.toml`` cannot be read.
    """
    tables = _document(root).get("layers", {})
    found = tables.get(layer) if isinstance(tables, Mapping) else None
    plain = found.unwrap() if isinstance(found, tomlkit.items.Item) else found
    try:
        return LayerSettings.model_validate(plain or {})
    except ValueError as error:
        raise UsageError(
            Text("civdef.toml 中 [layers.{n}] 写法不对", "[layers.{n}] in civdef.toml is not right").format(
                n=layer
            ),
            hint=Text("运行 civdef check 查看。", "Run civdef check to see why."),
        ) from error


def remembering(root: Path, layer: str, settings: LayerSettings) -> bytes:
    """Return ``civdef.toml`` with what is now known of a layer; every comment and all else stays as it is.

    Raises
    ------
    UsageError
        If ``civdef.toml`` cannot be read.
    """
    document = _document(root)
    layers = document.get("layers")
    if layers is None:
        layers = tomlkit.table(is_super_table=True)
        document["layers"] = layers
    table = layers.get(layer)
    if table is None:
        table = tomlkit.table()
        layers[layer] = table
    for key, value in settings.model_dump(exclude_none=True).items():
        if isinstance(value, dict):
            if value:
                table[key] = _inline(value)
            elif key in table:
                del table[key]
        elif table.get(key) != value:
            table[key] = value
    return tomlkit.dumps(document).encode("utf-8")


def _inline(values: Mapping[str, str]) -> tomlkit.items.InlineTable:
    made = tomlkit.inline_table()
    made.update(dict(sorted(values.items())))
    return made


def _document(root: Path) -> Any:
    try:
        return tomlkit.parse((root / SETTINGS).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, TOMLKitError) as error:
        raise UsageError(
            Text("civdef.toml 读不出来", "civdef.toml cannot be read"),
            hint=Text("运行 civdef check 查看原因。", "Run civdef check to see why."),
        ) from error
