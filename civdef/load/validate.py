"""Plain data → nouns; every validation error becomes a fault with its place and what is allowed."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from civdef.errors import Fault
from civdef.model.base import Noun
from civdef.source import Origin, Path
from civdef.text import Text, nearest

T = TypeVar("T", bound=Noun)

_MESSAGES: dict[str, tuple[Text, Text | None]] = {
    "missing": (Text("缺少 {field}", "{field} is missing"), Text("填写该字段", "give this field")),
    "extra_forbidden": (Text("不认识的字段 {field}", "Unknown field {field}"), None),
    "int_parsing": (
        Text("{field} 不是整数：{value}", "{field} is not a whole number: {value}"),
        Text("整数", "a whole number"),
    ),
    "int_type": (
        Text("{field} 不是整数：{value}", "{field} is not a whole number: {value}"),
        Text("整数", "a whole number"),
    ),
    "int_from_float": (
        Text("{field} 不是整数：{value}", "{field} is not a whole number: {value}"),
        Text("整数", "a whole number"),
    ),
    "float_parsing": (
        Text("{field} 不是数字：{value}", "{field} is not a number: {value}"),
        Text("数字", "a number"),
    ),
    "float_type": (
        Text("{field} 不是数字：{value}", "{field} is not a number: {value}"),
        Text("数字", "a number"),
    ),
    "finite_number": (
        Text("{field} 不是有限数：{value}", "{field} is not finite: {value}"),
        Text("数字", "a number"),
    ),
    "bool_parsing": (
        Text("{field} 不是是/否值：{value}", "{field} is not true or false: {value}"),
        Text("true 或 false", "true or false"),
    ),
    "bool_type": (
        Text("{field} 不是是/否值：{value}", "{field} is not true or false: {value}"),
        Text("true 或 false", "true or false"),
    ),
    "string_type": (
        Text("{field} 应为文字：{value}", "{field} must be text: {value}"),
        Text("文字（数字请加引号）", "text (put quotes around digits)"),
    ),
    "string_too_short": (Text("{field} 为空", "{field} is empty"), Text("非空文字", "some text")),
    "string_pattern_mismatch": (
        Text("{field} 的格式不对：{value}", "{field} has the wrong form: {value}"),
        Text("符合格式 {pattern}", "text of the form {pattern}"),
    ),
    "enum": (
        Text("{field} 的值不在允许范围：{value}", "{field} is not an allowed value: {value}"),
        Text("{expected}", "{expected}"),
    ),
    "literal_error": (
        Text("{field} 的值不在允许范围：{value}", "{field} is not an allowed value: {value}"),
        Text("{expected}", "{expected}"),
    ),
    "greater_than": (
        Text("{field} 过小：{value}", "{field} is too small: {value}"),
        Text("大于 {gt}", "more than {gt}"),
    ),
    "greater_than_equal": (
        Text("{field} 过小：{value}", "{field} is too small: {value}"),
        Text("不小于 {ge}", "at least {ge}"),
    ),
    "less_than": (
        Text("{field} 过大：{value}", "{field} is too large: {value}"),
        Text("小于 {lt}", "less than {lt}"),
    ),
    "less_than_equal": (
        Text("{field} 过大：{value}", "{field} is too large: {value}"),
        Text("不大于 {le}", "at most {le}"),
    ),
    "too_short": (
        Text("{field} 的项数太少", "{field} has too few items"),
        Text("至少 {min_length} 项", "at least {min_length}"),
    ),
    "tuple_type": (Text("{field} 应为列表", "{field} must be a list"), Text("列表", "a list")),
    "dict_type": (Text("{field} 应为“键: 值”结构", "{field} must be a mapping"), None),
    "model_type": (Text("{field} 应为“键: 值”结构：{value}", "{field} must be a mapping: {value}"), None),
    "value_error": (Text("{field}：{error}", "{field}: {error}"), None),
}
_DATES = ("date_", "datetime_")

_REASONS: dict[str, str] = {
    "a name needs zh, en or both": "名称至少要有中文或英文之一",
    "an estimate needs low <= likely <= high": "三点估计应满足 最短 ≤ 一般 ≤ 最长",
    "children + elderly exceed residents": "儿童与老人之和超过户内人数",
    "floating or assisted exceed residents": "流动人口或需协助人数超过户内人数",
    "until_min must be later than at_min": "结束时间应晚于开始时间",
    "limit must not be stricter than target": "下限不得严于目标",
    "the year must be 1900 to 2200": "年份应在 1900 至 2200 之间",
}


def build(
    cls: type[T],
    data: Mapping[str, Any],
    origin: Origin,
    faults: list[Fault],
    *,
    rename: Mapping[str, str] | None = None,
) -> T | None:
    """Build one noun; on failure add a fault for each error and return None.

    Parameters
    ----------
    rename
        Field of the model → name used in the file, for messages (``name`` → ``name_zh``).
    """
    try:
        return cls.model_validate(data)
    except ValidationError as error:
        for detail in _merged(error.errors(include_url=False)):
            faults.append(_fault(cls, detail, origin, rename or {}))
        return None


def _merged(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Keep one error for each place: a union reports every alternative it tried."""
    seen: dict[Path, ErrorDetails] = {}
    for detail in details:
        seen.setdefault(_path(detail), detail)
    return list(seen.values())


