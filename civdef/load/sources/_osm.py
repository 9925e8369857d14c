"""OpenStreetMap files: XML and PBF, plain or packed with gzip or bzip2. The content decides, not the name."""

from __future__ import annotations

import bz2
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from civdef.errors import ImportRefusedError, installing
from civdef.files import reason
from civdef.intake.osm.records import Box, Extract, LonLat, Member, Node, Relation, Way
from civdef.text import Text

MAX_BYTES = 300_000_000
"""Largest file read [bytes]."""

MAX_PLAIN_BYTES = 1_500_000_000
"""Largest content of a packed file [bytes]."""

MAX_NODES = 4_000_000
"""A street office's extract has some ten thousand nodes; more than this is a large city or a province."""

_KINDS: dict[str, Literal["n", "w", "r"]] = {"n": "n", "w": "w", "r": "r"}
_ROOT = re.compile(rb"<([A-Za-z][\w.:-]*)")
_INLINE = re.compile(
    rb"""<center\b[^<>]*/>|<nd (?:lat|lon)=["'][^"'<>]*["'] (?:lat|lon)=["'][^"'<>]*["']\s*/>"""
)
"""Coordinates that Overpass writes into members of relations (``out geom``) and areas (``out center``); osmium refuses them."""

_OTHER = {
    "graphml": Text(" GraphML（已加工成路网，房屋、场所和原始编号都不在其中）", "GraphML, a network already processed, without buildings, places and original ids"),
    "html": Text("网页（可能是下载失败的提示页）", "a web page, perhaps of a download that failed"),
    "kml": Text(" KML，请用 civdef import roads 等命令", "KML; use civdef import roads and the like"),
    "gpx": Text(" GPX 轨迹", "a GPX track"),
    "osmchange": Text("OpenStreetMap 改动文件，不是数据", "an OpenStreetMap change file, not data"),
}  # fmt: skip


def read_osm(path: Path, progress: Callable[[float], None] | None = None) -> Extract:
    """Return everything in an OpenStreetMap file; nodes without tags only as the vertices of ways.

    The order of the objects does not matter. Of several versions of an object the newest counts; deleted ones do not.

    Parameters
    ----------
    progress
        Called with the share done, 0 to 1.

    Raises
    ------
    ImportRefusedError
        If the file is missing, too large, damaged, or holds something else.
    """
    data, kind = _content(path)
    say = progress or (lambda _share: None)
    say(0.1)
    try:
        return _parse(data, kind, path.name, say)
    except ImportRefusedError:
        raise
    except Exception as error:  # osmium raises many kinds; all mean the same to the user
        lines = str(error).splitlines()
        why = lines[0][:200] if lines else type(error).__name__
        raise ImportRefusedError(
            Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=why),
            hint=Text("文件可能没有下载完整，请重新下载。", "The file may be incomplete: download it again."),
        ) from error


def _content(path: Path) -> tuple[bytes, str]:
    """Return the unpacked content and its format, ``osm`` or ``pbf``."""
    try:
        if not path.exists():
            raise ImportRefusedError(Text("没有文件 {f}", "There is no file {f}").format(f=path))
        if not path.is_file():
            raise ImportRefusedError(Text("{f} 不是文件", "{f} is no file").format(f=path))
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path)
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefusedError(
            Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=reason(error))
        ) from error
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, path, zlib.decompressobj(wbits=31))
    elif data[:3] == b"BZh":
        data = _unpacked(data, path, bz2.BZ2Decompressor())
    if b"OSMHeader" in data[:40]:
        return data, "pbf"
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    root = _ROOT.search(head) if head[:1] == b"<" else None
    name = root[1].decode("ascii").lower() if root else ""
    if name == "osm":
        return _INLINE.sub(b"", data) if b"Overpass" in head else data, "osm"
    what = _OTHER.get(name)
    if what is None:
        what = (
            Text("空文件", "an empty file") if not head
            else Text("ZIP 压缩包，请先解压", "a ZIP archive: unpack it first") if head[:2] == b"PK"
            else Text("JSON，请改为下载 XML（.osm）", "JSON: download XML (.osm) instead") if head[:1] in b"{["
            else Text("其他内容", "something else")
        )  # fmt: skip
    raise ImportRefusedError(
        Text("{f} 不是 OpenStreetMap 数据文件，而是{w}", "{f} is no OpenStreetMap data but {w}").format(
            f=path.name, w=what
        ),
        hint=Text(
            "需要 .osm 或 .osm.pbf，可再压缩为 .gz 或 .bz2。",
            "Needed: .osm or .osm.pbf, also packed as .gz or .bz2.",
        ),
    )


