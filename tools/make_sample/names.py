"""Names of lanes, compounds and shops; all fictional."""

from __future__ import annotations

LANES: tuple[tuple[str, str, str], ...] = tuple(
    (a, b, c)
    for a, b, c in (
        row.split("|")
        for row in """
        osmanthus-lane|桂花巷|Osmanthus Lane
        zhuyuan-road|竹园路|Zhuyuan Road
        liuyin-road|柳荫路|Liuyin Road
        shuyuan-lane|书院巷|Academy Lane
        meihua-lane|梅花巷|Plum Blossom Lane
        dongpo-road|东坡路|Dongpo Road
        changchun-road|常春路|Changchun Road
        heping-lane|和平里|Heping Lane
        qingnian-road|青年路|Qingnian Road
        yongan-lane|永安里|Yong'an Lane
        xingfu-road|幸福路|Xingfu Road
        guangming-road|光明路|Guangming Road
        shiqiao-lane|石桥弄|Stone Bridge Lane
        jingting-lane|井亭巷|Well Pavilion Lane
        fenglin-road|枫林路|Fenglin Road
        yinxing-road|银杏路|Ginkgo Road
        lianhua-road|莲花路|Lianhua Road
        cuiping-road|翠屏路|Cuiping Road
        songhe-road|松鹤路|Songhe Road
        baihe-lane|白荷巷|White Lotus Lane
        yulan-road|玉兰路|Magnolia Road
        shenghua-road|升华路|Shenghua Road
        ninghai-lane|宁海里|Ninghai Lane
        fuxing-road|复兴路|Fuxing Road
        gongnong-road|工农路|Gongnong Road
        jianshe-road|建设路|Jianshe Road
        changqing-lane|长青巷|Evergreen Lane
        yuxiu-road|毓秀路|Yuxiu Road
        ruyi-lane|如意里|Ruyi Lane
        anding-road|安定路|Anding Road
        wenhua-lane|文华巷|Wenhua Lane
        huayuan-road|花园路|Huayuan Road
        xingang-road|新港路|Xingang Road
        minsheng-road|民生路|Minsheng Road
        tuanjie-road|团结路|Tuanjie Road
        zhenxing-road|振兴路|Zhenxing Road
        chunhui-road|春晖路|Chunhui Road
        qiushi-lane|求是巷|Qiushi Lane
        haitang-road|海棠路|Haitang Road
        ziwei-lane|紫薇巷|Crape Myrtle Lane
        qingyuan-road|清源路|Qingyuan Road
        yuejin-road|跃进路|Yuejin Road
        tongxin-lane|同心里|Tongxin Lane
        hongqi-road|红旗路|Hongqi Road
        longquan-lane|龙泉巷|Dragon Spring Lane
        hupan-lane|湖畔里|Lakeside Lane
        muma-lane|牧马巷|Muma Lane
        yingbin-road|迎宾路|Yingbin Road
        kangning-road|康宁路|Kangning Road
        leshan-lane|乐善里|Leshan Lane
        chaoyang-road|朝阳路|Chaoyang Road
        xiyang-lane|夕阳里|Sunset Lane
        fangcao-road|芳草路|Fangcao Road
        yunxi-road|云溪路|Yunxi Road
        tianxin-lane|甜心弄|Tianxin Lane
        jiangnan-lane|江南里|Jiangnan Lane
        dengta-road|灯塔路|Lighthouse Road
        wangchao-lane|望潮里|Wangchao Lane
        bishui-road|碧水路|Bishui Road
        ruian-lane|瑞安里|Rui'an Lane
        shanqian-road|山前路|Shanqian Road
        lvzhu-lane|绿竹里|Green Bamboo Lane
        beiyuan-road|北苑路|Beiyuan Road
        xinhua-road|新华路|Xinhua Road
        yongle-lane|永乐里|Yongle Lane
        minquan-road|民权路|Minquan Road
        fude-lane|福德里|Fude Lane
        wenxing-road|文星路|Wenxing Road
        dongyuan-road|东苑路|Dongyuan Road
        tingtao-lane|听涛里|Tingtao Lane
        nanyuan-road|南苑路|Nanyuan Road
        xiangyang-road|向阳路|Xiangyang Road
        """.strip().splitlines()
        for row in [row.strip()]
    )
)

