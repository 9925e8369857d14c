"""The organisation: people, offices, posts, headquarters, command groups, teams, channels, reporting, duty."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from civdef.model.base import (
    BodyRef,
    BuildingRef,
    ChannelRef,
    CommunityRef,
    Date,
    Estimate,
    FixedPostRef,
    GroupRef,
    Identified,
    Name,
    Noun,
    OfficeRef,
    PersonRef,
    PostRef,
    RefTo,
)


class Office(Identified):
    """An office, department, firm or committee that people belong to."""

    KIND: ClassVar[str] = "office"


class Person(Identified):
    """Someone on the roster."""

    KIND: ClassVar[str] = "person"
    phone: str | None = Field(default=None, pattern=r"^[0-9+][0-9 \-]{4,19}$")
    alternate_phone: str | None = Field(default=None, pattern=r"^[0-9+][0-9 \-]{4,19}$")
    office: OfficeRef | None = None
    community: CommunityRef | None = None
    home: BuildingRef | None = None
    travel_night_min: float = Field(
        default=30, ge=0, le=1440, description="time to reach the place of duty from home [min]"
    )
    travel_workday_min: float = Field(
        default=10, ge=0, le=1440, description="time to reach the place of duty from work [min]"
    )
    skills: tuple[str, ...] = ()
    phone_checked: Date | None = None


class Post(Identified):
    """A position that somebody holds: a head, a deputy, a commander."""

    KIND: ClassVar[str] = "post"
    holder: PersonRef | None = None
    stand_ins: tuple[PersonRef | PostRef, ...] = Field(
        default=(), description="who acts when the holder cannot be reached, in order"
    )
    office: OfficeRef | None = None


class Headquarters(Identified):
    """The street's headquarters."""

    KIND: ClassVar[str] = "headquarters"
    commanders: tuple[PostRef, ...] = Field(min_length=1)
    deputies: tuple[PostRef, ...] = ()
    members: tuple[PostRef | PersonRef, ...] = ()
    command_room: FixedPostRef | None = Field(
        default=None, description="where it sits; empty until it is on the map"
    )
    alternate_command_room: FixedPostRef | None = None
    duty_phone: str | None = None


class Group(Identified):
    """A command group (指挥组)."""

    KIND: ClassVar[str] = "group"
    head: PostRef
    deputy: PostRef | None = None
    members: tuple[PersonRef, ...] = ()
    reports_to: PostRef
    base: FixedPostRef
    duties_peace: tuple[Name, ...] = ()
    duties_war: tuple[Name, ...] = ()
    muster_min: Estimate | None = Field(
        default=None, description="time for a called member to get ready before travelling [min]"
    )


class Section(Noun):
    """A section of a team."""

    name: Name
    members: tuple[PersonRef, ...] = Field(min_length=1)


class TeamKind(StrEnum):
    """What a team does."""

    RESCUE_REPAIR = "rescue_repair"
    SECURITY_FIRE = "security_fire"
    MEDICAL = "medical"
    VOLUNTEER = "volunteer"
    SHELTER = "shelter"
    MARSHAL = "marshal"
    TRANSPORT = "transport"
    SIGNALS = "signals"
    OTHER = "other"


class Team(Identified):
    """A team: those who act on the ground."""

    KIND: ClassVar[str] = "team"
    kind: TeamKind
    group: GroupRef = Field(description="the command group it answers to")
    community: CommunityRef | None = None
    leader: PersonRef
    deputy: PersonRef | None = None
    members: tuple[PersonRef, ...] = ()
    sections: tuple[Section, ...] = ()
    base: FixedPostRef
    muster_min: Estimate | None = Field(
        default=None, description="time for a called member to get ready before travelling [min]"
    )

    def people(self) -> tuple[str, ...]:
        """Return leader, deputy, members and section members, each once, in that order."""
        everyone = [self.leader, *([self.deputy] if self.deputy else []), *self.members]
        for section in self.sections:
            everyone.extend(section.members)
        return tuple(dict.fromkeys(everyone))


class ChannelKind(StrEnum):
    """How a message travels."""

    PHONE = "phone"
    RADIO = "radio"
    MESSENGER = "messenger"
    SMS = "sms"
    LOUDSPEAKER = "loudspeaker"
    SIREN = "siren"
    DOOR_TO_DOOR = "door_to_door"
    RUNNER = "runner"
    FAX = "fax"


class Channel(Identified):
    """A means of communication and how well it works."""

    KIND: ClassVar[str] = "channel"
    kind: ChannelKind
    call_min: Estimate = Field(description="time for one call or one message [min]")
    answer_share: float = Field(ge=0, le=1, description="share of calls answered at the first try")
    retry_min: float = Field(default=2, gt=0, description="wait before the next try [min]")
    tries: int = Field(default=3, ge=1, le=20)
    simultaneous: bool = Field(
        default=False, description="one message reaches everyone at once (broadcast, siren)"
    )
    backup: ChannelRef | None = None
    source: str | None = None


class ReportingLine(Noun):
    """Who reports to whom, how often, over which channel."""

    sender: BodyRef = Field(description="`from` in the file", alias="from")
    to: BodyRef
    every_min: float = Field(gt=0)
    channel: ChannelRef


class ExternalKind(StrEnum):
    """Kind of outside body."""

    UPPER = "upper"
    POLICE = "police"
    FIRE = "fire"
    HOSPITAL = "hospital"
    UTILITY = "utility"
    NEIGHBOUR = "neighbour"
    ARMED_FORCES = "armed_forces"
    OTHER = "other"


class ExternalBody(Identified):
    """A body outside the street that is reported to or called."""

    KIND: ClassVar[str] = "external"
    kind: ExternalKind
    phone: str | None = None
    contact: Name | None = None
    channel: ChannelRef | None = None
    response_min: Estimate | None = Field(default=None, description="time until its people arrive [min]")


class DutyShift(Noun):
    """One person's shift on the duty rota."""

    date: Date
    shift: Literal["day", "night"]
    role: str = Field(pattern=r"^[a-z_]+$")
    person: PersonRef


MemberRef = Annotated[str, RefTo("person", "post", "group", "team", "headquarters")]
