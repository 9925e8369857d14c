"""Who is on duty at an hour, and how long anybody needs to get to the place of duty."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from civdef.model.organisation import Person
from civdef.model.response import ResponseSettings
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace

Shift = Literal["day", "night"]


def shift_at(when: dt.datetime, settings: ResponseSettings) -> tuple[dt.date, Shift]:
    """Return the date and shift of the rota that `when` falls into.

    The night shift belongs to the date on which it begins: 02:00 on the 5th is the night of the 4th.
    """
    if settings.day_shift_from_hour <= when.hour < settings.day_shift_to_hour:
        return when.date(), "day"
    early = when.hour < settings.day_shift_from_hour
    return when.date() - dt.timedelta(days=1 if early else 0), "night"


def on_duty(workspace: Workspace, when: dt.datetime, role: str | None = None) -> tuple[str, ...]:
    """Return the people whom the duty rota names for `when`, in the order of the rota, each once.

    Parameters
    ----------
    workspace
        Its `duty` is the rota.
    when
        Local time.
    role
        Only this role of the rota.
    """
    date, shift = shift_at(when, workspace.settings.response)
    found = [
        s.person
        for s in workspace.duty
        if s.date == date and s.shift == shift and (role is None or s.role == role)
    ]
    return tuple(dict.fromkeys(found))


def role_of(post_id: str) -> str:
    """Return the role of the rota that stands for a post: ``post/duty-officer`` is ``duty_officer``."""
    return post_id.partition("/")[2].replace("-", "_")


def travel_min(person: Person, day_part: DayPart, *, at_post: bool) -> float:
    """Return the time a person needs to reach the place of duty [min]: none when already on duty.

    On a working day people come from work, at night and on holidays from home.
    """
    if at_post:
        return 0.0
    return person.travel_workday_min if day_part is DayPart.WORKDAY else person.travel_night_min
