"""Settings of the response: shifts, how people get to their posts, what still counts as ready."""

from __future__ import annotations

from pydantic import Field

from civdef.model.base import ChannelRef, Estimate, Noun, estimate


class ResponseSettings(Noun):
    """What a street's response rests on; every value is local or assumed, so every value is a setting."""

    day_shift_from_hour: int = Field(
        default=8, ge=0, le=23, description="the day shift of the duty rota begins [h]"
    )
    day_shift_to_hour: int = Field(
        default=18, ge=1, le=24, description="the day shift ends and the night shift begins [h]"
    )
    ready_min: Estimate = Field(
        default=estimate(3, 6, 12),
        description="a called person gets ready, where group or team say nothing [min]",
    )
    travel_factor: Estimate = Field(
        default=estimate(0.85, 1.0, 1.4), description="spread around the travel time of the roster"
    )
    quorum_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="a group or team has mustered when this share is there, its leader included",
    )
    short_handed_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="a task may run with this share of the people it needs, taking longer in proportion",
    )
    forced_entry_min: float | None = Field(
        default=15,
        ge=0,
        description="time to break a shelter open when no key comes; null: not allowed [min]",
    )
    persons_per_household: float = Field(
        default=3.2, ge=1, le=10, description="people who walk together where there is no household table"
    )
    siren_audible_dbc: float = Field(
        default=70, gt=0, le=120, description="level at which a siren still warns [dB(C)]"
    )
    siren_loss_db: float = Field(
        default=10, gt=0, le=20, description="loss of level for each doubling of the distance [dB]"
    )
    alert_channel: ChannelRef | None = Field(
        default=None,
        description="how one person is called when the task names no channel; default: the first telephone",
    )
    muster_channel: ChannelRef | None = Field(
        default=None,
        description="how members are called together; default: the first messenger that reaches all at once",
    )
    source: str = "planning assumptions, to be measured in drills; siren: practice of makers and CPG 1-17 (70 dB(C), 10 dB per doubling)"
