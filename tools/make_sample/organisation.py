"""``plans/organisation.yaml``: headquarters, offices, posts, groups, teams, channels, reporting lines.

The people come from the cast; duties, times and shares stand here, each with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.make_sample import shelters
from tools.make_sample.cast import COMMUNITIES, GROUPS, OFFICES, SECTIONS, Cast, appoint

COMMUNITY_NAMES = {
    "wanghai": ("望海", "Wanghai"),
    "hubin": ("湖滨", "Hubin"),
    "gulou": ("鼓楼", "Gulou"),
    "xinqiao": ("新桥", "Xinqiao"),
    "mingquan": ("明泉", "Mingquan"),
    "nanshan": ("南山", "Nanshan"),
}
SECTION_NAMES = {
    "rescue": ("抢险小组", "Rescue section"),
    "patrol": ("巡逻小组", "Patrol section"),
    "medical": ("医护小组", "Medical section"),
    "fire": ("消防小组", "Fire section"),
}
COMMAND_ROOM = "fixed-post/command-room"
ALTERNATE_COMMAND_ROOM = "fixed-post/alternate-command-room"
GROUP_BASES = {
    "command": COMMAND_ROOM,
    "evacuation": COMMAND_ROOM,
    "consequence": COMMAND_ROOM,
    "supply": "fixed-post/street-store",
    "transport": "fixed-post/vehicle-yard",
    "security": "fixed-post/police-station",
    "mobilisation": COMMAND_ROOM,
}
TEAM_BASES = {
    "rescue-repair": "fixed-post/street-store",
    "security-fire": "fixed-post/police-station",
    "medical": "fixed-post/health-centre",
    "drivers": "fixed-post/vehicle-yard",
    "signals": "fixed-post/communications-room",
}

HEADER = """\
# 明泽湖街道组织体系 · The organisation of Mingze Lake Sub-district
#
# 本文件由 python -m tools.make_sample 生成，也可直接修改。人员的电话和住址在 roster.csv，这里只写编号。
# Made by python -m tools.make_sample; may be edited by hand. Telephone numbers and homes are in roster.csv,
# here people appear by their ids only.
#
#   headquarters     街道民事防护指挥部      the street's civil-protection headquarters
#   offices          人员所属的办公室和单位  offices that people belong to
#   posts            岗位：谁任职、谁代理    posts: who holds them, who stands in
#   groups           七个指挥组              the seven command groups
#   teams            专业队伍和社区志愿队    street teams and community volunteers
#   channels         通信手段及其可靠程度    means of communication and how well they work
#   reporting_lines  谁多久向谁报告          who reports to whom, how often
#
# 分钟数写成 [最短, 最可能, 最长]。 Minutes are [low, likely, high].
"""

GROUP_TEXTS: dict[str, tuple[str, str, list[tuple[str, str]], list[tuple[str, str]]]] = {
    "command": (
        "指挥协调组",
        "Command and Coordination Group",
        [
            (
                "值班值守，接收、传递预警并叫应",
                "Keep the duty; receive and relay warnings and get them answered",
            ),
            ("汇总情况，起草命令和报告", "Build the picture; draft orders and reports"),
            (
                "联络区级部门和相邻街道",
                "Keep contact with district departments and neighbouring sub-districts",
            ),
        ],
        [
            (
                "开设指挥室，接收、核实、传递防空警报",
                "Open the command room; receive, verify and relay air-raid signals",
            ),
            ("记录指挥日志", "Keep the log"),
            (
                "联络区国防动员办公室和区人民武装部",
                "Keep contact with the district mobilisation office and armed forces department",
            ),
        ],
    ),
    "evacuation": (
        "疏散掩蔽与防护组",
        "Evacuation, Sheltering and Protection Group",
        [
            ("掌握避险转移路线和避难场所", "Keep evacuation routes and shelters up to date"),
            ("组织疏散引导，清点人数", "Organise marshals and head counts"),
            ("帮助行动不便的居民", "Help residents who cannot walk"),
        ],
        [
            ("登记疏散人员，分期组织疏散", "Register evacuees and move them in stages"),
            ("开启和管理人员掩蔽工程", "Open and run the personnel shelters"),
            ("指导个人防护", "Teach individual protection"),
        ],
    ),
    "consequence": (
        "消除空袭和灾害后果组",
        "Consequence Management Group",
        [
            ("组织搜救，配合灭火", "Organise search and rescue; support firefighting"),
            ("配合供水、供电、燃气、通信抢修", "Support repairs of water, power, gas and communications"),
            ("组织医疗救护和卫生防疫", "Organise medical care and disease prevention"),
        ],
        [
            ("侦察毁伤情况，抢救被困人员", "Survey damage and free trapped people"),
            ("配合未爆弹药警戒", "Support cordons round unexploded ordnance"),
            ("组织消毒和消除沾染", "Organise disinfection and decontamination"),
        ],
    ),
    "supply": (
        "物资保障组",
        "Materiel and Supply Support Group",
        [
            ("储备、购置、调用和发放应急物资", "Stock, buy, borrow and issue emergency supplies"),
            ("供应避难场所饮水、食品和被服", "Supply shelters with water, food and bedding"),
            ("登记和使用社会捐赠", "Record and use gifts"),
        ],
        [
            ("管理和配发生活物资", "Manage and issue daily necessities"),
            ("供应人员掩蔽工程", "Supply the personnel shelters"),
        ],
    ),
    "transport": (
        "车辆运输组",
        "Transport Group",
        [
            ("掌握车辆、驾驶员和油料", "Keep the list of vehicles, drivers and fuel"),
            ("调度抢险和转移用车", "Dispatch vehicles for rescue and evacuation"),
        ],
        [
            ("编组疏散车队，运送人员和物资", "Form evacuation columns; move people and goods"),
            ("依法配合民用运力征用", "Support the lawful requisition of civilian transport"),
        ],
    ),
    "security": (
        "维护治安组",
        "Public Security and Order Group",
        [
            ("警戒现场，疏导交通", "Cordon scenes and direct traffic"),
            ("巡逻防范，看护空置楼院", "Patrol; watch over empty buildings and yards"),
            ("制止谣言", "Stop rumours"),
        ],
        [
            ("实行交通管制和灯火管制", "Carry out traffic control and blackout"),
            (
                "守护重要目标、人员掩蔽工程和物资库",
                "Guard key sites, personnel shelters and stores",
            ),
        ],
    ),
    "mobilisation": (
        "动员支前组",
        "Mobilisation and Front Support Group",
        [
            ("动员志愿者和社会捐助", "Mobilise volunteers and gifts"),
            ("开展宣传，稳定情绪", "Inform the public and keep people calm"),
            ("慰问救援人员及家属", "Care for rescuers and their families"),
        ],
        [
            ("配合兵员征集和民兵动员", "Support conscription and militia call-up"),
            ("组织拥军支前", "Organise support for the troops"),
        ],
    ),
}
"""Group → names, duties in peace, duties in war."""

CHANNELS: tuple[tuple[str, str, str, str, str, float, float, int, bool, str, str], ...] = (
    # id, zh, en, kind, call_min, answer share, wait before the next try, tries, simultaneous, backup, source
    (
        "phone", "电话", "Telephone", "phone", "[1, 1.5, 2]", 0.80, 2, 3, False, "radio",
        "每次通话1–2分钟、一次接通率80%均为规划假设，以演练实测修正 · "
        "1-2 min a call and 80% answered at the first try are planning assumptions; measure them in drills",
    ),
    (
        "radio", "无线电台", "Radio", "radio", "[0.5, 1, 2]", 0.95, 1, 2, True, "phone",
        "规划假设：网内呼叫，同时收听、逐台应答 · planning assumption: a call on the net, heard by all and answered in turn",
    ),
    (
        "wechat", "微信工作群", "WeChat work group", "messenger", "[1, 2, 4]", 0.70, 3, 3, True, "phone",
        "规划假设：70%的人在首次提醒后回复，未回复的电话叫应 · "
        "planning assumption: 70% answer the first message; the others are telephoned",
    ),
    (
        "sms", "短信", "Text message", "sms", "[2, 4, 8]", 0.55, 5, 2, True, "phone",
        "规划假设：群发到达2–8分钟 · planning assumption: a mass message takes 2-8 min",
    ),
    (
        "loudspeaker", "社区广播", "Community loudspeakers", "loudspeaker", "[1, 2, 3]", 0.85, 3, 3, True, "door-to-door",
        "规划假设：室内听清比例85%，其余由逐楼核查补足 · "
        "planning assumption: 85% understand it indoors; the rest are reached door by door",
    ),
    (
        "siren", "防空警报", "Air-raid sirens", "siren", "[1, 2, 3]", 0.90, 5, 2, True, "loudspeaker",
        "每种信号鸣响3分钟；听清比例为规划假设 · each signal lasts 3 min; the share that hears it is a planning assumption",
    ),
    (
        "door-to-door", "入户通知", "Door to door", "door_to_door", "[0.4, 0.6, 1.2]", 0.90, 10, 2, False, "",
        "规划假设：两人一组，楼道喊话、敲门，每个单元0.4–1.2分钟 · planning assumption: a pair calls out and knocks, 0.4-1.2 min a stairwell",
    ),
    (
        "fax", "传真", "Fax", "fax", "[3, 5, 8]", 0.95, 5, 3, False, "phone",
        "规划假设：含回执确认 · planning assumption, with acknowledgement",
    ),
    (
        "runner", "通信员徒步传递", "Runner on foot", "runner", "[8, 12, 20]", 0.98, 5, 1, False, "",
        "规划假设：指挥室到各社区步行约1公里 · planning assumption: about 1 km on foot from the command room to a community",
    ),
)  # fmt: skip


class _Writer:
    """Collects the lines of the file."""

    def __init__(self, cast: Cast) -> None:
        self.lines: list[str] = [HEADER.rstrip("\n")]
        self._names = {p.id: p.zh for p in cast.people}

    def section(self, key: str, zh: str, en: str) -> None:
        """Start a top-level key under a ruled heading."""
        self.lines += ["", f"# ── {zh} · {en}", "", f"{key}:"]

    def note(self, text: str) -> None:
        """Add a comment between the items of a list."""
        self.lines += ["", f"  # {text}"]

    def put(self, text: str, indent: int = 4) -> None:
        """Add one line."""
        self.lines.append(" " * indent + text)

    def named(self, object_id: str, zh: str, en: str) -> None:
        """Start an item of a list with its id and name."""
        self.put(f"- id: {object_id}", 2)
        self.put("name:")
        self.put(f"zh: {zh}", 6)
        self.put(f"en: {en}", 6)

    def person(self, key: str, person_id: str, indent: int = 4) -> None:
        """Add a field that names a person, with the name as a comment."""
        self.put(f"{key}: {person_id}  # {self._names[person_id]}", indent)

    def refs(self, key: str, ids: Iterable[str], indent: int = 4) -> None:
        """Add a list of references; people carry their name as a comment. An empty list is left out."""
        found = list(ids)
        if not found:
            return
        self.put(f"{key}:", indent)
        for ref in found:
            name = self._names.get(ref)
            self.put(f"- {ref}" + (f"  # {name}" if name else ""), indent + 2)

    def texts(self, key: str, texts: Sequence[tuple[str, str]]) -> None:
        """Add a list of names in both languages."""
        self.put(f"{key}:")
        for zh, en in texts:
            self.put(f"- zh: {zh}", 6)
            self.put(f"en: {en}", 8)


def text() -> str:
    """Return the whole file; always the same bytes."""
    cast = appoint()
    out = _Writer(cast)
    _headquarters(out, cast)
    _offices(out)
    _posts(out, cast)
    _groups(out, cast)
    _teams(out, cast)
    _channels(out)
    _reporting(out)
    return "\n".join(out.lines) + "\n"


def write(root: Path) -> None:
    """Write ``plans/organisation.yaml`` below `root`."""
    target = root / "plans" / "organisation.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text(), encoding="utf-8", newline="\n")


def _headquarters(out: _Writer, cast: Cast) -> None:
    out.section("headquarters", "指挥部", "Headquarters")
    out.put("id: headquarters/street", 2)
    out.put("name:", 2)
    out.put("zh: 明泽湖街道民事防护指挥部", 4)
    out.put("en: Civil-Protection Headquarters of Mingze Lake Sub-district", 4)
    out.put(
        "# 党工委书记、办事处主任同为总指挥。 The party secretary and the street director command jointly.", 2
    )
    out.refs("commanders", ("post/commander-party", "post/commander-director"), 2)
    out.refs(
        "deputies",
        (f"post/{p}" for p in ("deputy-urban-management", "deputy-armed-forces", "deputy-secretary")),
        2,
    )
    members = [f"post/{g}-head" for g in GROUPS] + [f"post/{c}-secretary" for c in COMMUNITIES]
    members += [p for role, p in cast.one.items() if role.startswith("headquarters.member_")]
    out.refs("members", members, 2)
    out.put(f"command_room: {COMMAND_ROOM}", 2)
    out.put(f"alternate_command_room: {ALTERNATE_COMMAND_ROOM}", 2)
    out.put('duty_phone: "000-88000304"', 2)


def _offices(out: _Writer) -> None:
    out.section("offices", "办公室和单位", "Offices")
    for office_id, (zh, en) in OFFICES.items():
        out.named(office_id, zh, en)


def _post(
    out: _Writer, post_id: str, zh: str, en: str, holder: str, stand_ins: Sequence[str], office: str
) -> None:
    out.named(f"post/{post_id}", zh, en)
    out.person("holder", holder)
    out.refs("stand_ins", stand_ins)
    out.put(f"office: {office}")


def _posts(out: _Writer, cast: Cast) -> None:
    out.section("posts", "岗位", "Posts")
    offices = {p.id: p.office for p in cast.people}
    out.note(
        "指挥部：代理顺序见《民事防护预案》2.1.3 · headquarters; order of stand-ins: civil-protection plan 2.1.3"
    )
    commanders = ("commander-party", "commander-director")
    rest = ("deputy-armed-forces", "deputy-secretary", "deputy-urban-management")
    for slug, zh, en in (
        ("commander-party", "总指挥（党工委书记）", "Commander (party work-committee secretary)"),
        ("commander-director", "总指挥（办事处主任）", "Commander (street director)"),
        (
            "deputy-urban-management",
            "副总指挥（分管城市管理的副主任）",
            "Deputy commander (deputy director for urban management)",
        ),
        (
            "deputy-armed-forces",
            "副总指挥（人民武装部部长）",
            "Deputy commander (head of the people's armed forces department)",
        ),
        ("deputy-secretary", "副总指挥（党工委副书记）", "Deputy commander (deputy party secretary)"),
    ):
        order = (*commanders, *rest) if slug in commanders else rest
        holder = cast.one[f"headquarters.{slug.replace('-', '_')}"]
        _post(out, slug, zh, en, holder, [f"post/{s}" for s in order if s != slug], offices[holder])
    out.note(
        "值班：每班何人以 duty.csv 为准，其他人依次接替 · duty: duty.csv says who is on; the others follow in turn"
    )
    for slug, zh, en, role in (
        ("duty-leader", "带班领导", "Duty leader", "command_room.duty_leaders"),
        ("duty-officer", "值班员", "Duty officer", "command_room.duty_officers"),
        ("signals", "通信值班员", "Signals officer on duty", "command_room.signals"),
    ):
        first, *others = cast.many[role]
        _post(out, slug, zh, en, first, others, offices[first])
    out.note(
        "指挥组：组长由副组长代理，副组长由第一名组员代理 · groups: the deputy stands in for the head, the first member for the deputy"
    )
    for group in GROUPS:
        zh, en, *_ = GROUP_TEXTS[group]
        head, deputy = cast.one[f"group.{group}.head"], cast.one[f"group.{group}.deputy"]
        _post(
            out,
            f"{group}-head",
            f"{zh}组长",
            f"Head of the {en}",
            head,
            [f"post/{group}-deputy"],
            offices[head],
        )
        first = cast.many[f"group.{group}.members"][0]
        _post(
            out,
            f"{group}-deputy",
            f"{zh}副组长",
            f"Deputy head of the {en}",
            deputy,
            [first],
            offices[deputy],
        )
    out.note(
        "社区：书记由治保主任代理 · communities: the public-security officer stands in for the secretary"
    )
    for community in COMMUNITIES:
        zh, en = COMMUNITY_NAMES[community]
        secretary, cadre, next_in_turn = (
            cast.one[f"community.{community}.{r}"]
            for r in ("secretary", "security_cadre", "civil_affairs_cadre")
        )
        _post(
            out, f"{community}-secretary", f"{zh}社区党委书记", f"Party secretary of {en} community",
            secretary, [f"post/{community}-security"], offices[secretary],
        )  # fmt: skip
        _post(
            out, f"{community}-security", f"{zh}社区治保主任", f"Public-security officer of {en} community",
            cadre, [next_in_turn], offices[cadre],
        )  # fmt: skip


def _groups(out: _Writer, cast: Cast) -> None:
    out.section("groups", "七个指挥组", "The seven command groups")
    out.put("# muster_min：接到通知后准备出发的时间；路上时间见 roster.csv，规划假设，以演练实测修正。", 2)
    out.put(
        "# muster_min: time to get ready once called; travel is in roster.csv. Planning assumptions, to be measured.",
        2,
    )
    for group in GROUPS:
        zh, en, peace, war = GROUP_TEXTS[group]
        out.named(f"group/{group}", zh, en)
        out.put(f"head: post/{group}-head")
        out.put(f"deputy: post/{group}-deputy")
        out.refs("members", cast.many[f"group.{group}.members"])
        out.put("reports_to: post/" + ("commander-director" if group == "command" else "command-head"))
        out.put(f"base: {GROUP_BASES[group]}")
        out.texts("duties_peace", peace)
        out.texts("duties_war", war)
        out.put("muster_min: [3, 6, 12]")


def _team(
    out: _Writer, slug: str, names: tuple[str, str], kind: str, group: str, people: Sequence[str], base: str,
    ready: str, community: str = "",
) -> None:  # fmt: skip
    leader, *others = people
    out.named(f"team/{slug}", *names)
    out.put(f"kind: {kind}")
    out.put(f"group: group/{group}")
    if community:
        out.put(f"community: community/{community}")
    out.person("leader", leader)
    if others:
        out.person("deputy", others[0])
    out.refs("members", others[1:])
    out.put(f"base: {base}")
    out.put(f"muster_min: {ready}")


def _teams(out: _Writer, cast: Cast) -> None:
    out.section("teams", "队伍", "Teams")
    out.note("专业队伍 · street teams: 13 + 26 + 14")
    for slug, names, kind, group, role in (
        (
            "rescue-repair",
            ("抢险抢修队", "Rescue and Repair Team"),
            "rescue_repair",
            "consequence",
            "team.rescue.members",
        ),
        (
            "security-fire",
            ("治安消防队", "Security and Fire Team"),
            "security_fire",
            "security",
            "team.security.members",
        ),
        ("medical", ("医疗救护队", "Medical Team"), "medical", "consequence", "team.medical.members"),
        ("drivers", ("驾驶员队", "Drivers"), "transport", "transport", "transport.drivers"),
        ("signals", ("通信队", "Signals Team"), "signals", "command", "command_room.signals"),
    ):
        _team(out, slug, names, kind, group, cast.many[role], TEAM_BASES[slug], "[3, 6, 12]")
    out.note(
        "社区志愿队：书记任队长，治保主任任副队长，四个小组 · volunteers: led by the secretary, four sections"
    )
    for community in COMMUNITIES:
        _volunteers(out, cast, community)
    out.note("社区疏散引导队和避难场所开设队 · marshals and shelter crews of the communities")
    for community in COMMUNITIES:
        zh, en = COMMUNITY_NAMES[community]
        base = f"fixed-post/{community}-office"
        marshals = [
            cast.one[f"community.{community}.information_reporter"],
            *cast.many[f"community.{community}.marshals"],
        ]
        names = (f"{zh}社区疏散引导队", f"{en} Marshals")
        _team(
            out,
            f"{community}-marshals",
            names,
            "marshal",
            "evacuation",
            marshals,
            base,
            "[2, 4, 8]",
            community,
        )
        crew = [cast.one[f"community.{community}.civil_affairs_cadre"]]
        for shelter, where in shelters.ids():
            if where == community:
                crew += cast.many[f"shelter.{shelter.split('/')[1]}.openers"]
        names = (f"{zh}社区避难场所开设队", f"{en} Shelter Crew")
        _team(
            out, f"{community}-shelters", names, "shelter", "evacuation", crew, base, "[1, 3, 6]", community
        )


def _volunteers(out: _Writer, cast: Cast, community: str) -> None:
    zh, en = COMMUNITY_NAMES[community]
    out.named(f"team/{community}-volunteers", f"{zh}社区民事防护志愿队", f"{en} Civil-Protection Volunteers")
    out.put("kind: volunteer")
    out.put("group: group/evacuation")
    out.put(f"community: community/{community}")
    out.person("leader", cast.one[f"community.{community}.secretary"])
    out.person("deputy", cast.one[f"community.{community}.security_cadre"])
    out.put("sections:")
    for section in SECTIONS:
        zh_section, en_section = SECTION_NAMES[section]
        out.put("- name:", 6)
        out.put(f"zh: {zh_section}", 10)
        out.put(f"en: {en_section}", 10)
        out.refs("members", cast.many[f"community.{community}.volunteers.{section}"], 8)
    out.put(f"base: fixed-post/{community}-office")
    out.put("muster_min: [2, 4, 8]")


def _channels(out: _Writer) -> None:
    out.section("channels", "通信手段", "Channels")
    out.put(
        "# call_min 一次通话或一条信息的用时；answer_share 首次呼叫的应答比例；simultaneous 一次告知所有人；backup 备用手段。",
        2,
    )
    out.put("# call_min: time of one call or message; answer_share: answered at the first try;", 2)
    out.put("# simultaneous: one message reaches all at once; backup: what is used when it fails.", 2)
    for slug, zh, en, kind, call, share, retry, tries, simultaneous, backup, source in CHANNELS:
        out.named(f"channel/{slug}", zh, en)
        out.put(f"kind: {kind}")
        out.put(f"call_min: {call}")
        out.put(f"answer_share: {share:.2f}")
        out.put(f"retry_min: {retry}")
        out.put(f"tries: {tries}")
        out.put(f"simultaneous: {'true' if simultaneous else 'false'}")
        if backup:
            out.put(f"backup: channel/{backup}")
        out.put(f'source: "{source}"')


def _reporting(out: _Writer) -> None:
    out.section("reporting_lines", "报告关系", "Reporting lines")
    lines: list[tuple[str, str, int, str]] = [("group/command", "headquarters/street", 30, "radio")]
    lines += [(f"group/{g}", "group/command", 30, "phone") for g in GROUPS if g != "command"]
    lines += [
        ("team/rescue-repair", "group/consequence", 15, "radio"),
        ("team/medical", "group/consequence", 15, "radio"),
        ("team/security-fire", "group/security", 15, "radio"),
        ("team/drivers", "group/transport", 30, "radio"),
        ("team/signals", "group/command", 30, "radio"),
    ]
    for community in COMMUNITIES:
        lines += [
            (f"team/{community}-volunteers", "group/evacuation", 15, "radio"),
            (f"team/{community}-marshals", f"team/{community}-volunteers", 15, "phone"),
            (f"team/{community}-shelters", "group/evacuation", 30, "phone"),
        ]
    lines += [
        ("group/command", "external/district-command", 60, "fax"),
        ("group/command", "external/district-emergency-bureau", 60, "phone"),
        ("group/command", "external/district-civil-defence-office", 60, "fax"),
    ]
    for sender, to, every, channel in lines:
        out.put(f"- from: {sender}", 2)
        out.put(f"to: {to}")
        out.put(f"every_min: {every}")
        out.put(f"channel: channel/{channel}")
