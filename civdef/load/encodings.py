"""Which encoding the text of a foreign file is in, and why: never mojibake in silence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from civdef.errors import ImportRefusedError
from civdef.text import Text

MULTIBYTE = ("gb18030", "cp932", "cp950")
"""Encodings of old files: Chinese, Japanese, Chinese of Taiwan and Hong Kong; tried in this order."""

PLAIN: dict[str, Text] = {
    "utf-8": Text("UTF-8", "UTF-8"),
    "utf-8-sig": Text("带 BOM 的 UTF-8", "UTF-8 with BOM"),
    "utf-16": Text("UTF-16", "UTF-16"),
    "utf-16-le": Text("UTF-16", "UTF-16"),
    "utf-16-be": Text("UTF-16", "UTF-16"),
    "gb18030": Text("GB18030（国标，含 GBK）", "GB18030 (GBK)"),
    "cp932": Text("cp932（日文 Shift_JIS）", "cp932 (Japanese Shift_JIS)"),
    "cp950": Text("cp950（繁体 Big5）", "cp950 (traditional Chinese, Big5)"),
    "cp1252": Text("cp1252（西欧）", "cp1252 (western European)"),
    "ascii": Text("ASCII", "ASCII"),
}

_ALIASES = {"gbk": "gb18030", "gb2312": "gb18030", "936": "gb18030", "cp936": "gb18030", "ansi 936": "gb18030", "shift_jis": "cp932", "sjis": "cp932", "932": "cp932", "big5": "cp950", "950": "cp950", "65001": "utf-8", "utf8": "utf-8", "unicode": "utf-16"}  # fmt: skip

COMMON_ENOUGH = 0.5
"""A reading with fewer common characters than this is hardly right."""

_LONE = re.compile(rb"(?:[\x00-\x7f]*[\x80-\xff](?![\x80-\xff]))*[\x00-\x7f]*")
"""Bytes beyond ASCII that stand alone, as the letters with marks of western languages do."""

CLEAR_LEAD = 0.15
"""The best reading must lead the next by this share of common characters to count as certain."""


@dataclass(frozen=True)
class Reading:
    """An encoding, whether there is no doubt about it, and what to tell of it (None: nothing worth telling)."""

    encoding: str
    note: Text | None = None


def named(asked: str) -> str:
    """Return the codec of an encoding as users, ``.cpg`` files and code pages write it.

    Raises
    ------
    ImportRefusedError
        If there is no such encoding.
    """
    low = asked.strip().lower().replace(" ", "").removeprefix("oem").removeprefix("ansi")
    low = _ALIASES.get(low, low)
    try:
        codec = codecs.lookup(low)
    except (LookupError, ValueError) as error:
        raise ImportRefusedError(
            Text("没有名为 {e} 的文字编码", "There is no encoding {e}").format(e=asked.strip()[:40]),
            hint=Text(
                "可用 utf-8、gb18030、cp932、utf-16 等。", "Use utf-8, gb18030, cp932, utf-16 or the like."
            ),
        ) from error
    if not codec._is_text_encoding:  # Python has no public name for it
        raise ImportRefusedError(Text("{e} 不是文字编码", "{e} is no text encoding").format(e=asked))
    return {"gbk": "gb18030", "gb2312": "gb18030", "hz": "hz"}.get(codec.name, codec.name)


def read_text(data: bytes, asked: str | None, source: str) -> tuple[str, Reading]:
    """Return a file's text and the encoding taken.

    Raises
    ------
    ImportRefusedError
        If the encoding asked for does not fit, or none does.
    """
    if asked is not None:
        codec = named(asked)
        try:
            return data.decode(codec).removeprefix("\ufeff"), Reading(codec)
        except UnicodeDecodeError as error:
            raise _wrong(source, codec, data, error) from error
    for mark, codec in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if data.startswith(mark):
            try:
                return data.decode(codec), Reading(codec)
            except UnicodeDecodeError as error:
                raise _wrong(source, codec, data, error) from error
    wide = _without_mark(data)
    if wide is not None:
        return data.decode(wide), Reading(wide, Text("按 UTF-16 读取", "read as UTF-16"))
    reading = detect([data], source)
    return data.decode(reading.encoding), reading


def detect(texts: Iterable[bytes], source: str, declared: str | None = None) -> Reading:
    """Return the encoding that all of `texts` are in.

    Parameters
    ----------
    declared
        Encoding that the file states for itself (a ``.cpg`` file); taken if it fits, and told if it does not.

    Raises
    ------
    ImportRefusedError
        If none fits.
    """
    found = [t for t in texts if not t.isascii()]
    if not found:
        return Reading("ascii" if declared is None else _codec_or(declared, "ascii"))
    joined = b"\n".join(found)
    stated = _codec_or(declared, "") if declared is not None else ""
    doubt = None
    if stated:
        readable = _decodes(found, stated)
        if readable and (stated.startswith("utf") or _score(joined, stated) > 0.5):
            return Reading(stated)
        doubt = Text("文件声明的编码 {e} 不对", "the encoding {e} that the file states is wrong").format(
            e=PLAIN.get(stated, Text(stated, stated))
        )
    if _decodes(found, "utf-8") and not _only_looks_like_utf8(joined):
        return Reading("utf-8", _told("utf-8", doubt))
    fitting = sorted(
        ((_score(joined, c), -i, c) for i, c in enumerate(MULTIBYTE) if _decodes(found, c)), reverse=True
    )
    if not fitting:
        if _LONE.fullmatch(joined) and _decodes(found, "cp1252"):
            return Reading("cp1252", _told("cp1252", doubt))
        if stated and _decodes(found, stated):
            return Reading(stated)
        raise ImportRefusedError(
            Text("无法识别 {s} 的文字编码", "The text encoding of {s} is not known").format(s=source),
            hint=Text(
                "用 --encoding 写明，如 --encoding gb18030，或另存为 UTF-8。",
                "State it with --encoding, e.g. --encoding gb18030, or save the file as UTF-8.",
            ),
        )
    best = fitting[0]
    if best[0] < COMMON_ENOUGH and _LONE.fullmatch(joined):
        return Reading("cp1252", _told("cp1252", doubt)) if _decodes(found, "cp1252") else Reading("latin-1")
    note = _told(best[2], doubt)
    if len(fitting) > 1 and best[0] - fitting[1][0] < CLEAR_LEAD:
        sample = min(found, key=lambda t: (abs(len(t) - 12), t))[:24]
        note = Text(
            "{n}，但不能肯定：也可能是 {o}（“{a}”或“{b}”）；不对时加 --encoding {c}",
            "{n}, which is not certain: it might be {o} ({a} or {b}); if it is, add --encoding {c}",
        ).format(
            n=note,
            o=PLAIN[fitting[1][2]],
            a=sample.decode(best[2], "replace"),
            b=sample.decode(fitting[1][2], "replace"),
            c=fitting[1][2],
        )
    return Reading(best[2], note)


def _only_looks_like_utf8(data: bytes) -> bool:
    """Whether bytes that read as UTF-8 are rather Chinese words that happen to.

    Two hanzi such as 路 (C2 B7) may pass for one Latin letter in UTF-8. Latin letters with marks stand among plain ones;
    hanzi stand alone.
    """
    text = data.decode("utf-8")
    if any(ord(c) > 0x7FF for c in text) or re.search(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]", text):
        return False
    return _decodes([data], "gb18030") and _score(data, "gb18030") > 1 - CLEAR_LEAD


def _codec_or(declared: str, otherwise: str) -> str:
    try:
        return named(declared)
    except ImportRefusedError:
        return otherwise


def _told(codec: str, doubt: Text | None) -> Text | None:
    name = PLAIN.get(codec, Text(codec, codec))
    if doubt is not None:
        return Text("{d}，按 {e} 读取", "{d}; read as {e}").format(d=doubt, e=name)
    if codec.startswith("utf"):
        return None
    return Text("文字按 {e} 读取", "text read as {e}").format(e=name)


def _wrong(source: str, codec: str, data: bytes, error: UnicodeDecodeError) -> ImportRefusedError:
    line = data.count(b"\n", 0, error.start) + 1
    return ImportRefusedError(
        Text("{s} 第 {n} 行不是 {e} 文字", "Line {n} of {s} is not text in {e}").format(
            s=source, n=line, e=PLAIN.get(codec, Text(codec, codec))
        ),
        hint=Text("去掉 --encoding，由程序识别。", "Leave --encoding out: the encoding is then detected."),
    )


def _decodes(texts: Iterable[bytes], codec: str) -> bool:
    try:
        for text in texts:
            text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(data: bytes) -> str | None:
    """Return the UTF-16 variant of text without a byte order mark: only there do null bytes stand in text."""
    if b"\x00" not in data or len(data) % 2:
        return None
    little, big = data[1::2].count(0), data[0::2].count(0)
    codec = "utf-16-le" if little >= big else "utf-16-be"
    try:
        return codec if "\x00" not in data.decode(codec) else None
    except UnicodeDecodeError:
        return None


def _score(data: bytes, codec: str) -> float:
    """Return the share of non-ASCII characters that are common in the language of an encoding.

    Common: the first level of the national character set (sorted by use), kana, and full-width punctuation. Read in the wrong
    encoding, text scatters over rare characters and private codes.
    """
    text = [c for c in data.decode(codec, "replace") if ord(c) > 127]
    return sum(_common(c, codec) for c in text) / len(text) if text else 1.0


def _common(char: str, codec: str) -> bool:
    if "\u3000" <= char <= "\u3011" or "\uff01" <= char <= "\uff5e":
        return True
    if codec in ("cp932", "shift_jis") and "\u3041" <= char <= "\u30fe":
        return True
    table = {"gb18030": ("gb2312", 0xB0, 0xD7), "cp932": ("cp932", 0x88, 0x97), "cp950": ("big5", 0xA4, 0xC6)}
    if codec not in table:
        return char.isalpha()
    name, first, last = table[codec]
    try:
        raw = char.encode(name)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and first <= raw[0] <= last
