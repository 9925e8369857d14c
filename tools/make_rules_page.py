"""Write ``docs/rules.md``: the index of all audit rules, out of the rules themselves.

Run ``python -m tools.make_rules_page`` after adding or changing a rule; a test compares the page with the rules.
"""

from __future__ import annotations

from pathlib import Path

from civdef.audit.catalogue import catalogue
from civdef.audit.explain import rules_page
from civdef.files import write_text

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"

HEAD = """\
# Rules of the audit 审查检查项

Written by `python -m tools.make_rules_page` out of the rules; do not edit by hand. How the audit works, and how to write a
rule: [audit.md](audit.md). `civdef explain CODE` says more of each: why, an example, how to mend, how to switch off.

本页由 `python -m tools.make_rules_page` 根据检查项生成，请勿手工修改。审查的用法和检查项的写法见 [audit.md](audit.md)；
`civdef explain 编号` 可看每一项的原因、例子、改法和停用办法。

"""


def page() -> str:
    """Return the text of the page."""
    rules = catalogue()
    count = len(rules.entries)
    return (
        HEAD
        + f"## 中文（{count} 项）\n\n"
        + rules_page(rules, "zh")
        + f"\n## English ({count} rules)\n\n"
        + rules_page(rules, "en")
    )


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())
    print(PAGE.name)


if __name__ == "__main__":
    main()
