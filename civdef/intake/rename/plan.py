"""Renames → what becomes of the communities that a workspace has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from civdef.intake.registers.lookup import community_key
from civdef.intake.rename.lists import STREET, Rename
from civdef.text import Text, listing


@dataclass(frozen=True)
class Present:
    """A community of the workspace."""

    id: str
    code: str
    name_zh: str
    name_en: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called."""
        return tuple(n for n in (self.name_zh, self.name_en) if n)


@dataclass(frozen=True)
class Step:
    """What becomes of one community.

    Attributes
    ----------
    old, new
        As it stands, and as it will.
    into
        Whether it joins a community that is there besides.
    """

    old: Present
    new: Present
    into: bool = False


@dataclass
class Plan:
    """What is to be done.

    Attributes
    ----------
    ids, codes
        Old → new, of all that change.
    names
        Old name → new name, of communities and streets; for texts.
    elsewhere
        Number of renames that concern no community of the workspace.
    problems
        Why it cannot be done.
    """

    steps: list[Step] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    elsewhere: int = 0
    problems: list[Text] = field(default_factory=list)


def plan(renames: Sequence[Rename], present: Sequence[Present]) -> Plan:
    """Return what becomes of the communities of a workspace.

    A community is known by id, by code, or — where it has no code — by name; of namesakes the one in the street that
    most communities of the workspace belong to. One whose new code or name another community has, or that shares it with
    others of the map, is joined with it. Ids stay, but where the map gives another, where communities are joined, and
    where the id holds the old code.
    """
    out = Plan()
    here = _home_streets(renames, present)
    wanted: dict[str, Rename] = {}
    for rename in renames:
        if rename.street:
            continue
        found = _who(rename, present, here)
        if len(found) > 1:
            out.problems.append(
                _row(rename, Text("“{n}”不止一个：{i}", "More than one is called {n}: {i}").format(
                    n=rename.old_name, i=listing([f.id for f in found], 5)))
            )  # fmt: skip
        elif not found:
            out.elsewhere += 1
        elif (other := wanted.get(found[0].id)) is not None and _new(other) != _new(rename):
            out.problems.append(
                _row(
                    rename,
                    Text("{i} 在对照表中有两种去向", "{i} becomes two different things").format(
                        i=found[0].id
                    ),
                )
            )
        else:
            wanted[found[0].id] = rename
    by_id = {p.id: p for p in present}
    for object_id in sorted(wanted):
        out.steps.append(Step(by_id[object_id], _become(by_id[object_id], wanted[object_id])))
    _join(out, by_id, wanted)
    for rename in renames:
        if rename.street:
            _street(out, rename)
    for step in out.steps:
        if step.new.id != step.old.id:
            out.ids[step.old.id] = step.new.id
        if step.old.code and step.new.code and step.new.code != step.old.code:
            out.codes[step.old.code] = step.new.code
        if step.old.name_zh and step.new.name_zh and step.new.name_zh != step.old.name_zh:
            out.names[step.old.name_zh] = step.new.name_zh
    return out


def _home_streets(renames: Sequence[Rename], present: Sequence[Present]) -> str:
    """Return the code of the street that most communities of the workspace belong to; empty if nothing tells."""
    codes: Counter[str] = Counter(p.code[:STREET] for p in present if p.code)
    if not codes:
        keys = {community_key(n) for p in present for n in p.names}
        codes.update(r.old_code[:STREET] for r in renames if r.old_code and community_key(r.old_name) in keys)
    return min(codes, key=lambda c: (-codes[c], c), default="")


def _who(rename: Rename, present: Sequence[Present], street: str) -> list[Present]:
    if rename.old_id:
        return [p for p in present if p.id == rename.old_id]
    if rename.old_code:
        by_code = [p for p in present if rename.old_code in (p.code, p.id.partition("/")[2])]
        if by_code:
            return by_code
        if street and rename.old_code[:STREET] != street:
            return []
    if not rename.old_name:
        return []
    key = community_key(rename.old_name)
    return [
        p
        for p in present
        if any(community_key(n) == key for n in p.names) and not (rename.old_code and p.code)
    ]