def _path(detail: ErrorDetails) -> Path:
    keep: list[str | int] = []
    for part in detail["loc"]:
        if isinstance(part, str) and (
            part.startswith(("function-", "constrained-", "tagged-")) or part.endswith("]")
        ):
            continue
        keep.append(part)
    return tuple(keep)


def _fault(cls: type[Noun], detail: ErrorDetails, origin: Origin, rename: Mapping[str, str]) -> Fault:
    kind = detail["type"]
    path = _path(detail)
    if path and isinstance(path[0], str) and path[0] in rename:
        path = (rename[path[0]], *path[1:])
    field = ".".join(str(p + 1) if isinstance(p, int) else p for p in path) or cls.__name__
    value = _short(detail.get("input"))
    context = {k: v for k, v in (detail.get("ctx") or {}).items() if k != "error"}
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    fill = {
        "field": field,
        "value": value,
        "expected": expected,
        "pattern": "",
        **{k: str(v) for k, v in context.items() if k != "expected"},
    }
    if kind.startswith(_DATES):
        message = Text("{field} 不是有效日期：{value}", "{field} is not a valid date: {value}").format(**fill)
        allowed: Text | None = Text("形如 2026-11-01 的日期", "a date such as 2026-11-01")
    elif kind == "value_error":
        reason = detail["msg"].removeprefix("Value error, ")
        where = field if path else cls.__name__
        message = Text(f"{where}：{_REASONS.get(reason, reason)}", f"{where}: {reason}")
        allowed = None
    elif kind in _MESSAGES:
        template, allow = _MESSAGES[kind]
        message = _fill(template, fill)
        allowed = _fill(allow, fill) if allow else None
    else:
        message = Text(f"{field}：{detail['msg']}", f"{field}: {detail['msg']}")
        allowed = None
    near = None
    if kind == "extra_forbidden" and path:
        near = nearest(str(path[-1]), _fields_at(cls, path[:-1]) | set(rename.values()))
    elif kind in ("enum", "literal_error") and isinstance(detail.get("input"), str):
        near = nearest(str(detail["input"]), [e.strip() for e in expected.split(",")])
    return Fault(kind.replace("_", "-"), origin.place(path), message, value, allowed, near)


def _fill(template: Text, fill: Mapping[str, str]) -> Text:
    return template.format(**fill)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@cache
def _fields_at(cls: type[Noun], path: Path) -> set[str]:
    """Return the field names (aliases where set) of the model found under `path` of `cls`."""
    if not path:
        return {f.alias or n for n, f in cls.model_fields.items()}
    head = path[0]
    if isinstance(head, int):
        return _fields_at(cls, path[1:])
    for name, info in cls.model_fields.items():
        if head in (name, info.alias):
            inner = _noun_in(info.annotation)
            return _fields_at(inner, path[1:]) if inner else set()
    return set()


def _noun_in(annotation: Any) -> type[Noun] | None:
    if isinstance(annotation, type) and issubclass(annotation, Noun):
        return annotation
    for part in typing.get_args(annotation):
        found = _noun_in(part)
        if found is not None:
            return found
    return None
