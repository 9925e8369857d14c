"""Running the rules: choose, run each alone, give every hit its place, sort."""

from __future__ import annotations

from collections.abc import Callable, Collection

from civdef.audit.catalogue import Catalogue, Entry, catalogue
from civdef.audit.context import Context, Failure, View
from civdef.audit.result import Audit, Finding, Reason
from civdef.audit.rule import Hit, Profile, Rule, Severity
from civdef.errors import CivdefError, UsageError
from civdef.model.settings import AuditSettings
from civdef.model.workspace import Workspace
from civdef.source import Place
from civdef.text import Text, nearest

Step = Callable[[int, int], None]
ALWAYS = frozenset({"AUD000", "AUD002"})
"""Rules that nothing switches off: what an audit could not judge is never kept silent."""


def run_audit(
    workspace: Workspace,
    *,
    profile: Profile | None = None,
    only: Collection[str] = (),
    plans: Collection[str] = (),
    rules: Catalogue | None = None,
    step: Step | None = None,
) -> Audit:
    """Audit a workspace.

    Parameters
    ----------
    workspace
        What to look at.
    profile
        Rung of the ladder; by default the settings' own.
    only
        Codes or names of rules; any given run whatever the profile says, and no others do. Rules that the settings
        switch off stay off unless named here.
    plans
        Ids of plans (``plan/flood`` or ``flood``); findings that concern none of them are left out and counted.
    rules
        The rules; by default all that are found.
    step
        Called before each rule with (rules done, rules in all).

    Raises
    ------
    UsageError
        For a rule or a plan that does not exist; the nearest is named.
    """
    rules = rules or catalogue()
    settings = workspace.settings.audit
    rung = profile or settings.profile
    chosen, off = _choose(rules, settings, rung, only)
    wanted = tuple(sorted({plan_id(workspace, p) for p in plans}))
    context = Context(workspace, rules)
    findings: list[Finding] = []
    for done, entry in enumerate(chosen):
        if step is not None:
            step(done, len(chosen))
        hits = _hits(entry, context)
        findings.extend(_finding(hit, entry.rule, severity(entry.rule, settings), workspace) for hit in hits)
    kept = [f for f in findings if not wanted or _concerns(f, wanted)]
    return Audit(
        profile=rung,
        findings=tuple(sorted(kept, key=lambda f: f.order)),
        run=tuple(sorted(e.rule.code for e in chosen)),
        off=dict(sorted(off.items())),
        unanswered={
            f.rule.code: f.error.message for f in context.failures if isinstance(f.error, CivdefError)
        },
        rules={e.rule.code: e.rule for e in rules},
        plans=wanted,
        outside=len(findings) - len(kept),
        inputs=workspace.inputs,
    )


def severity(rule: Rule, settings: AuditSettings) -> Severity:
    """Return the severity of a rule here: the settings' own, by code or name, else the rule's."""
    given = settings.severity
    return given.get(rule.code, given.get(rule.name, rule.severity))


def disabled(rules: Catalogue, settings: AuditSettings) -> set[str]:
    """Return codes of the rules that the settings switch off."""
    return {code for name in settings.disable if (code := rules.code(name)) is not None}


def plan_id(workspace: Workspace, name: str) -> str:
    """Return the id of a plan or standing rule given by id, or by id without its prefix. Raises ``UsageError``."""
    known = (*workspace.plans, *workspace.rules)
    for candidate in (name, f"plan/{name}", f"rule/{name}"):
        if candidate in known:
            return candidate
    near = nearest(name if "/" in name else f"plan/{name}", known)
    also = Text(f"；是否想写 {near}？", f". Did you mean {near}?") if near else Text("", "")
    listed = "、".join(known), ", ".join(known)
    raise UsageError(
        Text("没有名为 {n} 的预案{a}", "There is no plan named {n}{a}").format(n=name, a=also),
        hint=Text(f"可用的预案：{listed[0] or '无'}", f"Plans: {listed[1] or 'none'}"),
    )


def _choose(
    rules: Catalogue, settings: AuditSettings, profile: Profile, only: Collection[str]
) -> tuple[list[Entry], dict[str, Reason]]:
    """Return the rules to run, those about the run itself last, and why the others do not run."""
    asked = {rules.find(name).rule.code for name in only}
    switched = disabled(rules, settings)
    chosen: list[Entry] = []
    off: dict[str, Reason] = {}
    for entry in rules:
        code = entry.rule.code
        if code in ALWAYS or code in asked:
            chosen.append(entry)
        elif asked:
            off[code] = "only"
        elif code in switched:
            off[code] = "settings"
        elif not entry.rule.in_profile(profile):
            off[code] = "profile"
        else:
            chosen.append(entry)
    return sorted(chosen, key=lambda e: ("run" in e.rule.needs, e.rule.code)), off


def _hits(entry: Entry, context: Context) -> list[Hit]:
    """Run one rule. If it fails, what it found before is kept and the failure goes to the rules about the run."""
    hits: list[Hit] = []
    try:
        hits.extend(entry.check(View(context, entry.rule)))
    except Exception as error:
        if "run" in entry.rule.needs:
            raise
        context.failures.append(Failure(entry.rule, error))
    return hits


def _finding(hit: Hit, rule: Rule, grave: Severity, workspace: Workspace) -> Finding:
    place: Place | None
    if hit.file is not None:
        place = Place(hit.file, hit.line, 1 if hit.line is not None else None)
    else:
        place = workspace.sources.place(hit.object_id, hit.path)
    return Finding(
        rule.code,
        rule.name,
        grave,
        place or Place("?"),
        hit.object_id,
        hit.path,
        hit.message,
        hit.fix,
        rule.sources,
        hit.related,
        hit.key,
    )


def _concerns(finding: Finding, plans: Collection[str]) -> bool:
    """Return whether a finding is about one of the plans, or about the audit itself."""
    return finding.code.startswith("AUD") or any(i in plans for i in finding.objects)
