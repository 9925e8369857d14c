"""An offline map page: folium's map in a page of our own that has no way to a URL.

folium hangs links to public delivery networks on its page, and gives every element a random name. Here a page takes an
asset by its *name* from the vendored files (an unknown name is an error), names are counted, every script carries the
nonce of the page's content security policy, and the nonce is a hash of the page: same input, same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from html import escape
from importlib.resources import files as package_files
from typing import Any

from branca.element import Element, Figure, Link
from folium import Map
from folium.template import Template

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'"
)
"""Content security policy of a map page: only scripts of this page run, and nothing is fetched."""

ASSETS = {
    "leaflet": "assets/leaflet/leaflet.js",
    "leaflet_css": "assets/leaflet/leaflet.css",
    "viewer_css": "viewer/viewer.css",
    "viewer_core": "viewer/core.js",
    "viewer_paint": "viewer/paint.js",
    "viewer_labels": "viewer/labels.js",
    "viewer_pick": "viewer/pick.js",
    "viewer_panel": "viewer/panel.js",
    "viewer_start": "viewer/start.js",
}
"""What a page may contain: asset name → file of this package."""


class UnbundledAssetError(LookupError):
    """A map element asked for a script or style that is not vendored; there is no way to a URL."""


@lru_cache(maxsize=len(ASSETS))
def asset(name: str) -> str:
    """Return the text of a vendored script or style, safe to stand inside its element.

    Raises
    ------
    UnbundledAssetError
        If it is not in `ASSETS`.
    """
    if name not in ASSETS:
        raise UnbundledAssetError(f"no bundled asset {name!r}: vendor it with its licence first")
    path = package_files("civdef.render").joinpath(ASSETS[name])
    text = path.read_text(encoding="utf-8")
    if ASSETS[name].endswith(".css"):
        folder = ASSETS[name].rpartition("/")[0]
        return re.sub(r"url\(([^)#]+)\)", lambda m: f"url({_data_uri(folder, m[1])})", text)
    return text.replace("</script", "<\\/script")


def _data_uri(folder: str, name: str) -> str:
    name = name.strip("'\" ")
    data = package_files("civdef.render").joinpath(f"{folder}/{name}").read_bytes()
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


class _Header(Element):  # type: ignore[misc, unused-ignore]
    """The head of a page: turns links into vendored text as they come in."""

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Element:
        if isinstance(child, Link):
            child = _Inline(name or "")
        return super().add_child(child, name=name, index=index)


class _Inline(Element):  # type: ignore[misc, unused-ignore]
    """A vendored script or style."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.code = asset(name)
        self.is_script = ASSETS[name].endswith(".js")

    def render(self, **kwargs: Any) -> str:
        return self.code


class OfflinePage(Figure):  # type: ignore[misc, unused-ignore]
    """A page that contains everything it needs and asks for nothing.

    Parameters
    ----------
    title
        Text of the browser's title bar.
    lang
        Language of the page, as in ``<html lang>``.
    """

    def __init__(self, title: str, lang: str) -> None:
        super().__init__(title=title)
        self.header = _Header()
        self.header._parent = self
        self.lang = lang

    def render(self, **kwargs: Any) -> str:
        """Return the page; the same elements give the same bytes."""
        _number(self)
        for child in self._children.values():
            child.render(**kwargs)
        parts = list(self.header._children.values())
        styles = [p.code for p in parts if isinstance(p, _Inline) and not p.is_script]
        scripts = [p.code for p in parts if isinstance(p, _Inline) and p.is_script]
        loose = [p for p in parts if not isinstance(p, _Inline)]
        if loose:
            raise UnbundledAssetError(f"{len(loose)} elements write into the page's head by themselves")
        body = self.html.render(**kwargs)
        scripts.append(self.script.render(**kwargs))
        digest = hashlib.sha256("\0".join([*styles, body, *scripts]).encode("utf-8")).digest()
        nonce = base64.b64encode(digest[:18]).decode("ascii")
        head = "".join(f"<style>\n{s}\n</style>\n" for s in styles)
        code = "".join(f'<script nonce="{nonce}">\n{s}\n</script>\n' for s in scripts)
        return (
            f'<!DOCTYPE html>\n<html lang="{"zh-CN" if self.lang == "zh" else "en"}">\n<head>\n'
            f'<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(nonce=nonce)}">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="referrer" content="no-referrer">\n'
            f"<title>{escape(self.title or '')}</title>\n{head}</head>\n<body>\n{body}\n{code}</body>\n</html>\n"
        )


def _number(page: Figure) -> None:
    """Give every element a counted name instead of a random one."""
    count = 0
    waiting: list[Element] = list(page._children.values())
    while waiting:
        element = waiting.pop(0)
        element._id = f"civdef_{count}"
        count += 1
        waiting.extend(element._children.values())


class OfflineMap(Map):  # type: ignore[misc, unused-ignore]
    """folium's map with vendored Leaflet, canvas drawing, no tiles, no jQuery and no Bootstrap.

    Parameters
    ----------
    title, lang
        See :class:`OfflinePage`.
    assets
        Names of further vendored scripts and styles, in order.
    options
        Leaflet map options in folium's spelling.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id={{ this.get_name()|tojson }}></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
            Object.assign({center: {{ this.location|tojson }}}, {{ this.options|tojavascript }}));
        {{ this.get_name() }}.attributionControl.setPrefix("Leaflet");
        {% endmacro %}
        """
    )

    def __init__(self, title: str, lang: str, assets: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(location=(0.0, 0.0), tiles=None, prefer_canvas=True, **options)
        names = ("leaflet_css", "leaflet", *assets)
        self.default_css = [(n, "") for n in names if ASSETS[n].endswith(".css")]
        self.default_js = [(n, "") for n in names if ASSETS[n].endswith(".js")]
        OfflinePage(title, lang).add_child(self)

    def page(self) -> str:
        """Return the finished page."""
        text: str = self.get_root().render()
        return text
