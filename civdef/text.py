"""Interface text in both languages.

A message is written once, where it is used, as ``Text(zh, en)``; a missing half is a type error.
Names that come from data are :class:`civdef.model.base.Name` and may lack one language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in Chinese and English.

    Both halves are templates for :meth:`str.format`; give the same fields to both.
    """

    zh: str
    en: str

    def format(self, **fields: object) -> Text:
        """Fill the template; a field that is itself a :class:`Text` or has ``in_`` is rendered per language."""
        return Text(
            self.zh.format(**{k: render(v, "zh") for k, v in fields.items()}),
            self.en.format(**{k: render(v, "en") for k, v in fields.items()}),
        )

    def in_(self, lang: Lang) -> str:
        """Return the half in `lang`."""
        return self.zh if lang == "zh" else self.en


def render(value: object, lang: Lang) -> object:
    """Return `value` in `lang` if it knows languages, else unchanged (so number formats still apply)."""
    in_ = getattr(value, "in_", None)
    return in_(lang) if callable(in_) else value


def listing(items: Iterable[object], most: int = 8) -> Text:
    """Join `items` the way each language does, and count what was cut."""
    found = list(items)
    shown = found[:most]
    zh = _joined([str(render(i, "zh")) for i in shown], "、", "；")
    en = _joined([str(render(i, "en")) for i in shown], ", ", "; ")
    if len(found) > most:
        zh = f"{apart(zh).lstrip()}等 {len(found)} 项"
        en += f" and {len(found) - most} more"
    return Text(zh, en)


def _joined(items: list[str], mark: str, stronger: str) -> str:
    """Join with the mark, or with the stronger one where an item holds the mark itself."""
    return (stronger if any(mark in i for i in items) else mark).join(items)


def apart(name: str) -> str:
    """Return a name with a space at each end that is a Latin letter or a digit, as it is set among Chinese characters."""
    before = " " if name[:1] < "\u2e80" and name[:1].isalnum() else ""
    after = " " if name[-1:] < "\u2e80" and name[-1:].isalnum() else ""
    return f"{before}{name}{after}"


def percent(value: float) -> str:
    """Return a share in percent, as it is written in both languages: no space; 0 and 100 only if nothing is there, or missing."""
    if value in (0.0, 100.0) or 0.05 <= value <= 99.95:
        return f"{value:.1f}%".replace(".0%", "%")
    return f"{min(max(value, 0.01), 99.99):.2f}%" if 0 < value < 100 else f"{value:.0f}%"


def nearest(wanted: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `wanted`, or None if none is alike: what "did you mean" offers, everywhere."""
    from difflib import get_close_matches

    names = list(known)
    kind, slash, local = wanted.partition("/")
    if slash:  # the kind is the same in all of them and would make any two alike
        same = {n.partition("/")[2]: n for n in names if n.startswith(f"{kind}/")}
        found = get_close_matches(local, list(same), n=1)
        if found:
            return same[found[0]]
        names = [n for n in names if not n.startswith(f"{kind}/")]
    found = get_close_matches(wanted, names, n=1)
    return found[0] if found else None
