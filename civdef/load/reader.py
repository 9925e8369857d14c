"""What all parts of the loader share: safe file access, and the growing heap of objects, places and faults."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import cast

from civdef.errors import Fault
from civdef.files import digest, reason
from civdef.model.base import Noun
from civdef.source import Origin, Place, SourceMap
from civdef.text import Text, nearest

LOOSE = {"reporting_lines": "reporting-line", "duty": "duty"}
"""Collections without ids of their own → the prefix under which their places are kept."""


class Reader:
    """Reads the files of one workspace.

    Attributes
    ----------
    faults
        Everything found wrong so far.
    sources
        Where each object was written.
    inputs
        File → hash of its bytes.
    found
        Field of the workspace → id → object.
    loose
        Field of the workspace → objects without ids, in file order.
    refused
        Ids of objects that are written, but were refused for a fault of their own.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.sources = SourceMap()
        self.inputs: dict[str, str] = {}
        self.found: dict[str, dict[str, Noun]] = {}
        self.loose: dict[str, list[Noun]] = {name: [] for name in LOOSE}
        self.refused: set[str] = set()

    def bytes_of(self, file: str, *, required: bool, most: int) -> bytes | None:
        """Return a file's bytes; None, with a fault where due, if it is missing, too large or unreadable."""
        path = self.root / file
        try:
            if not path.is_file():
                if path.is_dir() or path.is_symlink():
                    self.fault(
                        "not-a-file",
                        Place(file),
                        Text(
                            "这里应是文件，却是目录或失效的链接",
                            "A folder or a broken link stands where a file should",
                        ),
                        Text("移走它，换成文件", "move it away and put the file there"),
                    )
                elif required:
                    self.fault(
                        "missing-file",
                        Place(file),
                        Text("缺少文件", "The file is missing"),
                        Text(
                            "该文件必须存在（内容可以为空）", "this file must exist (it may be empty of data)"
                        ),
                    )
                return None
            if path.stat().st_size > most:
                size = path.stat().st_size // 1_000_000
                self.fault(
                    "too-large",
                    Place(file),
                    Text("文件过大（{s} MB）", "The file is too large ({s} MB)").format(s=size),
                    Text(f"不超过 {most // 1_000_000} MB", f"at most {most // 1_000_000} MB"),
                )
                return None
            data = path.read_bytes()
        except OSError as error:
            self.fault(
                "unreadable",
                Place(file),
                Text("无法读取：{w}", "Cannot be read: {w}").format(w=reason(error)),
            )
            return None
        self.inputs[file] = digest(data)
        return data

    def text_of(self, file: str, *, required: bool, most: int) -> str | None:
        """Return a UTF-8 file's text; None, with a fault where due."""
        data = self.bytes_of(file, required=required, most=most)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.fault(
                "encoding",
                Place(file, data.count(b"\n", 0, error.start) + 1),
                Text("不是 UTF-8 文字", "Not UTF-8 text"),
                Text("用“另存为 UTF-8”保存", "save it as UTF-8"),
            )
            return None

    def listing(self, folder: str, suffix: str) -> list[str]:
        """Return the files of a folder with an ending, sorted; none for a folder that is not there."""
        path = self.root / folder
        try:
            names = [p.name for p in path.iterdir()] if path.is_dir() else []
        except OSError as error:
            why = reason(error)
            self.fault(
                "unreadable", Place(folder), Text("无法读取：{w}", "Cannot be read: {w}").format(w=why)
            )
            return []
        return sorted(f"{folder}/{n}" for n in names if n.endswith(suffix) and not n.startswith("."))

    def fault(
        self, code: str, place: Place, message: Text, allowed: Text | None = None, near: str | None = None
    ) -> None:
        """Record a fault."""
        self.faults.append(Fault(code, place, message, allowed=allowed, nearest=near))

    def known(self, name: str, known: Collection[str], place: Place, what: Text) -> None:
        """Record a fault unless `name` is one of `known`."""
        if name not in known:
            some = sorted(known)[:12]
            self.fault(
                "dangling-reference",
                place,
                Text("没有名为 {n} 的{w}", "There is no {w} named {n}").format(n=name, w=what),
                Text("、".join(some), ", ".join(some)) if some else None,
                nearest(name, known),
            )

    def keep(self, attribute: str, noun: Noun, origin: Origin) -> bool:
        """Keep an object under its id, or record a fault for a wrong or repeated id and return False."""
        object_id: str = noun.id  # type: ignore[attr-defined]
        kind = cast(str, getattr(noun, "KIND", ""))
        place = origin.place(("id",))
        if kind and object_id.partition("/")[0] != kind:
            self.fault(
                "wrong-id",
                place,
                Text("标识 {i} 的前缀不对", "Id {i} has the wrong prefix").format(i=object_id),
                Text(f"{kind}/名称", f"{kind}/name"),
            )
            return False
        earlier = self.sources.place(object_id)
        if earlier is not None:
            self.fault(
                "duplicate-id",
                place,
                Text("标识 {i} 重复，首次出现在 {p}", "Id {i} is used twice, first at {p}").format(
                    i=object_id, p=earlier
                ),
                Text("每个对象用不同的标识", "a different id for each object"),
            )
            return False
        self.found.setdefault(attribute, {})[object_id] = noun
        self.sources.add(object_id, origin)
        return True

    def refuse(self, object_id: object) -> None:
        """Remember that an object of this id is written, so that references to it are not called dangling."""
        if isinstance(object_id, str):
            self.refused.add(object_id)

    def keep_loose(self, attribute: str, noun: Noun, origin: Origin) -> None:
        """Keep an object that has no id."""
        self.sources.add(f"{LOOSE[attribute]}/{len(self.loose[attribute])}", origin)
        self.loose[attribute].append(noun)
