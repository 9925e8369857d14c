"""The lawful siren signals, blast by blast."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from civdef.drill.result import Sounding
from civdef.text import Text


@dataclass(frozen=True, slots=True)
class Pattern:
    """A signal: `repeats` times `on_s` seconds of sound and `off_s` seconds of silence."""

    on_s: float
    off_s: float
    repeats: int
    name: Text

    @property
    def length_s(self) -> float:
        """Whole length, the last silence included [s]."""
        return (self.on_s + self.off_s) * self.repeats


PATTERNS = {
    "pre_alert": Pattern(36, 24, 3, Text("预先警报", "pre-alert")),
    "air_raid": Pattern(6, 6, 15, Text("空袭警报", "air-raid warning")),
    "all_clear": Pattern(180, 0, 1, Text("解除警报", "all-clear")),
    "disaster": Pattern(60, 30, 2, Text("灾情警报", "disaster warning")),
}
"""Signal → pattern.

Sources
-------
Pre-alert, air-raid warning and all-clear: publications of five city civil-defence offices, all agreeing; each lasts 180 s.
The disaster warning differs by province: a planning value of the same length.
"""


def sounding(signal: str, start_s: float) -> Sounding:
    """Return every blast of a signal that starts at `start_s` [s].

    Raises
    ------
    KeyError
        For a signal that does not exist.
    """
    pattern = PATTERNS[signal]
    period = pattern.on_s + pattern.off_s
    blasts = [(start_s + k * period, start_s + k * period + pattern.on_s) for k in range(pattern.repeats)]
    return Sounding(signal=signal, start_s=start_s, end_s=start_s + pattern.length_s, on_s=blasts)


def notice_days(start: dt.datetime, notice: dt.date | None) -> float | None:
    """Return how many days before the drill the public was told; None: not told."""
    return None if notice is None else float((start.date() - notice).days)


def audible_range_m(level_dbc: float, audible_dbc: float, loss_db: float) -> float:
    """Return how far a siren warns [m].

    Parameters
    ----------
    level_dbc
        Level at 100 ft (30.5 m) [dB(C)].
    audible_dbc
        Level that still warns [dB(C)].
    loss_db
        Loss for each doubling of the distance [dB].

    Sources
    -------
    Rating point at 100 ft and 10 dB per doubling: CPG 1-17 as used by makers; the values are settings.
    """
    return float(30.5 * 2.0 ** ((level_dbc - audible_dbc) / loss_db))
