"""The one door by which text from data enters a folium page.

folium puts tooltip and popup text into a JavaScript template literal, where ``html.escape`` does not help: ``${…}`` runs,
and one odd name can stop the whole script. Here text travels as JSON and becomes a text node. A test looks for folium's
own ``Popup`` and ``Tooltip`` elsewhere.
"""

from __future__ import annotations

import json
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template


def script_json(data: Any) -> str:
    """Return JSON that may stand inside a ``<script>`` element: no ``<``, ``>`` or ``&``, no line separators.

    Raises
    ------
    ValueError
        For NaN or infinity.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


class Payload(MacroElement):
    """A document embedded once as a data block; scripts read it with ``JSON.parse``.

    Parameters
    ----------
    element_id
        Id of the ``<script type="application/json">`` element.
    data
        The document.
    """

    _template = Template(
        """{% macro html(this, kwargs) %}<script type="application/json" id="{{ this.element_id }}">{{ this.text }}</script>{% endmacro %}"""
    )

    def __init__(self, element_id: str, data: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Payload"
        self.element_id = element_id
        self.text = script_json(data)


class SafeTooltip(folium.Tooltip):
    """A tooltip whose text is a text node."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {{ this._parent.get_name() }}.bindTooltip((function () {
            var node = document.createElement("div"); node.textContent = {{ this.text|tojson }}; return node;
        })(), {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, text: str, **options: Any) -> None:
        super().__init__("", **options)
        self.text = text


class SafePopup(folium.Popup):
    """A popup whose text is a text node; line breaks are kept."""

    _template = Template(
        """
        var {{ this.get_name() }} = L.popup({{ this.options|tojavascript }}).setContent((function () {
            var node = document.createElement("div"); node.style.whiteSpace = "pre-line";
            node.textContent = {{ this.text|tojson }}; return node;
        })());
        {{ this._parent.get_name() }}.bindPopup({{ this.get_name() }});
        """
    )

    def __init__(self, text: str, **options: Any) -> None:
        super().__init__(None, **options)
        self.text = text


class Viewer(MacroElement):
    """Starts the page's own script on the map and the payload."""

    _template = Template(
        """{% macro script(this, kwargs) %}civdef.start({{ this._parent.get_name() }}, {{ this.element_id|tojson }});{% endmacro %}"""
    )

    def __init__(self, element_id: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Viewer"
        self.element_id = element_id
