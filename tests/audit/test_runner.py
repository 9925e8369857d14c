"""The engine: discovery, what a rule may ask for, crashes, places, suppression, order."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from civdef import registry
from civdef.audit.catalogue import RULES, Catalogue, Entry, build, catalogue
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule, Source
from civdef.audit.runner import run_audit
from civdef.errors import InfeasibleError, UsageError
from civdef.model.workspace import Workspace
from civdef.text import Text
from tests.audit.town import changed, files, load

REAL = catalogue()


def a_rule(code: str = "ORG900", **more: Any) -> Rule:
    fields: dict[str, Any] = {
        "code": code,
        "name": f"organisation.fault-{code.lower()}",
        "severity": "warning",
        "profile": "basic",
        "title": Text("题", "title"),
        "why": Text("因", "why"),
        "fix": Text("改", "fix"),
        "wrong": "x",
        "right": "y",
        "sources": (Source(Text("据", "source")),),
    }
    return Rule(**{**fields, **more})


def with_rules(*pairs: tuple[Rule, Any]) -> Catalogue:
    entries = {e.rule.code: e for e in REAL if e.rule.family == "AUD"}
    entries |= {r.code: Entry(r, check, f"{r.code.lower()}_made_up") for r, check in pairs}
    return Catalogue(dict(sorted(entries.items())), {e.rule.name: c for c, e in entries.items()})


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load(tmp_path_factory.mktemp("clean"), files())


# --- discovery ---------------------------------------------------------------------------------------------------


def test_a_rule_file_added_is_a_rule_with_no_list_edited(
    tmp_path: Path, clean: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(registry.modules(RULES)[0].__file__ or "").parent / "org001_group_without_deputy.py"
    text = source.read_text(encoding="utf-8")
    text = text.replace('"ORG001"', '"ORG999"').replace(
        "organisation.group-without-deputy", "organisation.any-group"
    )
    (tmp_path / "org999_any_group.py").write_text(
        text.replace("if group.deputy is None:", "if True:"), "utf-8"
    )
    package = importlib.import_module(RULES)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, f"{RULES}.org999_any_group", raising=False)
    found = run_audit(clean, only=["organisation.any-group"]).findings
    assert [f.code for f in found] == ["ORG999", "ORG999"]
    assert [f.object_id for f in found] == ["group/evacuation", "group/supply"]
    sys.modules.pop(f"{RULES}.org999_any_group", None)


def test_every_file_in_the_folder_is_a_rule_and_nothing_else() -> None:
    folder = Path(registry.modules(RULES)[0].__file__ or "").parent
    stems = {p.stem for p in folder.glob("*.py") if p.stem != "__init__"}
    assert stems == {e.module for e in REAL}


def module(name: str, rule: Any, check: Any = lambda audit: iter(())) -> ModuleType:
    return SimpleNamespace(__name__=f"{RULES}.{name}", RULE=rule, check=check)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("modules", "says"),
    [
        ([module("org900_a", a_rule()), module("org900_b", a_rule(name="organisation.other"))], "code ORG900 is taken by org900_a"),
        ([module("org900_a", a_rule()), module("org901_b", a_rule("ORG901", name="organisation.fault-org900"))], "is taken by ORG900"),
        ([module("org901_a", a_rule())], "the file of ORG900 is named org900_"),
        ([module("xyz900_a", a_rule("XYZ900"))], "unknown family XYZ"),
        ([module("org900_a", None)], "declares RULE and check"),
    ],
)  # fmt: skip
def test_bad_rule_files_are_refused(modules: list[ModuleType], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        build(modules)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"code": "ORG1"}, "three capitals"),
        ({"name": "organisation.no-deputy"}, "does not read"),
        ({"name": "organisation.check-phones"}, "does not read"),
        ({"name": "Deputy"}, "does not read"),
        ({"sources": ()}, "rests on something"),
        ({"needs": ("weather",)}, "unknown needs"),
        ({"severity": "fatal"}, "unknown severity"),
    ],
)
def test_bad_declarations_are_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        a_rule(**fields)


def test_names_are_found_by_code_by_name_and_nearly() -> None:
    assert REAL.find("org001").rule.code == "ORG001"
    assert REAL.find("organisation.group-without-deputy").rule.code == "ORG001"
    assert REAL.nearest("group-without-deputi") == "organisation.group-without-deputy"
    with pytest.raises(UsageError, match="Did you mean ORG00"):
        REAL.find("ORG0O1")
    with pytest.raises(UsageError, match=r"There is no rule named qqqqqq$"):
        REAL.find("qqqqqq")


# --- what a rule may look at -------------------------------------------------------------------------------------


def test_a_rule_gets_only_what_it_declares(clean: Workspace) -> None:
    def check(audit: View) -> Iterator[Hit]:
        assert audit.workspace is clean
        assert audit.as_of == clean.settings.as_of
        assert audit.graph is not None
        return iter(())

    good = run_audit(clean, only=["ORG900"], rules=with_rules((a_rule(needs=("graph",)), check)))
    assert good.findings == ()
    bad = run_audit(clean, only=["ORG900"], rules=with_rules((a_rule(), check)))
    assert [f.code for f in bad.findings] == ["AUD000"]
    assert "UndeclaredNeedError" in bad.findings[0].message.en


def test_every_real_rule_declares_no_more_than_it_uses(tmp_path: Path) -> None:
    from civdef.audit.context import Context

    class Spy(View):
        asked: set[str]

        def _need(self, need: Any) -> None:
            self.asked.add(need)
            super()._need(need)

    vacant = "  - {id: post/spare, name: {zh: 备用, en: Spare}}\ngroups:\n"
    workspace = load(tmp_path, changed({"change": {"plans/organisation.yaml": [["groups:\n", vacant]]}}))
    context = Context(workspace, REAL)
    for entry in REAL:
        spy = Spy(context, entry.rule)
        spy.asked = set()
        list(entry.check(spy))
        assert spy.asked <= set(entry.rule.needs)
        assert set(entry.rule.needs) <= spy.asked, entry.rule.code


def test_results_are_worked_out_once(clean: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import civdef.graph.preparedness as made

    calls: list[int] = []
    original = made.build_preparedness_graph
    monkeypatch.setattr(made, "build_preparedness_graph", lambda ws: calls.append(1) or original(ws))

    def check(audit: View) -> Iterator[Hit]:
        assert audit.graph.number_of_nodes() > 10
        return iter(())

    pairs = [(a_rule(f"ORG90{i}", needs=("graph",)), check) for i in range(3)]
    assert run_audit(clean, rules=with_rules(*pairs)).findings == ()
    assert calls == [1]


# --- failures ----------------------------------------------------------------------------------------------------


def test_a_crash_is_a_finding_and_stops_nobody(clean: Workspace) -> None:
    def crash(audit: View) -> Iterator[Hit]:
        yield Hit("group/supply", (), Text("先", "before"), Text("改", "fix"))
        raise KeyError("person with 19900000001 in /secret/path")

    def fine(audit: View) -> Iterator[Hit]:
        yield Hit("group/supply", ("head",), Text("后", "after"), Text("改", "fix"))

    audit = run_audit(clean, rules=with_rules((a_rule("ORG900"), crash), (a_rule("ORG901"), fine)))
    assert sorted(f.code for f in audit.findings) == ["AUD000", "ORG900", "ORG901"]
    finding = next(f for f in audit.findings if f.code == "AUD000")
    assert finding.severity == "error"
    assert finding.message.en.startswith("Rule ORG900 crashed: KeyError (test_runner.py:")
    assert "ORG900" in finding.message.zh
    printed = finding.message.zh + finding.message.en
    assert "19900000001" not in printed
    assert "/secret" not in printed
    assert audit.fails("error")


def test_a_question_without_an_answer_is_named_not_passed_over(clean: Workspace) -> None:
    def check(audit: View) -> Iterator[Hit]:
        raise InfeasibleError(Text("没有街巷", "there are no streets"), hint=Text("补街巷", "draw streets"))
        yield

    audit = run_audit(clean, only=["ORG900"], rules=with_rules((a_rule(), check)))
    assert [f.code for f in audit.findings] == ["AUD002"]
    assert audit.findings[0].message.en == "ORG900 (title) was not judged: there are no streets"
    assert audit.findings[0].fix.zh == "补街巷"
    assert dict(audit.unanswered)["ORG900"].en == "there are no streets"
    assert audit.result("en").rules_unanswered[0].code == "ORG900"


def test_failures_cannot_be_switched_off(clean: Workspace) -> None:
    def crash(audit: View) -> Iterator[Hit]:
        raise ZeroDivisionError
        yield

    settings = clean.settings.model_copy(
        update={"audit": clean.settings.audit.model_copy(update={"disable": ("AUD000", "AUD002")})}
    )
    from dataclasses import replace

    audit = run_audit(replace(clean, settings=settings), rules=with_rules((a_rule(), crash)))
    assert [f.code for f in audit.findings] == ["AUD000"]


# --- places ------------------------------------------------------------------------------------------------------


def test_the_place_is_the_nearest_ancestor_that_was_written(clean: Workspace) -> None:
    def check(audit: View) -> Iterator[Hit]:
        for path in (("tasks", 0, "due_min"), ("tasks", 0, "channel"), ("tasks", 99), (), ("text", "zh")):
            yield Hit("plan/toy", path, Text("在", str(path)), Text("改", "fix"))

    audit = run_audit(clean, only=["ORG900"], rules=with_rules((a_rule(), check)))
    lines = files()["plans/contingency/toy.yaml"].splitlines()
    at = {f.message.en: lines[(f.place.line or 0) - 1] for f in audit.findings}
    assert at["('tasks', 0, 'due_min')"] == "    due_min: 5"
    assert at["('tasks', 0, 'channel')"] == "  - id: activate"
    assert at["('tasks', 99)"] == "tasks:"
    assert at["()"] == "id: plan/toy"
    assert at["('text', 'zh')"].startswith("text:")
    columns = {f.message.en: f.place.column for f in audit.findings}
    assert columns["('tasks', 0, 'due_min')"] == len("    due_min: ") + 1


# --- choosing ----------------------------------------------------------------------------------------------------

BROKEN = {
    "change": {
        "plans/organisation.yaml": [["    deputy: post/supply-deputy\n", ""]],
        "plans/contingency/toy.yaml": [['due_min: 60\n    clause: "4.4"', 'due_min: 60\n    clause: "4.9"']],
    }
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load(tmp_path_factory.mktemp("broken"), changed(BROKEN))


def codes(audit: Any) -> list[str]:
    return [f.code for f in audit.findings]


def test_profiles_are_a_ladder(broken: Workspace) -> None:
    runs = [run_audit(broken, profile=p) for p in ("basic", "standard", "full")]  # type: ignore[arg-type]
    assert set(runs[0].run) < set(runs[1].run) < set(runs[2].run)
    for audit in runs:
        assert set(audit.run) | set(audit.off) == {e.rule.code for e in REAL}
        assert not set(audit.run) & set(audit.off)
        assert set(audit.off.values()) <= {"profile"}
    assert runs[2].off == {}


def test_what_is_switched_off_is_listed(tmp_path: Path) -> None:
    case = dict(
        BROKEN,
        append={
            "civdef.toml": 'disable = ["organisation.group-without-deputy"]\nseverity = { TXT001 = "info" }\n'
        },
    )
    audit = run_audit(load(tmp_path, changed(case)))
    assert audit.off == {"ORG001": "settings"}
    assert [(f.code, f.severity) for f in audit.findings] == [("TXT001", "info"), ("ORG004", "warning")]
    result = audit.result("en")
    assert [(r.code, r.reason) for r in result.rules_off] == [("ORG001", "settings")]
    assert audit.fails("warning")
    assert not audit.fails("error")


def test_only_runs_what_is_asked_even_if_switched_off(tmp_path: Path) -> None:
    case = dict(BROKEN, append={"civdef.toml": 'disable = ["ORG001"]\n'})
    audit = run_audit(load(tmp_path, changed(case)), only=["ORG001"])
    assert codes(audit) == ["ORG001"]
    assert set(audit.run) == {"ORG001", "AUD000", "AUD002"}


def test_plans_narrow_the_findings_and_the_rest_is_counted(broken: Workspace) -> None:
    everything = run_audit(broken)
    for name in ("toy", "plan/toy"):
        audit = run_audit(broken, plans=[name])
        assert audit.plans == ("plan/toy",)
        assert set(codes(audit)) == {"TXT001"}
        assert audit.outside == len(everything.findings) - len(audit.findings)
        assert audit.outside >= 1
    with pytest.raises(UsageError, match="Did you mean plan/toy"):
        run_audit(broken, plans=["toi"])


def test_findings_are_in_the_order_of_files_and_lines(broken: Workspace) -> None:
    audit = run_audit(broken)
    keys = [(f.place.file, f.place.line or 0, f.place.column or 0, f.code) for f in audit.findings]
    assert keys == sorted(keys)
    assert len({f.fingerprint for f in audit.findings}) == len(audit.findings)


def test_fingerprints_stay_when_lines_move(broken: Workspace, tmp_path: Path) -> None:
    texts = changed(BROKEN)
    texts["plans/organisation.yaml"] = "# a remark\n\n" + texts["plans/organisation.yaml"]
    moved = run_audit(load(tmp_path, texts))
    before = run_audit(broken)
    assert [f.fingerprint for f in moved.findings] == [f.fingerprint for f in before.findings]
    assert [f.place for f in moved.findings] != [f.place for f in before.findings]


def test_the_document_is_the_same_but_for_its_sentences(broken: Workspace) -> None:
    zh, en = (json.loads(run_audit(broken).result(lang).to_json()) for lang in ("zh", "en"))  # type: ignore[arg-type]
    for mine, other in zip(zh["findings"], en["findings"], strict=True):
        for key in ("message", "fix", "sources"):
            assert mine.pop(key) != other.pop(key) or key == "fix"
        assert mine == other
    assert zh["schema"] == "civdef.audit/1"
    assert zh["counts"] == en["counts"]
    wanted = {"code", "name", "severity", "file", "line", "column", "message", "fix", "objects"}
    assert wanted <= set(json.loads(run_audit(broken).result("zh").to_json())["findings"][0])


def test_the_same_bytes_from_another_folder(broken: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "deep"
    again = load(other, changed(BROKEN))
    assert run_audit(again).result("zh").to_json() == run_audit(broken).result("zh").to_json()
    shutil.rmtree(other)


def test_no_telephone_number_is_ever_printed(tmp_path: Path) -> None:
    texts = changed(BROKEN)
    texts["plans/roster.csv"] = texts["plans/roster.csv"].replace(",2026-10-01", ",")
    texts["plans/roster.csv"] = texts["plans/roster.csv"].replace(
        "person/hu,胡,Hu,19900000007", "person/hu,胡,Hu,"
    )
    workspace = load(tmp_path, texts)
    document = run_audit(workspace).result("zh").to_json()
    assert "ORG007" in document
    for person in workspace.people.values():
        assert person.phone is None or person.phone not in document