def _unpacked(data: bytes, path: Path, unpacker: Any) -> bytes:
    """Return what a packed file holds, never more than the limit."""
    parts: list[bytes] = []
    size = 0
    try:
        while True:
            room = MAX_PLAIN_BYTES - size + 1
            part = unpacker.decompress(data, min(room, 64_000_000))
            parts.append(part)
            size += len(part)
            if size > MAX_PLAIN_BYTES:
                raise _too_large(path)
            if unpacker.eof:
                data = unpacker.unused_data
                if not data.strip(b"\0"):
                    break
                unpacker = bz2.BZ2Decompressor() if data[:3] == b"BZh" else zlib.decompressobj(wbits=31)
                continue
            data = getattr(unpacker, "unconsumed_tail", b"")
            if not data and (not part or getattr(unpacker, "needs_input", True)):
                raise EOFError("cut short")
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefusedError(
            Text("{f} 的压缩数据已损坏：{w}", "The packed data of {f} is damaged: {w}").format(
                f=path.name, w=str(error)[:200]
            ),
            hint=Text("请重新下载。", "Download it again."),
        ) from error
    return b"".join(parts)


def _parse(data: bytes, kind: str, source: str, say: Callable[[float], None]) -> Extract:
    try:
        import osmium
    except ImportError as error:
        raise ImportRefusedError(
            Text("读取 OpenStreetMap 数据需要安装附加组件", "Reading OpenStreetMap data needs an extra"),
            hint=installing("gis"),
        ) from error

    box = osmium.io.Reader(osmium.io.FileBuffer(data, kind), osmium.osm.NOTHING).header().box()
    say(0.2)
    spots: dict[int, LonLat] = {}
    inline: dict[int, LonLat] = {}
    nodes: dict[int, Node] = {}
    drawn: dict[int, tuple[dict[str, str], tuple[int, ...]]] = {}
    relations: dict[int, Relation] = {}
    read = {"nodes": 0, "ways": 0, "relations": 0}
    for item in osmium.FileProcessor(osmium.io.FileBuffer(data, kind)):
        if isinstance(item, osmium.osm.Node):
            read["nodes"] += 1
            if read["nodes"] > MAX_NODES:
                raise _too_large(Path(source))
            place = item.location
            if item.visible and place.valid():
                spots[item.id] = (place.x / 1e7, place.y / 1e7)
                if item.tags:
                    nodes[item.id] = Node(item.id, *spots[item.id], dict(item.tags))
        elif isinstance(item, osmium.osm.Way):
            read["ways"] += 1
            if item.visible:
                drawn[item.id] = dict(item.tags), tuple(n.ref for n in item.nodes)
                if item.nodes and item.nodes[0].location.valid():  # coordinates on ways, which need no nodes
                    for n in item.nodes:
                        if n.location.valid():
                            inline[n.ref] = (n.location.x / 1e7, n.location.y / 1e7)
        elif isinstance(item, osmium.osm.Relation):
            read["relations"] += 1
            if item.visible:
                members = tuple(Member(_KINDS[m.type], m.ref, m.role) for m in item.members)
                relations[item.id] = Relation(item.id, dict(item.tags), members)
    spots = inline | spots
    ways = {i: Way(i, tags, refs, tuple(map(spots.get, refs))) for i, (tags, refs) in sorted(drawn.items())}
    say(1.0)
    if not nodes and all(c is None for way in ways.values() for c in way.coords):
        raise ImportRefusedError(
            Text("{f} 中没有可用的地图对象", "There is nothing on the map of {f}").format(f=source),
            hint=Text("检查下载的范围。", "Check the area that was downloaded."),
        )
    return Extract(
        source,
        tuple(nodes[i] for i in sorted(nodes)),
        ways,
        dict(sorted(relations.items())),
        _bounds(box),
        read,
    )


def _bounds(box: Any) -> Box | None:
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    found = (low.lon, low.lat, high.lon, high.lat)
    return found if found[0] < found[2] and found[1] < found[3] else None


def _too_large(path: Path) -> ImportRefusedError:
    return ImportRefusedError(
        Text("{f} 过大：civdef 只需要一个街道的范围", "{f} is too large: civdef needs the area of one street office only").format(f=path.name),
        hint=Text(
            "先截取街道范围，例如 osmium extract -b 西,南,东,北 大文件 -o 街道.osm.pbf。",
            "Cut out your area first, e.g. osmium extract -b WEST,SOUTH,EAST,NORTH BIG -o street.osm.pbf.",
        ),
    )  # fmt: skip
