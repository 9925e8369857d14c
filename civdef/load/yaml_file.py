"""YAML 1.2 → plain data and the line and column of every value.

Built from libyaml's parser events rather than a constructor: duplicate keys, aliases, anchors, tags, several
documents and absurd nesting are faults with a place, nothing is ever constructed but mappings, lists and scalars, and
plain scalars are read by YAML 1.2's core schema, whatever the parser's own age (docs/adr/0007).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from civdef.errors import Fault
from civdef.source import Path, Place
from civdef.text import Text

MAX_DEPTH = 40
MAX_BYTES = 8_000_000

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}


@dataclass
class YamlDocument:
    """One parsed file: `data`, `marks` (path → line and column, 1-based) and `faults`."""

    data: Any = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def scalar(text: str) -> Any:
    """Return a plain scalar as YAML 1.2's core schema reads it: null, bool, int, float or text.

    Times (``12:30``), ``no`` and leading zeros other than octal-free integers stay what people wrote.
    """
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if _INT.fullmatch(text):
        return int(text) if len(text) < 19 else text
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def parse_yaml(text: str, file: str) -> YamlDocument:
    """Parse `text`; everything wrong goes to the document's `faults`, with `data` None where nothing is usable."""
    import yaml  # noqa: TID251 - the one place that parses YAML
    from yaml.error import MarkedYAMLError, YAMLError  # noqa: TID251

    document = YamlDocument()
    builder = _Builder(document, file)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.feed(event)
            if builder.stopped:
                break
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        document.faults.append(
            Fault(
                "yaml-syntax",
                place,
                Text("YAML 语法错误：{why}", "YAML syntax error: {why}").format(
                    why=error.problem or str(error)
                ),
                allowed=Text(
                    "检查缩进（只用空格）、冒号后的空格、引号是否成对",
                    "check indentation (spaces only), the space after a colon, and paired quotes",
                ),
            )
        )
        document.data = None
    except (YAMLError, RecursionError, ValueError) as error:
        document.faults.append(
            Fault(
                "yaml-syntax",
                Place(file),
                Text("无法读取 YAML：{why}", "Cannot read YAML: {why}").format(why=str(error)[:200]),
            )
        )
        document.data = None
    return document


class _Builder:
    """Builds data from events with an explicit stack."""

    def __init__(self, document: YamlDocument, file: str) -> None:
        self.document = document
        self.file = file
        self.stack: list[tuple[Any, Path]] = []
        self.keys: list[Any] = []
        self.documents = 0
        self.stopped = False

    def feed(self, event: Any) -> None:
        """Take one parser event."""
        kind = type(event).__name__
        at = (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                self._fault(
                    "yaml-documents", at, Text("一个文件只能有一个 YAML 文档", "One YAML document per file")
                )
                self.stopped = True
        elif kind == "AliasEvent":
            self._fault(
                "yaml-alias",
                at,
                Text(
                    "不允许使用 YAML 别名（*）和锚点（&）", "YAML aliases (*) and anchors (&) are not allowed"
                ),
                Text("把内容直接写出来", "write the value out"),
            )
            self._put(None, at)
        elif kind == "ScalarEvent":
            self._properties(event, at)
            plain = event.style in (None, "")
            self._put(scalar(event.value) if plain else event.value, at)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._properties(event, at)
            if len(self.stack) >= MAX_DEPTH:
                self._fault("yaml-depth", at, Text("嵌套过深", "Nested too deeply"))
                self.stopped = True
                return
            container: Any = {} if kind == "MappingStartEvent" else []
            path = self._put(container, at)
            self.stack.append((container, path))
            self.keys.append(None)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
            self.keys.pop()

    def _properties(self, event: Any, at: tuple[int, int]) -> None:
        if getattr(event, "anchor", None):
            self._fault(
                "yaml-alias", at, Text("不允许使用 YAML 锚点（&）", "YAML anchors (&) are not allowed")
            )
        if getattr(event, "tag", None):
            self._fault(
                "yaml-tag",
                at,
                Text("不允许使用 YAML 标签 {tag}", "YAML tag {tag} is not allowed").format(tag=event.tag),
            )

    def _put(self, value: Any, at: tuple[int, int]) -> Path:
        if not self.stack:
            self.document.data = value
            self.document.marks.setdefault((), at)
            return ()
        container, path = self.stack[-1]
        if isinstance(container, list):
            here = (*path, len(container))
            container.append(value)
            self.document.marks[here] = at
            return here
        key = self.keys[-1]
        if key is None:
            if isinstance(value, (dict, list)) or value is None:
                self._fault("yaml-key", at, Text("键必须是文字", "A key must be text"))
                value = "?"
            key = str(value)
            if key in container:
                self._fault(
                    "duplicate-key",
                    at,
                    Text("键 {key} 重复出现", "Key {key} appears twice").format(key=key),
                    Text("每个键只写一次", "write each key once"),
                )
            self.keys[-1] = (key, at)
            return path
        name, key_at = key
        self.keys[-1] = None
        here = (*path, name)
        container.setdefault(name, value)
        self.document.marks.setdefault(here, at if isinstance(value, (str, int, float, bool)) else key_at)
        return here

    def _fault(self, code: str, at: tuple[int, int], message: Text, allowed: Text | None = None) -> None:
        self.document.faults.append(Fault(code, Place(self.file, at[0], at[1]), message, allowed=allowed))