ALLEYS: tuple[tuple[str, str, str], ...] = tuple(
    (f"{slug}-alley", zh + suffix, f"{en} Alley")
    for slug, zh, en, suffix in (
        (*row.split("|"), "巷" if k % 3 else "弄")
        for k, row in enumerate(
            """datie|打铁|Blacksmith;ranfang|染坊|Dyehouse;mishi|米市|Rice Market;chaguan|茶馆|Teahouse
            doufu|豆腐|Bean Curd;zhujia|朱家|Zhu Family;xiejia|谢家|Xie Family;shen-family|沈家|Shen Family
            yanchang|盐仓|Salt Store;huajia|花轿|Bridal Chair;mujiang|木匠|Carpenter;tongluo|铜锣|Gong
            guyi|估衣|Old Clothes;zhubao|珠宝|Jewel;bailu|白鹭|Egret;caishi|菜市|Greens Market
            dajing|大井|Great Well;xiaojing|小井|Little Well;longwang|龙王|Dragon King;wenmiao|文庙|Literary Temple
            zhuangyuan|状元|Scholar;houjie|后街|Back Street;qiaotou|桥头|Bridgehead;shisun|石笋|Stone Shoot
            baiguo|白果|Gingko Nut;yanzhi|胭脂|Rouge;dengxin|灯芯|Lampwick;mabu|麻布|Hempcloth
            tiejing|铁井|Iron Well;ximen|西门|West Gate;dongmen|东门|East Gate;beimen|北门|North Gate
            shuiche|水车|Waterwheel;liufang|柳芳|Willow;youfang|油坊|Oil Press;zaofang|糟坊|Distiller
            yuxing|鱼行|Fishmonger;chuanfang|船坊|Boatyard;moshi|磨石|Whetstone;guanting|官厅|Magistrate
            gulou-back|鼓楼后|Behind the Tower;zhongxin|忠信|Loyal;renyi|仁义|Kindness;xiaoyou|孝友|Filial
            baizi|百子|Hundred Children;changsheng|长生|Long Life;jixiang|吉祥|Good Omen;taiping|太平|Great Peace
            shuangjing|双井|Twin Wells;sanyuan|三元|Three Firsts;wufu|五福|Five Blessings;qixing|七星|Seven Stars
            bamao|八卯|Eight Mao;jiuqu|九曲|Nine Bends;shiba|十八|Eighteen Steps;hongmen|红门|Red Gate
            lvyin|绿荫|Green Shade;qingshi|青石|Bluestone;huangni|黄泥|Yellow Clay;ziteng|紫藤|Wisteria""".replace(
                "\n", ";"
            ).split(";")
        )
        for row in [row.strip()]
    )
)

COMPOUNDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    key: tuple(tuple(item.strip().split("|")) for item in text.split(";"))  # type: ignore[misc]
    for key, text in {
        "hubin": "hubin-garden|湖滨花园|Hubin Garden;cuihu-estate|翠湖小区|Cuihu Estate;mingze-court|明泽苑|Mingze Court;"
        "hubin-new-village|湖滨新村|Hubin New Village;liuyin-homes|柳荫家园|Liuyin Homes;lanwan|蓝湾名邸|Blue Bay Residence;"
        "shuixiang|水乡人家|Water Town Homes;hexiang-court|荷香苑|Hexiang Court;yulan-estate|玉兰小区|Yulan Estate;"
        "xihuan-new-village|西环新村|Xihuan New Village;bibo-garden|碧波花园|Bibo Garden;hupan-mansion|湖畔公馆|Lakeside Mansion;"
        "qinghe-court|清荷苑|Qinghe Court;yage-court|雅阁苑|Yage Court;luwei-homes|芦苇家园|Reed Homes",
        "gulou": "gulou-estate|鼓楼小区|Gulou Estate;wenchang-court|文昌苑|Wenchang Court;wenmiao-homes|文庙家园|Wenmiao Homes;"
        "renmin-estate|人民路小区|Renmin Road Estate;zhuangyuan-court|状元苑|Scholar Court;qingxi-homes|清溪家园|Qingxi Homes;"
        "jinghu-court|镜湖苑|Jinghu Court;gucheng-estate|古城小区|Old Town Estate;shuyuan-homes|书院家园|Academy Homes;"
        "yanyu-court|烟雨苑|Misty Rain Court;fanghua-court|芳华苑|Fanghua Court;hewan-homes|河湾家园|River Bend Homes",
        "wanghai": "wanghai-new-village|望海新村|Wanghai New Village;haiyan-garden|海晏花园|Haiyan Garden;chaoyin-court|潮音苑|Chaoyin Court;"
        "wanghai-no1-estate|望海一区|Wanghai No. 1 Estate;wanghai-no2-estate|望海二区|Wanghai No. 2 Estate;bihai-homes|碧海家园|Bihai Homes;"
        "lanhai-court|蓝海苑|Lanhai Court;xuefu-garden|学府花园|Xuefu Garden;teachers-estate|教师新村|Teachers' Estate;"
        "guanchao-homes|观潮家园|Guanchao Homes;yugang-estate|渔港小区|Fishing Port Estate;haitian-court|海天苑|Haitian Court;"
        "dongwan-garden|东湾花园|East Bay Garden;fanying-court|帆影苑|Sail Court;xinghai-mansion|星海公馆|Xinghai Mansion;"
        "donghuan-new-village|东环新村|Donghuan New Village;haixin-homes|海欣家园|Haixin Homes;wangchao-court|望潮苑|Wangchao Court",
        "xinqiao": "xinqiao-no1-village|新桥一村|Xinqiao No. 1 Village;xinqiao-no2-village|新桥二村|Xinqiao No. 2 Village;"
        "xinqiao-no3-village|新桥三村|Xinqiao No. 3 Village;qiaodong-homes|桥东家园|Qiaodong Homes;gongren-new-village|工人新村|Workers' New Village;"
        "fangzhi-estate|纺织小区|Textile Mill Estate;jianshe-court|建设苑|Jianshe Court;qingyuan-garden|清源花园|Qingyuan Garden;"
        "hongqi-estate|红旗小区|Hongqi Estate;jixie-estate|机械厂宿舍|Machine Works Housing;fengming-court|凤鸣苑|Fengming Court;"
        "yingxi-homes|映溪家园|Yingxi Homes;changhong-court|长虹苑|Changhong Court;zhenxing-estate|振兴小区|Zhenxing Estate",
        "mingquan": "mingquan-garden|明泉花园|Mingquan Garden;quanxin-estate|泉心小区|Quanxin Estate;mingquan-new-village|明泉新村|Mingquan New Village;"
        "longquan-court|龙泉苑|Longquan Court;shanshui-homes|山水家园|Shanshui Homes;zhongxin-garden|中心花园|Central Garden;"
        "fuxing-estate|复兴小区|Fuxing Estate;jinxiu-court|锦绣苑|Jinxiu Court;chunhui-homes|春晖家园|Chunhui Homes;"
        "yijing-court|怡景苑|Yijing Court;quanyuan-homes|泉源家园|Quanyuan Homes;shimin-garden|市民花园|Citizens' Garden;"
        "kangle-estate|康乐小区|Kangle Estate;lvyuan-court|绿园|Green Garden Court;xinyi-homes|馨逸家园|Xinyi Homes;heyuan-estate|和园小区|Heyuan Estate",
        "nanshan": "nanshan-estate|南山小区|Nanshan Estate;nanshan-villa|南山雅居|Nanshan Residence;songhe-court|松鹤苑|Songhe Court;"
        "taoyuan-estate|桃园小区|Taoyuan Estate;taoyuan-new-village|桃园新村|Taoyuan New Village;fenglin-homes|枫林家园|Maple Grove Homes;"
        "cuiping-court|翠屏苑|Cuiping Court;shanqian-homes|山前家园|Foothill Homes;yunxi-garden|云溪花园|Yunxi Garden;"
        "linquan-court|林泉苑|Linquan Court;shuguang-estate|曙光小区|Shuguang Estate;dongshan-court|东山苑|Dongshan Court;"
        "lvzhu-homes|绿竹家园|Green Bamboo Homes;heming-court|鹤鸣苑|Heming Court",
    }.items()
}

FIRMS: tuple[tuple[str, str], ...] = (
    ("明泽物业服务有限公司", "Mingze Property Services"),
    ("安居乐物业管理有限公司", "Anjule Property Management"),
    ("清溪家园物业公司", "Qingxi Homes Property"),
    ("湖光物业服务中心", "Huguang Property Centre"),
    ("南山绿城物业公司", "Nanshan Green Property"),
    ("望海物业管理公司", "Wanghai Property Management"),
    ("新桥房管所", "Xinqiao Housing Office"),
)

ALLEYS_AND_BACK_ALLEYS = ALLEYS + tuple(
    (f"{prefix}-{slug}", zh_prefix + zh, f"{en_prefix} {en}")
    for prefix, zh_prefix, en_prefix in (("little", "小", "Little"), ("back", "后", "Back"))
    for slug, zh, en in ALLEYS
)
