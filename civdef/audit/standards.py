"""The laws and standards that rules rest on, each written once."""

from __future__ import annotations

from dataclasses import dataclass

from civdef.audit.rule import Source
from civdef.text import Text

_DIGITS = "零一二三四五六七八九"


def chinese_number(n: int) -> str:
    """Return a whole number from 1 to 199 in Chinese, as articles are numbered. Raises ``ValueError`` outside."""
    if not 1 <= n <= 199:
        raise ValueError(f"{n}: articles are numbered from 1 to 199 here")
    hundreds, rest = divmod(n, 100)
    tens, units = divmod(rest, 10)
    out = "一百" if hundreds else ""
    if tens:
        out += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and units:
        out += "零"
    return out + (_DIGITS[units] if units else "")


@dataclass(frozen=True, slots=True)
class Standard:
    """A law, regulation or standard."""

    zh: str
    en: str
    confirmed: bool = True

    @property
    def whole(self) -> Source:
        """The standard as a whole."""
        return Source(Text(self.zh, self.en), confirmed=self.confirmed)

    def article(self, n: int, *, confirmed: bool = True) -> Source:
        """Return an article of a law."""
        clause = Text(f"第{chinese_number(n)}条", f"art. {n}")
        return Source(Text(self.zh, self.en), clause, self.confirmed and confirmed)

    def clause(self, number: str, *, confirmed: bool = True) -> Source:
        """Return a numbered clause of a standard."""
        return Source(
            Text(self.zh, self.en),
            Text(f"第 {number} 条", f"clause {number}"),
            self.confirmed and confirmed,
        )


RESPONSE_LAW = Standard("《突发事件应对法》（2024 年修订）", "Emergency Response Law (2024 revision)")
PLAN_MEASURES = Standard(
    "《突发事件应急预案管理办法》（国办发〔2024〕5号）",
    "Measures for the Management of Emergency Plans (2024)",
)
SAFETY_REGULATION = Standard(
    "《生产安全事故应急条例》（国务院令第708号）",
    "Regulation on Production-Safety Emergencies (State Council 708)",
)
ACCIDENT_REPORTS = Standard(
    "《生产安全事故报告和调查处理条例》（国务院令第493号）",
    "Regulation on Reporting Production-Safety Accidents (State Council 493)",
    confirmed=False,
)
HEALTH_REGULATION = Standard("《突发公共卫生事件应急条例》", "Regulation on Public-Health Emergencies")
CIVIL_AIR_DEFENCE_LAW = Standard("《人民防空法》（2009 年修正）", "Civil Air Defence Law (2009 amendment)")
CHONGQING = Standard(
    "《重庆市突发事件应对条例》（地方规定，供参照）", "Chongqing emergency regulations (local, as a guide)"
)
TOWNSHIP_PLAN = Standard(
    "GB/T 46793.2-2025《突发事件应急预案编制导则 第2部分：乡镇（街道）》",
    "GB/T 46793.2-2025, drafting emergency plans, part 2: townships and sub-districts",
)
SHELTER_DESIGN = Standard(
    "GB 51143-2015《防灾避难场所设计规范》", "GB 51143-2015, code for design of disaster-mitigation shelters"
)
AIR_DEFENCE_BASEMENT = Standard(
    "GB 50038-2005《人民防空地下室设计规范》", "GB 50038-2005, code for design of civil-air-defence basements"
)
PLANNING_GUIDE = Standard(
    "CPG 101 第 3 版（2021）应急预案编制指南",
    "CPG 101 version 3 (2021), developing and maintaining emergency operations plans",
    confirmed=False,
)
CIVDEF = Standard("civdef 的规划规则", "planning rule of civdef")
"""Our own reasoning: a plan that breaks it cannot be carried out as written."""
