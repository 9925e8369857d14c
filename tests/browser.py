"""Open a page in headless Chromium with the network cut, and see what it does.

Used to show that civdef's pages make no network request, raise no error, and look right::

    with Browser(path_to_chromium) as chromium:
        page = chromium.open(Path("out/index.html"), width=1280, height=800)
        assert page.requests == [] and page.errors == []
        page.screenshot(Path("shot.png"))

Chromium is driven through its own DevTools protocol: no driver program and no download. The network is cut twice:
every host name resolves to nothing, and each page is set offline. A request is recorded even though it fails.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import websocket

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--metrics-recording-only",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
    "--password-store=basic",
    "--use-mock-keychain",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--remote-debugging-address=127.0.0.1",
)

NOT_NETWORK = ("data:", "blob:", "about:")


class BrowserError(AssertionError):
    """The browser did not start, did not answer, or refused a command."""


class Browser:
    """A headless Chromium with a fresh profile; a context manager."""

    def __init__(self, executable: str, timeout_s: float = 30.0) -> None:
        self.executable = executable
        self.timeout_s = timeout_s
        self._profile = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: websocket.WebSocket | None = None
        self._next_id = 0
        self._pages: dict[str, Page] = {}

    def __enter__(self) -> Browser:
        self._profile = tempfile.mkdtemp(prefix="civdef-browser-")
        log = Path(self._profile) / "chromium.log"
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                [self.executable, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=os.name == "posix",
            )
        try:
            self._connect(log)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self, log: Path) -> None:
        port_file = Path(self._profile) / "DevToolsActivePort"
        deadline = time.monotonic() + self.timeout_s
        lines: list[str] = []
        while len(lines) < 2:
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise BrowserError(f"the browser did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
            lines = port_file.read_text().split() if port_file.exists() else []
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{lines[0]}{lines[1]}",
            timeout=self.timeout_s,
            suppress_origin=True,
            http_no_proxy=["127.0.0.1"],
        )

    def close(self) -> None:
        """End the browser and remove its profile."""
        if self._socket is not None:
            with contextlib.suppress(BrowserError, OSError, websocket.WebSocketException):
                self.send("Browser.close")
            self._socket.close()
            self._socket = None
        if self._process is not None:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        for _ in range(20):  # helper processes may write their last files a moment longer
            shutil.rmtree(self._profile, ignore_errors=True)
            if not Path(self._profile).exists():
                break
            time.sleep(0.1)

    def open(self, page: Path | str, *, width: int = 1280, height: int = 800, settle_s: float = 0.3) -> Page:
        """Open a local file, wait until it has loaded and been quiet for `settle_s`, and return it."""
        url = Path(page).resolve().as_uri()
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        opened = Page(self, session, url)
        self._pages[session] = opened
        for domain in ("Page", "Runtime", "Log", "Network"):
            opened.send(f"{domain}.enable")
        opened.send(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )
        opened.resize(width, height)
        answer = opened.send("Page.navigate", url=url)
        if answer.get("errorText"):
            raise BrowserError(f"{url}: {answer['errorText']}")
        self._pump_until(lambda: opened.loaded, f"{url} did not load within {self.timeout_s} s")
        opened.settle(settle_s)
        return opened

    # The protocol: numbered commands, answers with the same number, and events in between.

    def send(self, method: str, session: str | None = None, /, **params: Any) -> dict[str, Any]:
        """Send one command and return its answer; events that come in between are recorded."""
        if self._socket is None:
            raise BrowserError("the browser is closed")
        self._next_id += 1
        number = self._next_id
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        self._socket.send(json.dumps(message))
        deadline = time.monotonic() + self.timeout_s
        while time.monotonic() < deadline:
            got = self._receive(deadline - time.monotonic())
            if got is not None and got.get("id") == number:
                if "error" in got:
                    raise BrowserError(f"{method}: {got['error'].get('message')}")
                result: dict[str, Any] = got["result"]
                return result
        raise BrowserError(f"{method}: no answer within {self.timeout_s} s")

    def _receive(self, timeout_s: float) -> dict[str, Any] | None:
        assert self._socket is not None
        self._socket.settimeout(max(timeout_s, 0.001))
        try:
            text = self._socket.recv()
        except websocket.WebSocketTimeoutException:
            return None
        if not text:
            raise BrowserError("the browser closed the connection")
        message: dict[str, Any] = json.loads(text)
        page = self._pages.get(message.get("sessionId", ""))
        if page is not None and "method" in message:
            page.record(message["method"], message["params"])
        return message

    def _pump_until(self, done: Any, complaint: str) -> None:
        deadline = time.monotonic() + self.timeout_s
        while not done():
            if time.monotonic() > deadline:
                raise BrowserError(complaint)
            self._receive(min(1.0, deadline - time.monotonic()))

    def pump(self, quiet_s: float) -> None:
        """Record events until none has come for `quiet_s`."""
        deadline = time.monotonic() + self.timeout_s
        while time.monotonic() < deadline and self._receive(quiet_s) is not None:
            pass


class Page:
    """One open page.

    Attributes
    ----------
    requests
        Every address asked for besides the page itself, data: and blob: addresses, whether it failed or not.
    errors
        Uncaught exceptions, `console.error` and the browser's own error messages (a policy that blocked something).
    """

    def __init__(self, browser: Browser, session: str, url: str) -> None:
        self.browser = browser
        self.url = url
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.loaded = False
        self._session = session

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a DevTools command to this page."""
        return self.browser.send(method, self._session, **params)

    def record(self, method: str, params: dict[str, Any]) -> None:
        """Take note of one event."""
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            self._request(params["request"]["url"])
        elif method == "Network.webSocketCreated":
            self._request(params["url"])
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            words = (str(a.get("value", a.get("description", ""))) for a in params["args"])
            self.errors.append(f"console.{params['type']}: " + " ".join(words))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())

    def _request(self, url: str) -> None:
        if url.partition("#")[0] != self.url and not url.startswith(NOT_NETWORK):
            self.requests.append(url)

    def settle(self, quiet_s: float = 0.3) -> None:
        """Wait until the page has been quiet for `quiet_s`."""
        self.browser.pump(quiet_s)

    def evaluate(self, expression: str) -> Any:
        """Run JavaScript (a promise is awaited) and return its value.

        Raises
        ------
        BrowserError
            If the script throws.
        """
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def resize(self, width: int, height: int) -> None:
        """Set the size of the window's inside, in CSS pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, path: Path, *, whole_page: bool = False) -> Path:
        """Write a PNG of what the window shows, or of the whole page."""
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole_page)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    def click(self, x: float, y: float) -> None:
        """Click the left button at a place in the window, in CSS pixels."""
        for kind, buttons in (("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)):
            self.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="none" if kind == "mouseMoved" else "left",
                buttons=buttons,
                clickCount=0 if kind == "mouseMoved" else 1,
            )
        self.settle(0.1)

    def press(self, key: str) -> None:
        """Press and release one named key, e.g. ``Tab`` or ``Escape``."""
        codes = {
            "Tab": 9,
            "Enter": 13,
            "Escape": 27,
            "ArrowLeft": 37,
            "ArrowUp": 38,
            "ArrowRight": 39,
            "ArrowDown": 40,
        }
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            extra = text if kind == "keyDown" else {}
            self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=codes[key], **extra)
        self.settle(0.1)

    def close(self) -> None:
        """Close the page."""
        self.send("Page.close")
