"""People in the same clock: told, leaving, walking, waiting, inside; nobody is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civdef.drill.prepare import find_drill, prepare
from civdef.drill.result import DrillResult
from civdef.drill.run import run
from civdef.errors import InfeasibleError
from tests import toy_town
from tests.drill.street import (
    ACTIVATE,
    CALL,
    EVACUATE,
    MUSTER,
    SETTINGS,
    WARN,
    done,
    kinds,
    plan,
    play,
    scenario,
    task,
    workspace,
)

ALL = (ACTIVATE, CALL, MUSTER, WARN, EVACUATE)
OPEN = task("open", "open_shelter", "team/toy", "call", needs="{people: 2}", duration_min="6")


def _closed(minutes: float = 3, key: str | None = None) -> str:
    """Return the shelters with the northern one shut: it takes `minutes` to open, with or without a key holder."""
    layers = toy_town.maps()["maps/shelters.geojson"]
    layers[0]["properties"] |= {"open_min": minutes, "team": "team/toy"} | (
        {"key_holder": key} if key else {}
    )
    return toy_town.collection(layers)


def _everybody(result: DrillResult) -> None:
    people = result.people
    assert people is not None
    assert people.persons == 14
    assert people.arrived_persons + people.left_over_persons == 14
    assert sum(row.persons for row in people.left_over) == people.left_over_persons
    assert sum(s.persons for s in result.shelters) == people.arrived_persons
    assert all(s.persons <= s.places for s in result.shelters)
    assert sum(c.persons for c in result.communities) == 14


def test_everybody_arrives_when_the_walk_says_so(tmp_path: Path) -> None:
    """The loudspeaker's message is out at 3; homes are left at 4; the last of 14 is in after the longest walk.

    Households 1 (4, with children at 1.07 m/s) and 2 (3, with one elderly at 0.85) go north, 3 (5) and 4 (2)... whoever
    the assignment sends where, nobody walks more than 280 m at 0.85 m/s and nobody less than 40 m at 1.34.
    """
    result = play(
        tmp_path, plan(ACTIVATE, WARN, task("lead", "evacuate", "post/commander", "warn")), scenario()
    )
    _everybody(result)
    assert result.measures["warned_share_min"] == 3.0
    assert result.measures["warned_share"] == 1.0
    assert result.measures["placed_share"] == 1.0
    first, last = result.measures["first_arrival_min"], result.measures["clearance_min"]
    assert first is not None
    assert last is not None
    assert 4.0 + 40 / 1.34 / 60 - 0.01 <= first < last <= 4.0 + 280 / 0.85 / 60 + 0.1
    assert result.measures["p95_arrival_min"] == last


def test_one_household_next_to_the_door_to_the_second(tmp_path: Path) -> None:
    """Household 4 lives 40 m from the southern door (10 m to the lane, 30 m along it): 29.85 s at 1.34 m/s."""
    homes = "id,building,residents,children,elderly\nhousehold/4,building/h4,1,0,0\n"
    result = play(
        tmp_path,
        plan(ACTIVATE, WARN, task("lead", "evacuate", "post/commander", "warn")),
        scenario(),
        households=homes,
    )
    arrived = result.measures["first_arrival_min"]
    assert arrived is not None
    assert arrived * 60 == pytest.approx(4 * 60 + 40 / 1.34 + 1 / (2 * 1.3), abs=0.7)


def test_people_wait_before_a_shelter_until_its_team_has_opened_it(tmp_path: Path) -> None:
    """Chen is called 2-3 as deputy of the group... the team musters, walks 60 m, opens in three minutes."""
    text = plan(ACTIVATE, CALL, WARN, OPEN, task("lead", "evacuate", "post/commander", "warn"))
    result = play(tmp_path, text, scenario(), shelters=_closed())
    _everybody(result)
    opened = {s.id: s for s in result.shelters}["shelter/north"]
    open_task = next(t for t in result.tasks if t.id == "open")
    assert open_task.started_min is not None
    assert opened.opened_min is not None
    # base at (100, 90), nearest street node is the crossing (100, 100); 50 m along the street to the door
    assert opened.opened_min == pytest.approx(open_task.started_min + 50 / 1.34 / 60 + 3, abs=0.02)
    assert opened.first_arrival_min is not None
    assert opened.first_arrival_min >= opened.opened_min
    assert opened.waited_persons == opened.persons > 0
    assert {d.kind for d in result.deviations} >= {"waited_at_door"}


def test_a_shelter_that_no_task_opens_stays_shut_and_its_people_are_named(tmp_path: Path) -> None:
    text = plan(ACTIVATE, WARN, task("lead", "evacuate", "post/commander", "warn"))
    result = play(tmp_path, text, scenario(stop_min=60), shelters=_closed())
    _everybody(result)
    assert result.people is not None
    assert {row.reason for row in result.people.left_over} == {"at_door"}
    assert result.measures["all_shelters_open_min"] is None
    assert result.measures["clearance_min"] is None
    assert (result.measures["stranded_persons"] or 0) > 0


def test_a_key_holder_who_is_away_means_a_forced_door(tmp_path: Path) -> None:
    text = plan(ACTIVATE, CALL, WARN, OPEN, task("lead", "evacuate", "post/commander", "warn"))
    here = play(tmp_path / "a", text, scenario(), shelters=_closed(key="person/an"))
    away = play(tmp_path / "b", text, scenario(injects="  - {id: i, at_min: 3.5, kind: absent, target: person/an}\n"), shelters=_closed(key="person/an"))  # fmt: skip
    assert "forced_entry" not in {d.kind for d in here.deviations}
    assert "forced_entry" in {d.kind for d in away.deviations}
    opened = {s.id: s.opened_min for s in away.shelters}["shelter/north"]
    before = {s.id: s.opened_min for s in here.shelters}["shelter/north"]
    assert opened is not None
    assert before is not None
    assert opened >= before + 15
    forbidden = SETTINGS.replace("[response]", "[response]\nforced_entry_min = -1")
    with pytest.raises(Exception, match="faults"):
        play(tmp_path / "c", text, scenario(), shelters=_closed(), civdef=forbidden)


def test_knocking_takes_a_stairwell_at_a_time(tmp_path: Path) -> None:
    """Four stairwells, one minute each, one pair: told at 3, 4, 5, 6 whatever the order."""
    org = toy_town.ORGANISATION + (
        "  - {id: channel/knock, name: {zh: 敲门, en: Door to door}, kind: door_to_door, call_min: 1, answer_share: 1.0}\n"
    )
    warn = WARN.replace("channel/loudspeaker", "channel/knock")
    result = play(tmp_path, plan(ACTIVATE, warn), scenario(), organisation=org)
    assert result.people is None  # nobody is led: the plan moves nobody at this level
    lead = task("lead", "evacuate", "post/commander", "warn")
    result = play(tmp_path / "b", plan(ACTIVATE, warn, lead), scenario(), organisation=org)
    _everybody(result)
    assert done(result)["warn"] == 6.0
    assert result.measures["warned_share_min"] == 6.0
    departures = kinds(result, "first_departure")
    assert departures[0][0] == pytest.approx(4.0, abs=0.01)


def test_those_who_stay_and_those_who_never_heard_are_told_apart(tmp_path: Path) -> None:
    deaf = toy_town.ORGANISATION.replace("kind: loudspeaker, call_min: 1, answer_share: 1.0", "kind: loudspeaker, call_min: 1, answer_share: 0.0")  # fmt: skip
    text = plan(ACTIVATE, WARN, task("lead", "evacuate", "post/commander", "warn"))
    result = play(tmp_path / "a", text, scenario(), organisation=deaf)
    assert result.people is not None
    assert [(r.reason, r.persons) for r in result.people.left_over] == [("not_warned", 14)]
    stay = scenario().replace("departure_sigma: 0}", "departure_sigma: 0, comply_share: 0}")
    result = play(tmp_path / "b", text, stay)
    assert result.people is not None
    assert [(r.reason, r.persons) for r in result.people.left_over] == [("stayed", 14)]


ASSISTED = "id,name_zh,name_en,household,mobility\nassisted/1,甲,One,household/3,wheelchair\n"


def test_who_cannot_walk_waits_for_the_task_that_fetches(tmp_path: Path) -> None:
    lead = task("lead", "evacuate", "post/commander", "warn")
    fetch = task("fetch", "assist", "post/evacuation-head", "activate")
    files = {"plans/assistance.csv": ASSISTED}
    left = play(tmp_path / "a", plan(ACTIVATE, WARN, lead), scenario(), **files)
    _everybody(left)
    assert left.people is not None
    assert [(r.reason, r.persons) for r in left.people.left_over] == [("not_fetched", 1)]
    assert [d.kind for d in left.deviations if d.breach] == ["left_behind"]
    assert left.measures["assisted_placed_share"] == 0.0
    result = play(tmp_path / "b", plan(ACTIVATE, WARN, lead, fetch), scenario(), **files)
    _everybody(result)
    assert result.measures["assisted_placed_share"] == 1.0


SIRENS = "sirens:\n  - {signal: pre_alert, at_min: 1}\n  - {signal: all_clear, at_min: 20}\n"


def _siren(x_m: float = 100, level: float = 120) -> str:
    return toy_town.collection(
        [toy_town.feature("Point", (x_m, 50), id="siren/a", name_zh="警报器", level_dbc=level)]
    )


def test_sirens_sound_by_the_book_and_warn_within_their_reach(tmp_path: Path) -> None:
    text = plan(ACTIVATE)
    notice = SIRENS + "notice_date: 2026-10-31\n"
    files = {"maps/sirens.geojson": _siren()}
    result = play(tmp_path / "a", text, scenario(extra=notice), **files)
    assert [(s.signal, s.start_s, s.end_s) for s in result.soundings] == [
        ("pre_alert", 60, 240),
        ("all_clear", 1200, 1380),
    ]
    on = [t for t, _ in kinds(result, "siren_on")]
    off = [t for t, _ in kinds(result, "siren_off")]
    assert on == [1.0, 2.0, 3.0, 20.0]
    assert off == [1.6, 2.6, 3.6, 23.0]
    assert result.measures["warned_share_min"] == 1.6  # the first blast is over after 36 s
    assert result.measures["siren_notice_days"] == 5
    assert not result.deviations
    _everybody(result)
    # 70 dB(C) at 30.5 m is just audible there: the houses are farther
    quiet = play(tmp_path / "b", text, scenario(extra=notice), **{"maps/sirens.geojson": _siren(level=70)})
    assert quiet.measures["warned_share"] == 0.0


@pytest.mark.parametrize(("notice", "days"), [("", None), ("notice_date: 2026-11-01\n", 4.0)])
def test_sirens_without_notice_break_the_law_and_the_rating(
    tmp_path: Path, notice: str, days: float | None
) -> None:
    objectives = (
        "  - {id: a, name: {en: a}, measure: siren_notice_days, better: more, target: 5, limit: 5}\n"
        "  - {id: b, name: {en: b}, measure: warned_share_min, target: 10, limit: 20}\n"
    )
    result = play(
        tmp_path,
        plan(ACTIVATE),
        scenario(objectives=objectives, extra=SIRENS + notice),
        **{"maps/sirens.geojson": _siren()},
    )
    assert result.measures["siren_notice_days"] == days
    assert [o.rating for o in result.objectives] == ["U", "M"]
    assert result.first_failure is not None
    assert result.first_failure.why == "siren_notice"
    assert result.grade == "poor"


def test_a_signal_task_confirms_its_sounding(tmp_path: Path) -> None:
    org = toy_town.ORGANISATION + "  - {id: channel/siren, name: {zh: 警报, en: Siren}, kind: siren, call_min: 3, answer_share: 1, simultaneous: true}\n"  # fmt: skip
    text = plan(ACTIVATE, task("signal", "signal", "post/commander", "activate", channel="channel/siren"))
    notice = SIRENS + "notice_date: 2026-10-31\n"
    files = {"maps/sirens.geojson": _siren()}
    result = play(tmp_path / "a", text, scenario(extra=notice), organisation=org, **files)
    assert done(result)["signal"] == 4.0  # the pre-alert is over
    none = play(tmp_path / "b", text, scenario(), organisation=org, **files)
    assert none.failures[0].why == "no_sounding"


def test_nobody_can_reach_a_shelter_is_infeasible(tmp_path: Path) -> None:
    none = toy_town.collection([])
    with pytest.raises(InfeasibleError) as error:
        play(tmp_path, plan(*ALL), scenario(), shelters=none, entrances=none)
    assert error.value.exit_code == 3


def test_nobody_at_home_just_works(tmp_path: Path) -> None:
    empty = "id,building,residents,children,elderly\n"
    result = play(tmp_path, plan(*ALL), scenario(), households=empty)
    assert result.people is not None
    assert result.people.persons == 0
    assert result.measures["p95_arrival_min"] is None


# ------------------------------------------------------------------------------------------- injects


def test_each_inject_has_a_case_here() -> None:
    from civdef.drill import injects

    source = Path(__file__).read_text(encoding="utf-8")
    for kind in injects.kinds():
        assert f"kind: {kind}" in source, kind
        module = injects.module(kind)
        assert module.LABEL.zh
        assert module.LABEL.en


LEAD = task("lead", "evacuate", "post/commander", "warn")


def _with(
    tmp_path: Path, inject: str, text: str | None = None, **files: str
) -> tuple[DrillResult, DrillResult]:
    text = text or plan(ACTIVATE, CALL, MUSTER, WARN, LEAD)
    base = play(tmp_path / "base", text, scenario(), **files)
    struck = play(tmp_path / "struck", text, scenario(injects=f"  - {{id: i, {inject}}}\n"), **files)
    _everybody(struck)
    assert [e.what["kind"] for e in struck.journal if e.kind == "inject"] == [
        inject.partition("kind: ")[2].split(",")[0]
    ]
    return base, struck


def test_a_cut_road_makes_people_go_round(tmp_path: Path) -> None:
    base, struck = _with(tmp_path, "at_min: 1, kind: road_cut, target: road/main")
    assert "rerouted" in {d.kind for d in struck.deviations} or struck.people != base.people
    before, after = base.measures["clearance_min"], struck.measures["clearance_min"]
    assert before is not None
    assert after is None or after > before


def test_a_road_that_opens_again_lets_them_through(tmp_path: Path) -> None:
    cut = "at_min: 1, kind: road_cut, target: road/lane"
    _, forever = _with(tmp_path / "a", cut)
    _, opened = _with(tmp_path / "b", cut + ", until_min: 30")
    assert ((forever.people and forever.people.arrived_persons) or 0) < 14
    assert opened.people is not None
    assert opened.people.arrived_persons == 14
    assert [e.kind for e in opened.journal].count("inject_over") == 1


def test_an_absence_during_the_drill_ends_again(tmp_path: Path) -> None:
    base, struck = _with(tmp_path, "at_min: 0, until_min: 4, kind: absent, target: post/evacuation-head")
    assert done(base)["call"] == 3.0
    assert done(struck)["call"] == 6.0  # unanswered at 3, the second try 5-6 is answered
    assert not [d for d in struck.deviations if d.kind == "stand_in"]


def test_a_shelter_out_of_use_sends_people_on(tmp_path: Path) -> None:
    base, struck = _with(tmp_path, "at_min: 3.5, kind: shelter_closed, target: shelter/south")
    used = {s.id: s.persons for s in base.shelters}
    assert used["shelter/south"] > 0
    assert {s.id: s.persons for s in struck.shelters}.get("shelter/south", 0) == 0
    assert {s.id: s.opened_min for s in struck.shelters}.get("shelter/south") is None


def test_a_shelter_that_comes_back_is_used_again(tmp_path: Path) -> None:
    _, struck = _with(tmp_path, "at_min: 1, until_min: 3.9, kind: shelter_closed, target: shelter/south")
    assert {s.id: s.persons for s in struck.shelters}["shelter/south"] > 0


def test_a_dead_channel_is_noticed_and_its_backup_taken(tmp_path: Path) -> None:
    org = (
        toy_town.ORGANISATION.replace(
            "kind: phone, call_min: 1, answer_share: 1.0",
            "kind: phone, call_min: 1, answer_share: 1.0, backup: channel/radio",
        )
        + "  - {id: channel/radio, name: {zh: 电台, en: Radio}, kind: radio, call_min: 2, answer_share: 1.0}\n"
    )
    base, struck = _with(tmp_path, "at_min: 1, kind: channel_down, target: channel/phone", organisation=org)
    assert done(base)["call"] == 3.0
    assert done(struck)["call"] == 5.0  # one minute wasted on the dead line, two on the radio
    assert "backup_channel" in {d.kind for d in struck.deviations}


def test_a_loudspeaker_that_fails_without_backup_fails_its_clause(tmp_path: Path) -> None:
    _, struck = _with(tmp_path, "at_min: 1, kind: channel_down, target: channel/loudspeaker")
    assert struck.failures[0].why == "no_channel"


def test_a_team_held_up_musters_later_or_never(tmp_path: Path) -> None:
    text = plan(ACTIVATE, CALL, WARN, LEAD, task("team", "muster", "team/toy", "call"))
    base, struck = _with(
        tmp_path / "a", "at_min: 1, until_min: 40, kind: team_delayed, target: team/toy", text
    )
    assert (done(base)["team"] or 99) < 30
    assert done(struck)["team"] == 40.0
    _, never = _with(tmp_path / "b", "at_min: 1, kind: team_delayed, target: team/toy", text)
    assert done(never)["team"] is None
    assert never.failures[0].why == "no_quorum"


def test_a_broken_vehicle_is_missed(tmp_path: Path) -> None:
    files = {
        "plans/vehicles.csv": "id,name_zh,name_en,kind,seats,base\nvehicle/bus,客车,Bus,bus,30,fixed-post/room\n"
    }
    drive = task("drive", "transport", "post/commander", "warn", needs="{vehicles: [{kind: bus}]}")
    text = plan(ACTIVATE, CALL, WARN, LEAD, drive)
    base, struck = _with(tmp_path / "a", "at_min: 1, kind: vehicle_out, target: vehicle/bus", text, **files)
    assert not [f for f in base.failures if f.task == "drive"]
    assert [f.why for f in struck.failures if f.task == "drive"] == ["too_few_resources"]
    _, back = _with(
        tmp_path / "b", "at_min: 1, until_min: 2, kind: vehicle_out, target: vehicle/bus", text, **files
    )
    assert not [f for f in back.failures if f.task == "drive"]


GATE = [
    toy_town.feature(
        "Polygon", toy_town.square(180, -10, 20), id="compound/c", name_zh="小区", community="community/toy"
    )
]


def test_a_locked_gate_is_gone_round_or_not_at_all(tmp_path: Path) -> None:
    houses = toy_town.maps()["maps/buildings.geojson"]
    houses[2]["properties"]["compound"] = "compound/c"
    gate = toy_town.feature("Point", (170, 0), id="gate/g", name_zh="门", compound="compound/c", width_m=3.0)
    files = {
        "buildings": toy_town.collection(houses),
        "maps/compounds.geojson": toy_town.collection(GATE),
        "maps/gates.geojson": toy_town.collection([gate]),
    }
    base, struck = _with(tmp_path, "at_min: 1, kind: gate_closed, target: gate/g", **files)
    before, after = base.measures["clearance_min"], struck.measures["clearance_min"]
    assert before is not None
    assert after is None or after > before


def test_a_message_changes_nothing_but_the_journal(tmp_path: Path) -> None:
    said = "at_min: 1, kind: message, message: {zh: 余震, en: Aftershock}"
    base, struck = _with(tmp_path, said)
    rest = [e for e in struck.journal if e.kind != "inject"]
    assert rest == base.journal


# --------------------------------------------------------------------------------------- properties


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    comply=st.floats(0, 1),
    cut=st.sampled_from([None, "road/main", "road/lane", "road/middle", "road/east"]),
    at=st.floats(0, 10),
    stop=st.floats(1, 60),
)
def test_nobody_vanishes_and_time_only_goes_forward(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    comply: float,
    cut: str | None,
    at: float,
    stop: float,
) -> None:
    injects = f"  - {{id: i, at_min: {at:.2f}, kind: road_cut, target: {cut}}}\n" if cut else ""
    text = scenario(injects=injects, stop_min=round(stop, 2)).replace(
        "departure_sigma: 0}", f"departure_sigma: 0.8, comply_share: {comply:.3f}}}"
    )
    root = tmp_path_factory.mktemp("p")
    ws = workspace(root, plan(ACTIVATE, CALL, MUSTER, WARN, LEAD), text)
    result = run(prepare(ws, find_drill(ws, "toy")), seed)
    _everybody(result)
    times = [e.t_s for e in result.journal]
    assert times == sorted(times)
    assert result.stopped_s <= stop * 60 + 1
    assert all(0 <= t <= result.stopped_s + 0.11 for t in times)
