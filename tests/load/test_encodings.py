"""Encodings: the right one taken, wrong statements noticed, doubts told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.errors import ImportRefusedError
from civdef.load.encodings import detect, named, read_text

CHINESE = "名称,地址\n望海社区居民委员会,明泽湖街道湖滨路12号\n幸福里小区,䶮路𠮷巷1号\n"
JAPANESE = "name,start\n0新大橋通り,1\nサンプル首都高速,2\n"
TAIWANESE = "避難收容處所名稱,村里\n北市大附小,黎明里\n臺北市中正區公園路,光復里\n"


@pytest.mark.parametrize(
    ("text", "encoding", "taken"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (CHINESE, "gb18030", "gb18030"),
        (JAPANESE, "cp932", "cp932"),
        (JAPANESE, "utf-8", "utf-8"),
        (TAIWANESE, "cp950", "cp950"),
        ("a,b\n1,2\n", "ascii", "ascii"),
        ("name\nKäpylä\nMannerheimintie\n", "utf-8", "utf-8"),
        ("name\nMüller\nKäpylä\nÅngström\n", "latin-1", "cp1252"),
        ("路\n", "gb18030", "gb18030"),
    ],
)
def test_the_text_comes_back_whole(text: str, encoding: str, taken: str) -> None:
    got, reading = read_text(text.encode(encoding), None, "f.csv")
    assert got == text
    assert reading.encoding == taken
    plain = taken.startswith("utf-8") or taken in ("utf-16", "ascii")
    assert (reading.note is None) == plain  # anything unusual is told


def test_what_cannot_be_certain_is_told_with_the_other_reading() -> None:
    _, reading = read_text("桂林街道".encode("gb18030"), None, "f.csv")
    assert reading.encoding == "gb18030"
    assert reading.note is not None
    assert "not certain" in reading.note.en
    assert "--encoding cp950" in reading.note.en


@given(
    st.lists(
        st.sampled_from(
            ["社区", "街道办事处", "湖滨路", "幸福里", "第二小学", "卫生服务中心", "消防站", "建设大街"]
        ),
        min_size=2,
    )
)
def test_ordinary_chinese_is_never_taken_for_japanese(words: list[str]) -> None:
    text = "，".join(words)
    assert read_text(text.encode("gb18030"), None, "f")[0] == text


def test_a_wrong_statement_is_noticed() -> None:
    reading = detect([w.encode("gb18030") for w in CHINESE.split(",")], "f.shp", "UTF-8")
    assert reading.encoding == "gb18030"
    assert reading.note is not None
    assert "wrong" in reading.note.en
    right = detect([w.encode("gb18030") for w in CHINESE.split(",")], "f.shp", "GBK")
    assert (right.encoding, right.note) == ("gb18030", None)


def test_an_encoding_asked_for_is_taken_or_refused() -> None:
    assert read_text(JAPANESE.encode("cp932"), "shift_jis", "f")[0] == JAPANESE
    with pytest.raises(ImportRefusedError, match="Line 2"):
        read_text(("a\n" + CHINESE).encode("gb18030"), "utf-8", "f")
    with pytest.raises(ImportRefusedError, match="no encoding"):
        named("klingon")
    with pytest.raises(ImportRefusedError, match="no text encoding"):
        named("base64")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, reading = read_text(data, None, "f")
    except ImportRefusedError:
        return
    assert isinstance(text, str)
    assert reading.encoding
