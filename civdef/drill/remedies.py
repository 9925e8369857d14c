"""What each kind of failure or deviation means and what mends it: analysis, corrective action, element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from civdef.text import Text

Element = Literal["planning", "organisation", "equipment", "training", "exercise"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """Analysis of the cause, the action that mends it, and the element it belongs to."""

    analysis: Text
    action: Text
    element: Element


REMEDIES: dict[str, Remedy] = {
    "late": Remedy(
        Text("预案规定的时限短于实际所需，或者前置环节耗时过长", "the time allowed is shorter than the work takes, or what comes before takes too long"),
        Text("复核时限与前置任务，能并行的改为并行；仍不够的调整时限", "check the time allowed and what it waits for; run in parallel what can be, else allow more time"),
        "planning",
    ),
    "unreached": Remedy(
        Text("被叫人及其替补都没有接通", "neither the person nor a stand-in answered"),
        Text("核对电话，补足替补人员和备用通信手段", "check the numbers, name more stand-ins and a backup channel"),
        "organisation",
    ),
    "nobody": Remedy(
        Text("该岗位及其替补人员都不在位", "neither the holder nor any stand-in was there"),
        Text("为该岗位增补至少两名替补人员，并写入预案", "name at least two stand-ins for the post and write them into the plan"),
        "organisation",
    ),
    "no_quorum": Remedy(
        Text("到场人数不足以展开工作", "too few came to begin"),
        Text("核对成员名单，调整离岗较远的成员，增加本社区成员", "check the list of members; replace those who live far away by people close by"),
        "organisation",
    ),
    "not_mustered": Remedy(
        Text("队伍没有集结，任务无人可用", "the team never came together, so nobody could do the task"),
        Text("核对集结程序和成员名单", "check how the team is called together and who belongs to it"),
        "organisation",
    ),
    "too_few_people": Remedy(
        Text("任务所需人数多于能到场的人数", "the task needs more people than can come"),
        Text("增加队员或者调减任务用人", "add members, or plan the task with fewer"),
        "organisation",
    ),
    "too_few_resources": Remedy(
        Text("所需装备或车辆多于库存", "the task needs more equipment or vehicles than there are"),
        Text("补充装备、落实调用协议，或者修改任务", "buy or contract what is missing, or change the task"),
        "equipment",
    ),
    "not_opened": Remedy(
        Text("场所没有打开", "the shelter was not opened"),
        Text("明确钥匙保管人和第二把钥匙，准备替代场所", "name the key holder and a second key, and have another shelter in hand"),
        "planning",
    ),
    "no_channel": Remedy(
        Text("没有可用的通信或告知手段", "no channel worked"),
        Text("配备不依赖公网的备用手段", "provide a backup that does not need the public network"),
        "equipment",
    ),
    "no_sounding": Remedy(
        Text("演练方案没有安排鸣响", "the drill's programme sounds no siren"),
        Text("在演练方案中安排鸣响并提前公告，或者以广播代替", "put the sounding into the programme with public notice, or use loudspeakers"),
        "exercise",
    ),
    "no_place": Remedy(
        Text("疏散方案没有考虑被危险区切断或者场所不足的楼栋", "the evacuation plan has no answer for buildings that are cut off or for too few places"),
        Text("为这些楼栋安排就地避险、船只或者救援队伍接出，并补足场所", "plan refuge in place, boats or rescuers for these buildings, and add places"),
        "planning",
    ),
    "siren_notice": Remedy(
        Text("演练组织方没有在法定期限前公告", "the organisers gave no notice in time"),
        Text("鸣响至少五日前发布公告并留存证明，否则取消鸣响", "publish the notice at least five days before and keep proof, or do not sound the sirens"),
        "exercise",
    ),
    "siren_silent": Remedy(
        Text("警报没有鸣响", "the sirens did not sound"),
        Text("检修警报器和控制线路，落实广播代替", "repair sirens and control lines; use loudspeakers in their place"),
        "equipment",
    ),
    "slower_than_planned": Remedy(
        Text("预案对工作量或人手的估计偏乐观", "the plan underestimates the work or the hands it takes"),
        Text("按实测用时修订估计，或者增加人手、分片并行", "correct the estimate by the time measured, add hands, or split the work"),
        "planning",
    ),
    "stand_in": Remedy(
        Text("第一责任人联系不上，依靠替补", "the first in line could not be reached; a stand-in was needed"),
        Text("核实联系方式，完善请假报备和代行安排", "check the contacts; make leave and stand-in arrangements known"),
        "organisation",
    ),
    "backup_channel": Remedy(
        Text("首选通信手段没有接通", "the first channel did not get through"),
        Text("检查首选手段的可靠性，训练备用手段的使用", "check the first channel, train the backup"),
        "equipment",
    ),
    "untold": Remedy(
        Text("预案的呼叫任务没有包括该岗位", "no call task of the plan includes this post"),
        Text("在呼叫任务中写明由谁通知该岗位", "write into the call tasks who tells this post"),
        "planning",
    ),
    "short_handed": Remedy(
        Text("到场人数少于任务所需", "fewer came than the task needs"),
        Text("增加队员，或者按实际到场人数重新估算用时", "add members, or estimate the time for those who really come"),
        "organisation",
    ),
    "promised_twice": Remedy(
        Text("同一人员编入多个组或队", "the same person belongs to several groups or teams"),
        Text("逐一核对编组，一人只承担一处", "go through the lists: one person, one place"),
        "organisation",
    ),
    "no_leader": Remedy(
        Text("负责人和副职都没有到场", "neither the head nor the deputy came"),
        Text("明确第三顺位负责人", "name a third in line"),
        "organisation",
    ),
    "forced_entry": Remedy(
        Text("钥匙没有送到", "no key came"),
        Text("设置第二把钥匙，由社区值守人员保管", "keep a second key with the community's duty staff"),
        "equipment",
    ),
    "rerouted": Remedy(
        Text("规定路线上的道路中断", "a street of the told routes was cut"),
        Text("为受影响楼栋准备第二条路线，路口安排引导员", "prepare a second route for the buildings concerned and post guides"),
        "planning",
    ),
    "redirected": Remedy(
        Text("到达的场所关闭或已满", "the shelter was closed or full"),
        Text("指定替代场所，开放情况及时告知在途居民", "name a replacement and tell people on the way which shelters are open"),
        "planning",
    ),
    "waited_at_door": Remedy(
        Text("居民出门早于场所开放", "people left before the shelters were open"),
        Text("把开放场所排在通知居民之前，或者就近配置钥匙", "open shelters before people are told to leave, or keep keys close by"),
        "planning",
    ),
    "left_behind": Remedy(
        Text("没有任务接送，或者接送任务没有完成", "no task fetches them, or that task was not done"),
        Text("逐人落实帮扶人和车辆，写入接送任务", "name helpers and a vehicle for every person and write them into a task"),
        "planning",
    ),
}  # fmt: skip
"""Kind of failure or deviation → what it means and what mends it. A test insists on every kind the simulator can make."""
