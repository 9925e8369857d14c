"""Every reference in the model, found from the type annotations (:class:`civdef.model.base.RefTo`)."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from civdef.errors import Fault
from civdef.model.base import Noun, RefTo
from civdef.model.workspace import Workspace
from civdef.source import Path, Place, SourceMap
from civdef.text import Text, nearest


def references(noun: Noun) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Yield (path, id, allowed kinds) for every reference inside `noun`."""
    for name, alias, hint in _hints(type(noun)):
        yield from _walk(hint, getattr(noun, name), (alias,))


@cache
def _hints(cls: type[Noun]) -> tuple[tuple[str, str, Any], ...]:
    """Return (field, name in the file, annotation) of the fields that can hold references."""
    hints = get_type_hints(cls, include_extras=True)
    found = []
    for name, info in cls.model_fields.items():
        if _may_refer(hints[name]):
            found.append((name, info.alias or name, hints[name]))
    return tuple(found)


def _may_refer(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return any(isinstance(m, RefTo) for m in hint.__metadata__) or _may_refer(get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, Noun):
        return bool(_hints(hint))
    return any(_may_refer(a) for a in get_args(hint))


def _kinds(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Annotated:
        own = tuple(k for m in hint.__metadata__ if isinstance(m, RefTo) for k in m.kinds)
        return own or _kinds(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(k for a in get_args(hint) for k in _kinds(a))
    return ()


def _walk(hint: Any, value: Any, path: Path) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    if value is None:
        return
    if isinstance(value, str):
        kinds = _kinds(hint)
        if kinds:
            yield path, value, kinds
    elif isinstance(value, Noun):
        for name, alias, inner in _hints(type(value)):
            yield from _walk(inner, getattr(value, name), (*path, alias))
    elif isinstance(value, tuple):
        element = _element(hint)
        for i, item in enumerate(value):
            yield from _walk(element, item, (*path, i))


def _element(hint: Any) -> Any:
    """Return the element type of a (possibly optional, annotated) tuple."""
    if get_origin(hint) is Annotated:
        return _element(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return next((_element(a) for a in get_args(hint) if get_origin(a) in (tuple, Annotated)), typing.Any)
    return get_args(hint)[0] if get_args(hint) else typing.Any


def check_references(workspace: Workspace) -> list[Fault]:
    """Return a fault for every reference that leads nowhere or to the wrong kind of thing."""
    faults: list[Fault] = []
    known = _Known(dict(workspace.collections()))
    for _, found in workspace.collections():
        for object_id, noun in found.items():
            for path, target, kinds in references(noun):
                fault = _check(target, kinds, known)
                if fault:
                    code, message, allowed, near = fault
                    place = workspace.sources.place(object_id, path) or Place("?")
                    faults.append(Fault(code, place, message, target, allowed, near))
    for i, line in enumerate(workspace.reporting_lines):
        faults.extend(_loose(line, f"reporting-line/{i}", known, workspace.sources))
    for i, shift in enumerate(workspace.duty):
        faults.extend(_loose(shift, f"duty/{i}", known, workspace.sources))
    return faults


class _Known:
    """The ids there are, and the nearest one to a name that is not among them."""

    SEARCHES = 50
    """So many names get a full search; a table cut short has thousands, and each search reads every id."""

    def __init__(self, ids: Mapping[str, Mapping[str, Noun]]) -> None:
        self.ids = ids
        self._near: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def near(self, target: str, kinds: tuple[str, ...]) -> str | None:
        """Return the id nearest to `target`, if any is near."""
        key = (target, kinds)
        if key not in self._near:
            choices = [i for k in dict.fromkeys(kinds) for i in self.ids[k]]
            full = len(choices) < 5000 and len(self._near) < self.SEARCHES
            self._near[key] = nearest(target, choices) if full else _near_in_order(target, choices)
        return self._near[key]


def _loose(noun: Noun, key: str, known: _Known, sources: SourceMap) -> Iterator[Fault]:
    for path, target, kinds in references(noun):
        fault = _check(target, kinds, known)
        if fault:
            code, message, allowed, near = fault
            yield Fault(code, sources.place(key, path) or Place("?"), message, target, allowed, near)


def _check(
    target: str, kinds: tuple[str, ...], known: _Known
) -> tuple[str, Text, Text | None, str | None] | None:
    kind = target.partition("/")[0]
    if kind in kinds and target in known.ids[kind]:
        return None
    near = known.near(target, kinds)
    expected = ", ".join(f"{k}/…" for k in dict.fromkeys(kinds))
    if kind not in kinds:
        return (
            "wrong-kind-of-reference",
            Text("{t} 不是此处可用的对象", "{t} is not the kind of thing that may stand here").format(
                t=target
            ),
            Text(expected, expected),
            near,
        )
    return (
        "dangling-reference",
        Text("找不到 {t}", "There is no {t}").format(t=target),
        Text(
            f"已有的 {kind}/…（{len(known.ids[kind])} 个）",
            f"one of the {len(known.ids[kind])} {kind}/… of the workspace",
        ),
        near,
    )


def _near_in_order(target: str, choices: list[str]) -> str | None:
    """Return a near name from a long sorted list by looking at its neighbours only."""
    import bisect

    at = bisect.bisect_left(choices, target)
    return nearest(target, choices[max(0, at - 20) : at + 20])