def _become(old: Present, rename: Rename) -> Present:
    """Return a community after its rename, as far as it stands alone."""
    name = old.name_zh
    if rename.new_name and community_key(rename.new_name) != community_key(old.name_zh):
        name = _like(rename.new_name, old.name_zh)
    object_id = rename.new_id or old.id
    local = old.id.partition("/")[2]
    if not rename.new_id and rename.new_code and rename.old_code and local == rename.old_code:
        object_id = f"community/{rename.new_code}"
    return replace(old, id=object_id, code=rename.new_code or old.code, name_zh=name)


def _like(name: str, old: str) -> str:
    """Return a name with the ending that the workspace uses: lists say 春海社区居委会 where maps say 春海社区."""
    if not old.endswith(("居委会", "村委会", "委员会")):
        for ending in ("居民委员会", "村民委员会", "居委会", "村委会"):
            if name.endswith(ending) and name != ending:
                return name.removesuffix(ending)
    return name


def _new(rename: Rename) -> tuple[str, str, str]:
    return rename.new_id, rename.new_code, rename.new_name


def _join(out: Plan, by_id: Mapping[str, Present], wanted: Mapping[str, Rename]) -> None:
    """Join communities that become one."""
    staying = [p for i, p in by_id.items() if i not in wanted]
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, step in enumerate(out.steps):
        rename = wanted[step.old.id]
        other = _same(rename, step.new, staying)
        if other is not None:
            name = step.new.name_zh if rename.new_name else other.name_zh
            heir = replace(other, code=rename.new_code or other.code, name_zh=name or other.name_zh)
            out.steps[at] = Step(step.old, replace(heir, id=other.id), into=True)
            continue
        key = ("id", rename.new_id) if rename.new_id else ("code", rename.new_code)
        if not key[1]:
            key = ("name", community_key(rename.new_name))
        groups[key].append(at)
    for members in groups.values():
        first = out.steps[members[0]]
        keep = next((out.steps[a] for a in members if out.steps[a].old.id == out.steps[a].new.id), first)
        for at in members:
            step = out.steps[at]
            if step is not keep:
                out.steps[at] = Step(step.old, keep.new, into=True)
    taken: dict[str, str] = {p.id: p.id for p in staying}
    for step in out.steps:
        if step.into:
            continue
        if step.new.id in taken:
            out.problems.append(
                Text(
                    "{n} 已被 {o} 使用，不能再给 {i}",
                    "{n} is the id of {o} and cannot be given to {i} as well",
                ).format(n=step.new.id, o=taken[step.new.id], i=step.old.id)
            )
        taken[step.new.id] = step.old.id


def _same(rename: Rename, new: Present, staying: Sequence[Present]) -> Present | None:
    """Return the community, of those that the map leaves alone, which another one becomes."""
    for other in staying:
        if rename.new_id and other.id == rename.new_id:
            return other
        if rename.new_code and other.code == rename.new_code:
            return other
    if rename.new_id or not rename.new_name:
        return None
    key = community_key(rename.new_name)
    return next(
        (
            p
            for p in staying
            if any(community_key(n) == key for n in p.names)
            and not (rename.new_code and p.code)
            and p.id != new.id
        ),
        None,
    )


def _street(out: Plan, rename: Rename) -> None:
    if rename.old_name and rename.new_name and rename.old_name != rename.new_name:
        out.names[rename.old_name] = rename.new_name
    if rename.old_code and rename.new_code and rename.old_code != rename.new_code:
        out.codes[rename.old_code] = rename.new_code


def _row(rename: Rename, said: Text) -> Text:
    return Text("第 {n} 行：{w}", "row {n}: {w}").format(n=rename.row, w=said) if rename.row else said
