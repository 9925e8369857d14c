"""The parts that rules share: calendars, stated times, laws, schedules, contents, and one real plan's outline."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.audit.calendar import months_after, months_before, working_days
from civdef.audit.contents import contents
from civdef.audit.laws import plain_title, register
from civdef.audit.reach import Evacuation
from civdef.audit.schedule import peak, schedule
from civdef.audit.standards import chinese_number
from civdef.audit.times import stated_times_min
from civdef.load.texts import parse_text
from civdef.model.town import DayPart
from tests.audit.town import files, load

DATES = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


def test_months() -> None:
    assert months_before(dt.date(2026, 5, 31), 3) == dt.date(2026, 2, 28)
    assert months_before(dt.date(2024, 5, 31), 3) == dt.date(2024, 2, 29)
    assert months_before(dt.date(2026, 1, 15), 13) == dt.date(2024, 12, 15)
    assert months_after(dt.date(2025, 11, 30), 3) == dt.date(2026, 2, 28)


@given(DATES, st.integers(0, 240))
def test_months_there_and_back_lose_at_most_three_days(day: dt.date, months: int) -> None:
    assert 0 <= (day - months_after(months_before(day, months), months)).days <= 3


@given(DATES, st.integers(0, 900))
def test_working_days_agree_with_counting(day: dt.date, days: int) -> None:
    end = day + dt.timedelta(days=days)
    counted = sum((day + dt.timedelta(days=i)).weekday() < 5 for i in range(1, days + 1))
    assert working_days(day, end) == counted
    assert working_days(end, day) == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("值班员20分钟内电话首报", (20,)),
        ("十五分钟内到场，两小时内完成，二十分钟", (15, 120, 20)),
        ("半小时内、一个半小时、1个小时", (30, 90, 60)),
        ("一百二十分钟；1.5小时", (120, 90)),
        ("雪停后四小时内", (240,)),
        ("三日内、24天、2026年5月12日、第3分队、小时候", ()),
        ("3至5分钟到场", (5,)),
    ],
)
def test_stated_times(text: str, minutes: tuple[float, ...]) -> None:
    assert stated_times_min(text) == minutes


@given(st.integers(1, 180))
def test_stated_times_in_both_scripts(minutes: int) -> None:
    assert stated_times_min(f"{minutes}分钟内") == (minutes,)
    assert stated_times_min(f"{chinese_number(minutes)}分钟内") == (minutes,)


def test_articles_in_chinese() -> None:
    found = [chinese_number(n) for n in (1, 10, 11, 20, 28, 63, 100, 101, 110, 115)]
    assert found == [
        "一",
        "十",
        "十一",
        "二十",
        "二十八",
        "六十三",
        "一百",
        "一百零一",
        "一百一十",
        "一百一十五",
    ]
    with pytest.raises(ValueError, match="numbered from 1"):
        chinese_number(0)


def test_laws_are_found_however_they_are_written() -> None:
    laws = register({})
    day = dt.date(2026, 11, 1)
    for title in ("中华人民共和国突发事件应对法", "《突发事件应对法》", "突发事件应对法（2024年修订）"):
        assert laws.right_years(title, day) == (2024,)
    assert plain_title("《中华人民共和国 消防法》") == "消防法"
    assert laws.right_years("没有的法", day) == ()
    assert laws.right_years("突发事件应对法", dt.date(2024, 10, 31)) == (2007, 2024)
    own = register({"中华人民共和国突发事件应对法": 2030, "某市条例": 2022})
    assert own.right_years("突发事件应对法", day) == (2030,)
    assert own.right_years("某市条例", day) == (2022,)
    for known in ("人民防空法", "安全生产法", "生产安全事故应急条例"):
        version = laws.version(known)
        assert version is not None
        assert version.source


def test_the_schedule_worked_by_hand(tmp_path: Path) -> None:
    workspace = load(tmp_path, files())
    plan = workspace.plans["plan/toy"]
    slots = schedule(plan, 2)
    # activate 0-2, call 2-3, warn 3-6, pump 3-33
    spans = {name: (s.start_min, s.end_min) for name, s in slots.items()}
    assert spans == {"activate": (0, 2), "call": (2, 3), "warn": (3, 6), "pump": (3, 33)}
    assert slots["pump"].chain == ("activate", "call", "pump")
    people, busy = peak(slots, lambda t: t.needs.people)
    assert (people, [s.task.id for s in busy]) == (4, ["warn", "pump"])
    assert peak({}, lambda t: 1) == (0, ())


def test_the_balance_is_that_of_the_evacuation_question(tmp_path: Path) -> None:
    from civdef.evacuate.question import Question, ask
    from civdef.graph.roads import build_street_network

    workspace = load(tmp_path, files())
    network = build_street_network(workspace)
    for time in DayPart:
        asked = ask(workspace, network, Question("plan/toy", time)).problem
        balance = Evacuation(workspace).balance(workspace.plans["plan/toy"], time)
        assert balance is not None
        assert (balance.persons, balance.places) == (asked.persons.sum(), asked.places.sum())


OUTLINE = {
    "warning_release": "3.3 预警发布", "info_reporting": "4.1 信息报告", "command_coordination": "4.3 指挥协调",
    "leading_body": "2.1 领导机构", "working_body": "2.2 工作机构", "onscene_command": "2.5 现场指挥机构",
    "evacuation_and_resettlement": "4.5 疏散与安置", "tiered_response": "4.2 分级响应", "recovery": "5.2 恢复重建",
    "supplies": "6.3 物资保障", "risk_prevention": "3.1 风险防控",
}  # fmt: skip
"""Element of the outline → the heading that it stands for."""


@pytest.mark.real_data
def test_a_real_plan_s_outline_lacks_what_readers_found(real_data: Path) -> None:
    """The table of contents of a street's published plan: no heading for evacuation and placement, and only that."""
    outline = json.loads((real_data / "plans" / "cn_street_plan_nanxiashu_outline.json").read_text("utf-8"))
    present = [h for element, h in OUTLINE.items() if outline["elements"][element]]
    text = parse_text("# 总体应急预案\n\n" + "\n".join(f"### {h}" for h in present), "outline.md")
    missing = {c.id for c in contents() if not c.found(text)}
    assert missing == {"evacuation"}
    assert "evacuation" in " ".join(outline["expected_audit_findings"])
    year = 2007
    assert year not in register({}).right_years("突发事件应对法", dt.date(2024, 11, 1))
