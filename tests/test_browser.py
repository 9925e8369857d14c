"""The browser helper itself: what it is there to catch, it catches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser, BrowserError

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium(browser: str) -> Iterator[Browser]:
    with Browser(browser) as started:
        yield started


def page(folder: Path, body: str, head: str = "") -> Path:
    path = folder / "页面 1.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{head}<body>{body}", encoding="utf-8")
    return path


def test_a_quiet_page_is_quiet(chromium: Browser, tmp_path: Path) -> None:
    opened = chromium.open(page(tmp_path, "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))
    assert opened.requests == []
    assert opened.errors == []


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("<img src='http://tiles.invalid/1.png'>", "http://tiles.invalid/1.png"),
        ("<script src='https://cdn.invalid/a.js'></script>", "https://cdn.invalid/a.js"),
        ("<link rel=stylesheet href='https://cdn.invalid/a.css'>", "https://cdn.invalid/a.css"),
        ("<script>fetch('https://api.invalid/x').catch(() => 0)</script>", "https://api.invalid/x"),
        ("<script>new WebSocket('wss://ws.invalid/x')</script>", "wss://ws.invalid/x"),
        ("<style>body{background:url(https://bg.invalid/b.png)}</style>", "https://bg.invalid/b.png"),
        (
            "<script>setTimeout(() => { new Image().src = 'http://late.invalid/' }, 50)</script>",
            "http://late.invalid/",
        ),
    ],
)
def test_a_request_is_caught(chromium: Browser, tmp_path: Path, body: str, address: str) -> None:
    assert chromium.open(page(tmp_path, body)).requests == [address]


def test_a_file_beside_the_page_counts_as_a_request(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "beside.js").write_text("window.beside = 1")
    opened = chromium.open(page(tmp_path, "<script src='beside.js'></script>"))
    assert opened.requests == [(tmp_path / "beside.js").as_uri()]
    assert opened.evaluate("window.beside") == 1


def test_a_thrown_error_is_caught(chromium: Browser, tmp_path: Path) -> None:
    (error,) = chromium.open(page(tmp_path, "<script>throw new Error('broken 坏了')</script>")).errors
    assert "broken 坏了" in error


def test_a_console_error_and_a_rejected_promise_are_caught(chromium: Browser, tmp_path: Path) -> None:
    body = "<script>console.error('said so', 7); Promise.reject(new Error('nobody listened'))</script>"
    errors = "\n".join(chromium.open(page(tmp_path, body)).errors)
    assert "said so 7" in errors
    assert "nobody listened" in errors


def test_a_blocked_inline_script_is_an_error(chromium: Browser, tmp_path: Path) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    opened = chromium.open(page(tmp_path, "<script>window.ran = 1</script>", policy))
    assert any("Content Security Policy" in error for error in opened.errors)
    assert opened.evaluate("window.ran") is None


def test_evaluate_click_press_and_screenshot(chromium: Browser, tmp_path: Path) -> None:
    body = """<button style='position:fixed;left:100px;top:50px;width:80px;height:40px'
              onclick='window.clicked=(window.clicked||0)+1'>按</button>
              <script>addEventListener('keydown', e => { window.key = e.key })</script>"""
    opened = chromium.open(page(tmp_path, body), width=640, height=360)
    assert opened.evaluate("[innerWidth, innerHeight]") == [640, 360]
    opened.click(140, 70)
    opened.press("Escape")
    assert opened.evaluate("[window.clicked, window.key]") == [1, "Escape"]
    assert opened.evaluate("new Promise(r => setTimeout(() => r('later'), 20))") == "later"
    shot = opened.screenshot(tmp_path / "shots" / "a.png").read_bytes()
    assert shot[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(shot[16:20], "big"), int.from_bytes(shot[20:24], "big")) == (640, 360)
    with pytest.raises(BrowserError, match="no such thing"):
        opened.evaluate("throw new Error('no such thing')")


def test_two_pages_do_not_mix(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    loud = chromium.open(page(tmp_path / "a", "<script>throw new Error('loud')</script>"))
    quiet = chromium.open(page(tmp_path, "quiet"))
    assert len(loud.errors) == 1
    assert quiet.errors == []


def test_a_missing_page_is_an_error(chromium: Browser, tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="ERR_FILE_NOT_FOUND"):
        chromium.open(tmp_path / "absent.html")


def test_a_browser_that_does_not_start_says_why(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho no display today\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(BrowserError, match="no display today"), Browser(str(fake)):
        pass
