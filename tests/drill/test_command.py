"""The command side, minute by minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from civdef.drill.result import DrillResult
from civdef.errors import WorkspaceError
from tests import toy_town
from tests.drill.street import (
    ACTIVATE,
    CALL,
    EVACUATE,
    MUSTER,
    OBJECTIVE,
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


def test_every_minute_of_the_cascade(tmp_path: Path) -> None:
    """An: activates 0-2, calls Bo 2-3. Bo gets ready 5 + travels 10 after being reached: there at 18, half of two."""
    result = play(tmp_path, plan(ACTIVATE, CALL, MUSTER), scenario())
    assert done(result) == {"activate": 2.0, "call": 3.0, "muster": 18.0}
    assert result.measures["activated_min"] == 2.0
    assert result.measures["first_call_min"] == 3.0
    assert result.measures["groups_reached_min"] == 3.0
    assert result.measures["group_mustered_min"] == 18.0
    assert [o.rating for o in result.objectives] == ["P"]
    assert result.grade == "excellent"
    assert result.first_failure is None


def test_an_absent_holder_is_tried_three_times_then_the_stand_in_acts(tmp_path: Path) -> None:
    """Bo does not answer: tries at 2-3, 5-6, 8-9 (one minute each, two minutes' wait); Chen answers at 10."""
    result = play(tmp_path, plan(ACTIVATE, CALL), scenario(extra="absent: [person/bo]\n"))
    assert [t for t, _ in kinds(result, "call_unanswered")] == [3.0, 6.0]
    assert done(result)["call"] == 10.0
    assert [d.kind for d in result.deviations if d.kind == "stand_in"] == ["stand_in"]
    assert result.measures["groups_reached_min"] == 10.0


def test_an_absent_post_means_its_holder(tmp_path: Path) -> None:
    one = play(tmp_path / "1", plan(ACTIVATE, CALL), scenario(extra="absent: [post/evacuation-head]\n"))
    two = play(tmp_path / "2", plan(ACTIVATE, CALL), scenario(extra="absent: [person/bo]\n"))
    assert one.journal == two.journal


def test_the_backup_channel_comes_before_the_stand_in(tmp_path: Path) -> None:
    """Phone 2-3, 5-6, 8-9 unanswered; the runner takes seven minutes, tries once; then Chen by phone."""
    more = (
        toy_town.ORGANISATION.replace(
            "kind: phone, call_min: 1, answer_share: 1.0",
            "kind: phone, call_min: 1, answer_share: 1.0, backup: channel/runner",
        )
        + "  - {id: channel/runner, name: {zh: 通信员, en: Runner}, kind: runner, call_min: 7, answer_share: 1.0, tries: 1}\n"
    )
    result = play(tmp_path, plan(ACTIVATE, CALL), scenario(extra="absent: [person/bo]\n"), organisation=more)
    assert done(result)["call"] == 9.0 + 7.0 + 1.0
    assert [d.kind for d in result.deviations if d.kind != "slower_than_planned"] == [
        "backup_channel",
        "stand_in",
    ]


def test_nobody_at_all_fails_the_clause_and_blocks_what_waits(tmp_path: Path) -> None:
    result = play(
        tmp_path,
        plan(
            ACTIVATE, CALL, MUSTER, task("later", "check", "post/commander", after="muster", clause='"4.4"')
        ),
        scenario(extra="absent: [person/bo, person/chen]\n"),
    )
    status = {t.id: t.status for t in result.tasks}
    assert status == {"activate": "done", "call": "failed", "muster": "blocked", "later": "blocked"}
    first = result.first_failure
    assert first is not None
    assert (first.task, first.clause, first.why) == ("call", "4.2", "unreached")
    assert first.file == "plans/contingency/toy.yaml"
    assert first.line == plan(ACTIVATE, CALL).splitlines().index(CALL.rstrip("\n")) + 1
    assert first.text == "plans/contingency/toy.zh.md"
    assert [t for t, _ in kinds(result, "task_blocked")] == [first.t_s / 60] * 2
    assert result.measures["tasks_failed"] == 3


def test_calls_go_down_the_list_one_after_another(tmp_path: Path) -> None:
    both = CALL.replace("to: [group/evacuation]", "to: [post/evacuation-head, team/toy]")
    result = play(tmp_path, plan(ACTIVATE, both), scenario())
    assert [t for t, _ in kinds(result, "call_answered")] == [3.0, 4.0]


def test_a_broadcast_reaches_everybody_at_once(tmp_path: Path) -> None:
    both = CALL.replace("to: [group/evacuation]", "to: [post/evacuation-head, team/toy]").replace(
        "phone", "loudspeaker"
    )
    result = play(tmp_path, plan(ACTIVATE, both), scenario())
    assert [t for t, _ in kinds(result, "call_answered")] == [3.0, 3.0]


def test_some_reached_is_a_clause_that_failed_but_what_waits_goes_on(tmp_path: Path) -> None:
    both = CALL.replace("to: [group/evacuation]", "to: [post/empty, group/evacuation]")
    org = toy_town.ORGANISATION.replace(
        "groups:\n", "  - {id: post/empty, name: {zh: 空岗, en: Vacant post}}\ngroups:\n", 1
    )
    result = play(tmp_path, plan(ACTIVATE, both, MUSTER), scenario(), organisation=org)
    status = {t.id: t.status for t in result.tasks}
    assert status == {"activate": "done", "call": "partial", "muster": "done"}
    assert result.first_failure is not None
    assert result.first_failure.why == "unreached"
    assert "Vacant post" in result.first_failure.message.en


def test_one_person_does_one_thing_at_a_time(tmp_path: Path) -> None:
    """Both tasks are the commander's and take 5 minutes: the second begins when the first is over."""
    result = play(
        tmp_path,
        plan(
            ACTIVATE,
            task("a", "check", "post/commander", "activate"),
            task("b", "check", "post/commander", "activate"),
        ),
        scenario(),
    )
    assert done(result) == {"activate": 2.0, "a": 7.0, "b": 12.0}


def test_due_times_count_from_activation_and_lateness_names_the_reason(tmp_path: Path) -> None:
    result = play(
        tmp_path,
        plan(
            ACTIVATE,
            task("a", "check", "post/commander", "activate", due_min="5"),
            task("b", "check", "post/commander", "activate", due_min="9.5"),
        ),
        scenario(),
    )
    assert [(f.task, f.why, f.t_s / 60) for f in result.failures] == [("b", "late", 11.5)]
    late = {t.id: t.late_min for t in result.tasks}
    assert late == {"activate": None, "a": None, "b": 0.5}
    assert result.measures["tasks_on_time_share"] == 0.5
    assert "still under way" in result.failures[0].message.en
    assert result.grade == "good"


def test_a_post_that_no_call_names_is_told_on_the_spot(tmp_path: Path) -> None:
    """Head of evacuation reports to the commander: told within the line of command, one minute's call."""
    result = play(
        tmp_path, plan(ACTIVATE, task("a", "check", "post/evacuation-head", "activate")), scenario()
    )
    assert done(result)["a"] == 2.0 + 1.0 + 5.0
    assert not [d for d in result.deviations if d.kind == "untold"]
    org = toy_town.ORGANISATION.replace(
        "groups:\n", "  - {id: post/clerk, name: {zh: 文书, en: Clerk}, holder: person/deng}\ngroups:\n", 1
    )
    other = play(
        tmp_path / "b",
        plan(ACTIVATE, task("a", "check", "post/clerk", "activate")),
        scenario(),
        organisation=org,
    )
    assert [d.kind for d in other.deviations] == ["untold"]


def test_hands_are_taken_and_given_back(tmp_path: Path) -> None:
    """Two of two are there at 19 (Chen is called by phone by Bo, 3-4). Each task needs both: one after the other."""
    result = play(
        tmp_path,
        plan(
            ACTIVATE, CALL, MUSTER,
            task("a", "cordon", "group/evacuation", "muster", needs="{people: 2}"),
            task("b", "cordon", "group/evacuation", "muster", needs="{people: 2}"),
        ),
        scenario(),
    )  # fmt: skip
    assert done(result)["a"] == 19.0 + 5.0
    assert done(result)["b"] == 19.0 + 10.0


def test_half_the_hands_take_twice_the_time_and_fewer_fail(tmp_path: Path) -> None:
    result = play(
        tmp_path,
        plan(
            ACTIVATE, CALL, MUSTER,
            task("a", "cordon", "group/evacuation", "muster", needs="{people: 4}"),
            task("b", "cordon", "group/evacuation", "muster", needs="{people: 5}"),
        ),
        scenario(),
    )  # fmt: skip
    assert done(result)["a"] == 19.0 + 10.0
    (failure,) = result.failures
    assert (failure.task, failure.why) == ("b", "too_few_people")
    assert "short_handed" in {d.kind for d in result.deviations}


def test_a_quorum_that_cannot_come_fails(tmp_path: Path) -> None:
    org = toy_town.ORGANISATION.replace("members: [person/deng]", "members: [person/deng, person/an]")
    settings = toy_town.SETTINGS + "[response]\nready_min = 5\ntravel_factor = 1\nquorum_share = 1.0\n"
    muster = task("muster", "muster", "team/toy", "activate")
    result = play(
        tmp_path,
        plan(ACTIVATE, muster),
        scenario(extra="absent: [person/deng]\n"),
        organisation=org,
        civdef=settings,
    )
    assert result.failures[0].why == "no_quorum"
    assert {t.id: t.status for t in result.tasks}["muster"] == "failed"


def test_nobody_can_stand_in_two_places(tmp_path: Path) -> None:
    """Chen belongs to the group and leads the team: whoever musters first has them."""
    org = toy_town.ORGANISATION.replace("members: [person/deng]", "members: [person/deng, person/an]")
    muster = task("team", "muster", "team/toy", "muster")
    wait = task("wait", "check", "post/commander", "activate", duration_min="30")
    result = play(tmp_path, plan(ACTIVATE, CALL, MUSTER, wait, muster), scenario(), organisation=org)
    twice = [d for d in result.deviations if d.kind == "promised_twice"]
    assert [d.who for d in twice] == ["person/chen"]


def test_resources_are_waited_for_and_missing_ones_fail(tmp_path: Path) -> None:
    equipment = (
        "id,name_zh,name_en,category,quantity,store\nequipment/pump,水泵,Pump,pump,1,fixed-post/room\n"
    )
    vehicles = (
        "id,name_zh,name_en,kind,seats,base,driver\nvehicle/bus,客车,Bus,bus,30,fixed-post/room,person/deng\n"
    )
    org = toy_town.ORGANISATION
    result = play(
        tmp_path,
        plan(
            ACTIVATE,
            task("a", "repair", "post/commander", "activate", needs="{equipment: [{id: equipment/pump}]}"),
            task("b", "repair", "post/evacuation-head", "activate", needs="{equipment: [{id: equipment/pump}]}"),
            task("c", "repair", "post/evacuation-head", "activate", needs="{equipment: [{id: equipment/pump, quantity: 2}]}"),
            task("d", "transport", "post/evacuation-head", "b", needs="{vehicles: [{kind: bus}]}"),
        ),
        scenario(extra="absent: [person/deng]\n"),
        organisation=org,
        **{"plans/equipment.csv": equipment, "plans/vehicles.csv": vehicles},
    )  # fmt: skip
    assert done(result)["a"] == 7.0
    assert done(result)["b"] == 12.0
    assert {(f.task, f.why) for f in result.failures} == {
        ("c", "too_few_resources"),
        ("d", "too_few_resources"),
    }


def test_tasks_of_other_levels_are_not_done(tmp_path: Path) -> None:
    only = task("only-four", "check", "post/commander", "activate", levels="[4]")
    after = task("after", "check", "post/commander", "only-four")
    result = play(tmp_path, plan(ACTIVATE, only, after), scenario())
    assert done(result) == {"activate": 2.0, "after": 7.0}


def test_a_plan_that_waits_for_itself_ends_with_a_clear_error(tmp_path: Path) -> None:
    text = plan(
        ACTIVATE.replace("duration_min: 2", "after: [b], duration_min: 2"),
        task("a", "check", "post/commander", "activate"),
        task("b", "check", "post/commander", "a"),
    )
    with pytest.raises(WorkspaceError) as error:
        play(tmp_path, text, scenario())
    assert error.value.exit_code == 2
    lines = "\n".join(error.value.lines("en"))
    assert "plans/contingency/toy.yaml" in lines
    assert "activate" in lines


def test_external_bodies_answer_and_come(tmp_path: Path) -> None:
    external = "external:\n  - {id: external/fire, name: {zh: 消防, en: Fire brigade}, kind: fire, response_min: 8}\n"
    call = CALL.replace("to: [group/evacuation]", "to: [external/fire]")
    objective = "  - {id: o, name: {en: o}, measure: external_arrival_min, of: external/fire, target: 11, limit: 12}\n"
    result = play(
        tmp_path, plan(ACTIVATE, call), scenario(objectives=objective), **{"plans/external.yaml": external}
    )
    assert result.objectives[0].value == 11.0
    assert kinds(result, "external_arrived")[0][0] == 11.0


REPORTS = """\
reports:
  - {id: first, name: {zh: 首报, en: First report}, from: post/commander, to: external/fire, within_min: %s, repeat_min: %s, clause: "4.2"}
"""


@pytest.mark.parametrize(("within", "share"), [(20, 1.0), (6, 0.0)])
def test_reports_owed_are_timed(tmp_path: Path, within: float, share: float) -> None:
    """The report task is done at 7."""
    external = "external:\n  - {id: external/fire, name: {zh: 消防, en: Fire brigade}, kind: fire}\n"
    text = plan(
        ACTIVATE, task("report", "report", "post/commander", "activate", to="[external/fire]")
    ).replace("evacuation:\n", REPORTS % (within, 15) + "evacuation:\n")
    result = play(tmp_path, text, scenario(stop_min=within + 16), **{"plans/external.yaml": external})
    assert result.measures["reports_on_time_share"] == share
    sent = kinds(result, "report_sent")
    assert sent[0][0] == 7.0
    assert sent[0][1]["late"] is (within == 6)


def test_unknown_measures_and_wrong_targets_are_named_with_the_nearest(tmp_path: Path) -> None:
    bad = scenario(
        objectives=OBJECTIVE.replace("activated_min", "activated_mins")
        + "  - {id: a, name: {en: a}, measure: shelter_open_min, target: 5, limit: 10}\n"
        + "  - {id: b, name: {en: b}, measure: task_done_min, target: 5, limit: 10}\n",
        injects="  - {id: j, at_min: 1, kind: road_cut, target: shelter/north}\n",
    )
    with pytest.raises(WorkspaceError) as error:
        play(tmp_path, plan(ACTIVATE), bad)
    faults = {f.code: f for f in error.value.faults}
    assert faults["unknown-measure"].nearest == "activated_min"
    assert {f.value for f in error.value.faults if f.code == "wrong-target"} == {"shelter/north", None}
    assert "dangling-reference" in faults
    assert all(f.place.file == "drills/toy.yaml" and f.place.line for f in error.value.faults)


def test_an_inject_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    injects = "  - {id: i, at_min: 1, kind: road_cuts, target: road/main}\n"
    with pytest.raises(WorkspaceError) as error:
        play(tmp_path, plan(ACTIVATE), scenario(injects=injects))
    assert error.value.faults[0].nearest == "road_cut"


def test_the_workspace_is_not_changed_and_a_prepared_drill_runs_again(tmp_path: Path) -> None:
    from civdef.drill.prepare import find_drill, prepare
    from civdef.drill.run import run

    ws = workspace(tmp_path, plan(*ALL), scenario())
    prepared = prepare(ws, find_drill(ws, "drill/toy"))
    results: list[DrillResult] = [run(prepared), run(prepared, seed=8), run(prepared)]
    assert results[0].to_json() == results[2].to_json()
