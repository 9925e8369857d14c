"""All rules, found by discovery: a file in ``audit/rules`` is a rule; no list is kept by hand."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from civdef import registry
from civdef.audit.rule import FAMILIES, Check, Rule
from civdef.errors import UsageError
from civdef.text import Text

RULES = "civdef.audit.rules"


@dataclass(frozen=True)
class Entry:
    """A rule and its check."""

    rule: Rule
    check: Check
    module: str


@dataclass(frozen=True)
class Catalogue:
    """The rules by code, in code order."""

    entries: Mapping[str, Entry]
    names: Mapping[str, str] = field(default_factory=dict)
    """dotted name → code"""

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def code(self, code_or_name: str) -> str | None:
        """Return the code of a rule named by code (any case) or dotted name, or None."""
        upper = code_or_name.upper()
        return upper if upper in self.entries else self.names.get(code_or_name.lower())

    def find(self, code_or_name: str) -> Entry:
        """Return the rule named by code or dotted name.

        Raises
        ------
        UsageError
            If there is none; the nearest is named.
        """
        code = self.code(code_or_name)
        if code is not None:
            return self.entries[code]
        near = self.nearest(code_or_name)
        also = Text(f"；是否想写 {near}？", f". Did you mean {near}?") if near is not None else Text("", "")
        raise UsageError(
            Text("没有名为 {n} 的检查项{a}", "There is no rule named {n}{a}").format(n=code_or_name, a=also),
            hint=Text("运行 civdef explain 列出全部检查项。", "Run civdef explain to list every rule."),
        )

    def nearest(self, code_or_name: str) -> str | None:
        """Return the code or name most like what was written, or None."""
        wanted = code_or_name.lower()
        known = {c.lower(): c for c in self.entries} | {n: n for n in self.names}
        known |= {n.partition(".")[2]: n for n in self.names}
        close = difflib.get_close_matches(wanted, sorted(known), n=1, cutoff=0.5)
        return known[close[0]] if close else None


def build(modules: Iterable[ModuleType]) -> Catalogue:
    """Return the catalogue of rule modules.

    Raises
    ------
    ValueError
        For a module without `RULE` and `check`, a code or name used twice, an unknown family, or a file name that
        does not begin with the code.
    """
    entries: dict[str, Entry] = {}
    names: dict[str, str] = {}
    for module in modules:
        rule, check = getattr(module, "RULE", None), getattr(module, "check", None)
        short = module.__name__.rpartition(".")[2]
        if not isinstance(rule, Rule) or not callable(check):
            raise ValueError(f"{short}: a rule file declares RULE and check")
        if rule.code in entries:
            raise ValueError(f"{short}: code {rule.code} is taken by {entries[rule.code].module}")
        if rule.name in names:
            raise ValueError(f"{short}: name {rule.name} is taken by {names[rule.name]}")
        if rule.family not in FAMILIES:
            raise ValueError(f"{short}: unknown family {rule.family}")
        if not short.startswith(rule.code.lower() + "_"):
            raise ValueError(f"{short}: the file of {rule.code} is named {rule.code.lower()}_<fault>.py")
        entries[rule.code] = Entry(rule, check, short)
        names[rule.name] = rule.code
    return Catalogue(dict(sorted(entries.items())), dict(sorted(names.items())))


def catalogue() -> Catalogue:
    """Import every rule file and return the catalogue. Raises as :func:`build`."""
    return build(registry.modules(RULES))
