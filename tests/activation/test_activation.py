"""Shifts, stand-ins, travel, triggers and the call tree."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from civdef.activation.calltree import alert_channel, backups_of, call_tree, muster_channel
from civdef.activation.chain import chain_of, holder_of, members_of
from civdef.activation.duty import on_duty, role_of, shift_at, travel_min
from civdef.activation.triggers import plans_started
from civdef.load import load_workspace
from civdef.model.response import ResponseSettings
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from tests import toy_town

DUTY = """\
date,shift,role,person
2026-11-04,night,commander,person/deng
2026-11-04,night,driver,person/chen
2026-11-05,day,commander,person/bo
"""
NIGHT = dt.datetime(2026, 11, 5, 2, 0)
DAY = dt.datetime(2026, 11, 5, 9, 0)
EMPTY = dt.datetime(2026, 11, 9, 9, 0)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    more = toy_town.ORGANISATION.replace("tries", "tries") + (
        "  - {id: channel/radio, name: {zh: 电台, en: Radio}, kind: radio, call_min: 1, answer_share: 1, backup: channel/runner}\n"
        "  - {id: channel/runner, name: {zh: 通信员, en: Runner}, kind: runner, call_min: 9, answer_share: 1, backup: channel/radio}\n"
        "  - {id: channel/wechat, name: {zh: 微信, en: Messenger}, kind: messenger, call_min: 1, answer_share: 1, simultaneous: true}\n"
    )
    root: Path = tmp_path_factory.mktemp("town")
    return load_workspace(toy_town.write(root, {"plans/duty.csv": DUTY, "plans/organisation.yaml": more}))


@pytest.mark.parametrize(
    ("when", "date", "shift"),
    [
        (dt.datetime(2026, 11, 5, 7, 59), dt.date(2026, 11, 4), "night"),
        (dt.datetime(2026, 11, 5, 8, 0), dt.date(2026, 11, 5), "day"),
        (dt.datetime(2026, 11, 5, 17, 59), dt.date(2026, 11, 5), "day"),
        (dt.datetime(2026, 11, 5, 18, 0), dt.date(2026, 11, 5), "night"),
        (dt.datetime(2026, 11, 1, 0, 0), dt.date(2026, 10, 31), "night"),
    ],
)
def test_the_night_shift_belongs_to_the_evening_before(when: dt.datetime, date: dt.date, shift: str) -> None:
    assert shift_at(when, ResponseSettings()) == (date, shift)


def test_on_duty_follows_date_shift_and_role(town: Workspace) -> None:
    assert on_duty(town, NIGHT) == ("person/deng", "person/chen")
    assert on_duty(town, NIGHT, "driver") == ("person/chen",)
    assert on_duty(town, DAY) == ("person/bo",)
    assert on_duty(town, EMPTY) == ()
    assert role_of("post/duty-officer") == "duty_officer"


def test_whoever_is_on_duty_stands_before_the_holder_and_the_stand_ins(town: Workspace) -> None:
    assert chain_of(town, "post/commander", EMPTY) == ("person/an", "person/bo")
    assert chain_of(town, "post/commander", NIGHT) == ("person/deng", "person/an", "person/bo")
    assert holder_of(town, "post/commander", NIGHT) == "person/deng"
    assert holder_of(town, "post/commander", EMPTY) == "person/an"
    assert holder_of(town, "post/nobody", EMPTY) is None


def test_chains_of_bodies(town: Workspace) -> None:
    assert chain_of(town, "group/evacuation", EMPTY) == ("person/bo", "person/chen")
    assert chain_of(town, "team/toy", EMPTY) == ("person/chen",)
    assert chain_of(town, "headquarters/street", EMPTY) == ("person/an", "person/bo")
    assert chain_of(town, "group/none", EMPTY) == ()
    assert members_of(town, "group/evacuation", EMPTY) == ("person/bo", "person/chen")
    assert members_of(town, "team/toy", EMPTY) == ("person/chen", "person/deng")
    assert members_of(town, "headquarters/street", EMPTY) == ("person/an",)


def test_stand_ins_in_a_circle_end(tmp_path: Path) -> None:
    circle = toy_town.ORGANISATION.replace(
        "holder: person/an, stand_ins: [person/bo]", "holder: person/an, stand_ins: [post/evacuation-head]"
    ).replace("holder: person/bo, stand_ins: [person/chen]", "holder: person/bo, stand_ins: [post/commander]")
    ws = load_workspace(toy_town.write(tmp_path, {"plans/organisation.yaml": circle}))
    assert chain_of(ws, "post/commander", EMPTY) == ("person/an", "person/bo")
    assert chain_of(ws, "post/evacuation-head", EMPTY) == ("person/bo", "person/an")


def test_travel_by_day_part(town: Workspace) -> None:
    person = town.people["person/an"]
    assert travel_min(person, DayPart.NIGHT, at_post=False) == 10
    assert travel_min(person, DayPart.HOLIDAY, at_post=False) == 10
    assert travel_min(person, DayPart.WORKDAY, at_post=False) == 5
    assert travel_min(person, DayPart.NIGHT, at_post=True) == 0


def test_a_trigger_starts_its_plan_on_its_own_scale_only(town: Workspace) -> None:
    (start,) = plans_started(town, "observation", "felt")
    assert (start.plan.id, start.level, start.trigger.id) == ("plan/toy", 2, "quake")
    assert plans_started(town, "warning_colour", "felt") == ()
    assert plans_started(town, "observation", "felt", hazard="flood") == ()


def test_the_call_tree_names_channels_backups_and_people(town: Workspace) -> None:
    (call,) = call_tree(town, town.plans["plan/toy"], 2, EMPTY)
    assert (call.caller, call.target, call.people) == (
        "post/commander",
        "group/evacuation",
        ("person/bo", "person/chen"),
    )
    assert call.channel is not None
    assert call.channel.id == "channel/phone"
    assert call.backups == ()


def test_a_circle_of_backups_ends(town: Workspace) -> None:
    assert backups_of(town, town.channels["channel/radio"]) == ("channel/runner",)
    phone, messenger = alert_channel(town), muster_channel(town)
    assert phone is not None
    assert phone.id == "channel/phone"
    assert messenger is not None
    assert messenger.id == "channel/wechat"
