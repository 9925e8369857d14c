"""Who holds what: every role of the organisation and the person in it.

The single source of the roster. ``python -m tools.make_sample.cast`` prints role → person id as JSON.
Ids do not depend on the map: they follow from the roles alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tools.make_sample import shelters

COMMUNITIES = ("wanghai", "hubin", "gulou", "xinqiao", "mingquan", "nanshan")
GROUPS = ("command", "evacuation", "consequence", "supply", "transport", "security", "mobilisation")
SECTIONS = ("rescue", "patrol", "medical", "fire")
AS_OF = dt.date(2026, 11, 1)

_SURNAME_TEXT = (
    "王 wang;李 li;张 zhang;刘 liu;陈 chen;杨 yang;赵 zhao;黄 huang;周 zhou;吴 wu;徐 xu;孙 sun;胡 hu;朱 zhu;高 gao;林 lin;何 he;"
    "郭 guo;马 ma;罗 luo;梁 liang;宋 song;郑 zheng;谢 xie;韩 han;唐 tang;冯 feng;于 yu;董 dong;萧 xiao;程 cheng;曹 cao;袁 yuan;邓 deng;"
    "许 xu;傅 fu;沈 shen;曾 zeng;彭 peng;吕 lü;苏 su;卢 lu;蒋 jiang;蔡 cai;贾 jia;丁 ding;魏 wei;薛 xue;叶 ye;阎 yan;余 yu;潘 pan;杜 du;"
    "戴 dai;夏 xia;钟 zhong;汪 wang;田 tian;任 ren;姜 jiang;范 fan;方 fang;石 shi;姚 yao;谭 tan;廖 liao;邹 zou;熊 xiong;金 jin;陆 lu"
)
_GIVEN_TEXT = (
    "伟 wei;芳 fang;娜 na;敏 min;静 jing;丽 li;强 qiang;磊 lei;军 jun;洋 yang;勇 yong;艳 yan;杰 jie;娟 juan;涛 tao;明 ming;超 chao;霞 xia;"
    "平 ping;刚 gang;桂英 guiying;建国 jianguo;建华 jianhua;志强 zhiqiang;秀兰 xiulan;秀英 xiuying;海燕 haiyan;晓东 xiaodong;晓燕 xiaoyan;"
    "文博 wenbo;子轩 zixuan;雨桐 yutong;思远 siyuan;佳怡 jiayi;国栋 guodong;永康 yongkang;春梅 chunmei;玉兰 yulan;德明 deming;光辉 guanghui;"
    "立新 lixin;宏伟 hongwei;丽华 lihua;金花 jinhua;学文 xuewen;少华 shaohua;婷婷 tingting;丹丹 dandan;鹏飞 pengfei;云龙 yunlong;新民 xinmin;"
    "长青 changqing;振华 zhenhua;红梅 hongmei;彩云 caiyun;水生 shuisheng;根发 genfa;阿宝 abao;凤仙 fengxian;月娥 yuee;雪琴 xueqin;美玲 meiling;"
    "宝珠 baozhu;俊杰 junjie;浩然 haoran;欣妍 xinyan;泽宇 zeyu;诗涵 shihan;梦洁 mengjie;嘉豪 jiahao;启明 qiming;树人 shuren;守义 shouyi;"
    "维新 weixin;兴旺 xingwang;庆丰 qingfeng;国庆 guoqing;跃进 yuejin;爱华 aihua;爱民 aimin;素珍 suzhen;淑贤 shuxian;慧君 huijun;若兰 ruolan"
)
SURNAMES = tuple(tuple(item.split()) for item in _SURNAME_TEXT.split(";"))
GIVEN_NAMES = tuple(tuple(item.split()) for item in _GIVEN_TEXT.split(";"))


@dataclass
class Person:
    """A line of the roster; home is filled in when the town is known."""

    id: str
    zh: str
    en: str
    role: str
    office: str
    community: str = ""
    lives: str = ""
    """Community that the person lives in; empty for someone from outside the street."""
    home: str = ""
    skills: tuple[str, ...] = ()
    phone: str = ""
    alternate: str = ""
    checked: str = ""
    travel_night_min: int = 30
    travel_workday_min: int = 8


@dataclass
class Cast:
    """All people, and who holds which role.

    Attributes
    ----------
    people
        In order of appointment.
    one
        Role held by one person → person id, e.g. ``group.evacuation.head``.
    many
        Role held by several → person ids, e.g. ``team.rescue.members``.
    """

    people: list[Person] = field(default_factory=list)
    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)
    _names: Counter[str] = field(default_factory=Counter)

    def appoint(
        self, role: str, office: str, *, community: str = "", lives: str = "", skills: tuple[str, ...] = ()
    ) -> str:
        """Add one person for `role`; return the id."""
        rng = Random(f"civdef sample cast {role}")
        surname = rng.choice(SURNAMES)
        given = rng.choice(GIVEN_NAMES)
        pinyin = f"{surname[1].replace('ü', 'v')}-{given[1]}"
        self._names[pinyin] += 1
        person_id = f"person/{pinyin}-{self._names[pinyin]}"
        k = len(self.people) + 1
        checked = AS_OF - dt.timedelta(days=rng.randint(4, 80))
        person = Person(
            person_id,
            surname[0] + given[0],
            f"{surname[1].capitalize()} {given[1].capitalize()}",
            role,
            office,
            f"community/{community}" if community else "",
            lives,
            skills=skills,
            phone=f"1990000{k:04d}",
            alternate=f"1990001{k:04d}" if rng.random() < 0.85 else "",
            checked=checked.isoformat(),
            travel_night_min=rng.randint(6, 18) if lives else rng.randint(22, 45),
            travel_workday_min=rng.randint(3, 10),
        )
        self.people.append(person)
        return person_id

    def single(self, role: str, office: str, **more: object) -> None:
        """Appoint the only holder of `role`."""
        self.one[role] = self.appoint(role, office, **more)  # type: ignore[arg-type]

    def several(self, role: str, count: int, offices: tuple[str, ...], **more: object) -> None:
        """Appoint `count` people, their offices in turn."""
        self.many[role] = [
            self.appoint(f"{role}.{k + 1}", offices[k % len(offices)], **more)  # type: ignore[arg-type]
            for k in range(count)
        ]


def _lives() -> Iterator[str]:
    while True:
        yield from ("wanghai", "", "hubin", "mingquan", "", "nanshan", "gulou", "", "xinqiao", "wanghai")


def appoint() -> Cast:
    """Everyone whose role does not depend on the map, always the same people."""
    cast = Cast()
    lives = _lives()
    _headquarters(cast, lives)
    _groups(cast, lives)
    _teams(cast, lives)
    for name in COMMUNITIES:
        _community(cast, name)
    for shelter_id, community in shelters.ids():
        office = f"office/community-{community}"
        cast.several(
            f"shelter.{shelter_id.split('/')[1]}.openers", 2, (office,),
            community=community, lives=community, skills=("shelter_keys",),
        )  # fmt: skip
    return cast


def _headquarters(cast: Cast, lives: Iterator[str]) -> None:
    leaders = (
        ("headquarters.commander_party", "office/party-government"),
        ("headquarters.commander_director", "office/party-government"),
        ("headquarters.deputy_urban_management", "office/urban-management"),
        ("headquarters.deputy_armed_forces", "office/armed-forces"),
        ("headquarters.deputy_secretary", "office/party-government"),
    )
    for role, office in leaders:
        cast.single(role, office, lives=next(lives), skills=("command",))
    offices = (
        "emergency",
        "civil-affairs",
        "economy",
        "judicial",
        "police-station",
        "health-centre",
        "logistics",
        "publicity",
    )
    for office in offices:
        role = f"headquarters.member_{office.replace('-', '_')}"
        cast.single(role, f"office/{office}", lives=next(lives), skills=("command",))


_GROUP_OFFICES: dict[str, tuple[str, ...]] = {
    "command": ("party-government", "emergency", "party-government"),
    "evacuation": ("civil-affairs", "housing", "emergency"),
    "consequence": ("urban-management", "emergency", "logistics"),
    "supply": ("economy", "logistics", "civil-affairs"),
    "transport": ("logistics", "economy", "urban-management"),
    "security": ("police-station", "judicial", "armed-forces"),
    "mobilisation": ("armed-forces", "publicity", "party-government"),
}
_GROUP_SKILLS = {
    "command": "radio", "evacuation": "marshalling", "consequence": "rescue", "supply": "stores",
    "transport": "dispatch", "security": "traffic_control", "mobilisation": "publicity",
}  # fmt: skip


def _groups(cast: Cast, lives: Iterator[str]) -> None:
    for name in GROUPS:
        offices = tuple(f"office/{o}" for o in _GROUP_OFFICES[name])
        skills = (_GROUP_SKILLS[name],)
        cast.single(f"group.{name}.head", offices[0], lives=next(lives), skills=("command", *skills))
        cast.single(f"group.{name}.deputy", offices[1], lives=next(lives), skills=("command", *skills))
        members = []
        for k in range(8 if name in ("command", "evacuation") else 6):
            members.append(
                cast.appoint(
                    f"group.{name}.members.{k + 1}", offices[k % 3], lives=next(lives), skills=skills
                )
            )
        cast.many[f"group.{name}.members"] = members


def _teams(cast: Cast, lives: Iterator[str]) -> None:
    plans: tuple[tuple[str, int, tuple[str, ...], tuple[str, ...]], ...] = (
        ("rescue", 13, ("office/urban-management", "office/logistics"), ("rescue", "repair")),
        ("security", 26, ("office/judicial", "office/police-station", "office/property-guards"), ("security", "fire_fighting")),
        ("medical", 14, ("office/health-centre",), ("first_aid", "nursing")),
    )  # fmt: skip
    for name, size, offices, skills in plans:
        cast.single(f"team.{name}.leader", offices[0], lives=next(lives), skills=("command", *skills))
        cast.single(f"team.{name}.deputy", offices[-1], lives=next(lives), skills=skills)
        rest = [
            cast.appoint(
                f"team.{name}.members.{k + 1}", offices[k % len(offices)], lives=next(lives), skills=skills
            )
            for k in range(size - 2)
        ]
        cast.many[f"team.{name}.members"] = [
            cast.one[f"team.{name}.leader"],
            cast.one[f"team.{name}.deputy"],
            *rest,
        ]
    for role, count, office, skills in (
        ("command_room.duty_leaders", 6, "office/party-government", ("command",)),
        ("command_room.duty_officers", 10, "office/emergency", ("duty",)),
        ("command_room.signals", 8, "office/emergency", ("radio", "telephone")),
        ("transport.drivers", 30, "office/logistics", ("driving",)),
    ):
        cast.many[role] = [
            cast.appoint(f"{role}.{k + 1}", office, lives=next(lives), skills=skills) for k in range(count)
        ]


def _community(cast: Cast, name: str) -> None:
    office = f"office/community-{name}"
    root = f"community.{name}"
    here = {"community": name, "lives": name}
    cast.single(f"{root}.secretary", office, skills=("command",), **here)
    cast.single(f"{root}.security_cadre", office, skills=("command", "security"), **here)
    cast.single(f"{root}.civil_affairs_cadre", office, skills=("registers",), **here)
    cast.single(f"{root}.information_reporter", office, skills=("reporting",), **here)
    skills = {
        "rescue": ("rescue",), "patrol": ("patrol",), "medical": ("first_aid",), "fire": ("fire_fighting",),
    }  # fmt: skip
    for k, section in enumerate(SECTIONS):
        size = 6 + (k + len(name)) % 5
        cast.several(
            f"{root}.volunteers.{section}", size, (f"office/property-{name}", office, f"office/residents-{name}"),
            skills=skills[section], **here,
        )  # fmt: skip
    cast.several(f"{root}.marshals", 10, (f"office/residents-{name}",), skills=("marshalling",), **here)
    cast.several(f"{root}.siren_operators", 2, (office,), skills=("siren",), **here)


OFFICES: dict[str, tuple[str, str]] = {
    "office/party-government": ("党政综合办公室", "Party and Government Office"),
    "office/emergency": ("应急管理办公室", "Emergency Management Office"),
    "office/urban-management": ("城市管理办公室", "Urban Management Office"),
    "office/armed-forces": ("人民武装部", "People's Armed Forces Department"),
    "office/civil-affairs": ("民政和社会事务办公室", "Civil Affairs Office"),
    "office/economy": ("经济发展办公室", "Economic Development Office"),
    "office/judicial": ("司法所", "Judicial Office"),
    "office/housing": ("房管所", "Housing Office"),
    "office/publicity": ("宣传和群团工作办公室", "Publicity and Mass Organisations Office"),
    "office/police-station": ("明泽湖派出所", "Mingze Lake Police Station"),
    "office/health-centre": ("社区卫生服务中心", "Community Health Centre"),
    "office/logistics": ("后勤服务中心", "Logistics Service Centre"),
    "office/property-guards": ("物业保安联合队", "Joint Property Guards"),
    **{
        f"office/{kind}-{key}": (f"{zh}社区{zh2}", f"{en} {en2}")
        for key, zh, en in (
            ("wanghai", "望海", "Wanghai"), ("hubin", "湖滨", "Hubin"), ("gulou", "鼓楼", "Gulou"),
            ("xinqiao", "新桥", "Xinqiao"), ("mingquan", "明泉", "Mingquan"), ("nanshan", "南山", "Nanshan"),
        )
        for kind, zh2, en2 in (
            ("community", "居民委员会", "Residents' Committee"),
            ("property", "物业服务站", "Property Service Station"),
            ("residents", "居民志愿者之家", "Residents' Volunteer House"),
        )
    },
}  # fmt: skip
"""Every office that the roster names."""


if __name__ == "__main__":
    found = appoint()
    print(
        json.dumps({"one": found.one, "many": found.many, "offices": OFFICES}, ensure_ascii=False, indent=1)
    )
