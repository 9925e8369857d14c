"""What a map of renames and an official list look like as tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civdef.intake.registers.columns import Column, Kind, Table
from civdef.intake.registers.draft import Draft
from civdef.intake.rename.lists import COMMUNITY, STREET, Entry, Rename
from civdef.text import Text

_CODES = ("代码", "统计用区划代码", "区划代码", "社区代码", "编码", "code")
_NAMES = ("名称", "社区名称", "社区", "居委会", "name")


def _map_row(draft: Draft) -> None:
    values = draft.values
    if not any(values.get(f) for f in ("old_id", "old_code", "old_name")):
        draft.drop(Text("没有写原来的编号、代码或名称", "No old id, code or name"))
    elif not any(values.get(f) for f in ("new_id", "new_code", "new_name")):
        draft.drop(Text("没有写现在的编号、代码或名称", "No new id, code or name"))
    for name in ("old_code", "new_code"):
        if values.get(name) and not _is_code(values[name]):
            draft.drop(
                Text(
                    "代码 {c} 不是 12 位（街道 9 位）数字", "The code {c} is not 12 digits (9 for a street)"
                ).format(c=values[name][:30])
            )
    for name in ("old_id", "new_id"):
        if values.get(name) and not re.fullmatch(r"community/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", values[name]):
            draft.drop(Text("{v} 不是社区编号，如 community/wanghai", "{v} is no id of a community, e.g. community/wanghai").format(v=values[name][:30]))  # fmt: skip


def _list_row(draft: Draft) -> None:
    code = draft.values.get("code", "")
    if code and not _is_code(code):
        draft.drop(
            Text(
                "代码 {c} 不是 12 位（街道 9 位）数字", "The code {c} is not 12 digits (9 for a street)"
            ).format(c=code[:30])
        )


def _is_code(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in (STREET, COMMUNITY)


def _column(field: str, zh: str, en: str, also: Sequence[str]) -> Column:
    return Column(field, Kind.TEXT, Text(zh, en), Text(zh + "。", en + "."), tuple(also))


MAP = Table(
    name="map",
    kind="",
    file="",
    title=Text("社区更名对照表", "map of renames"),
    columns=(
        _column("old_id", "原编号", "old id", ("旧编号",)),
        _column("old_code", "原代码", "old code", ("旧代码", "原区划代码", "变更前代码", "调整前代码", "from code", "from")),
        _column("old_name", "原名称", "old name", ("旧名称", "原社区", "原社区名称", "变更前名称", "调整前名称", "变更前", "调整前", "from name")),
        _column("new_id", "新编号", "new id", ("现编号",)),
        _column("new_code", "新代码", "new code", ("现代码", "新区划代码", "变更后代码", "调整后代码", "to code", "to")),
        _column("new_name", "新名称", "new name", ("现名称", "新社区", "新社区名称", "变更后名称", "调整后名称", "变更后", "调整后", "to name")),
    ),
    keys=(),
    settle=_map_row,
)  # fmt: skip

LIST = Table(
    name="list",
    kind="",
    file="",
    title=Text("社区名单", "official list"),
    columns=(
        Column("code", Kind.TEXT, Text("代码", "code"), Text("统计用区划代码。", "Statistical code."), _CODES, required=True),
        Column("name", Kind.TEXT, Text("名称", "name"), Text("名称。", "Name."), _NAMES, required=True),
    ),
    keys=(),
    settle=_list_row,
)  # fmt: skip


def rename_of(draft: Draft) -> Rename:
    """Return a row of a map."""
    return Rename(draft.row, **{f: draft.values.get(f, "") for f in MAP.by_field})


def entry_of(draft: Draft) -> Entry:
    """Return a row of a list."""
    return Entry(draft.values["code"], draft.values["name"])
