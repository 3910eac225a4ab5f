"""Chinese of the built-in planner: how a message begins, its terms, its end. `phrases` explains the marks."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.drafting.offers_zh import OFFERS
from copilot.drafting.phrases import Lead, Manner, Phrases, Scope, Terms

__all__ = ["CHINESE"]

_IDEA = (
    Lead("还没想好选什么？<core>", "想要一点灵感吗？<stem>。"),
    Lead("想要一点灵感吗？<core>", "还没想好买什么吗？<stem>。"),
)
_THIS = (
    Lead("想试试{product}吗？<short>", "正好需要{product}吗？<stem>。", names=True),
    Lead("{product}，要不要来一份？<short>", "有没有想过试试{product}？<stem>。", names=True),
)
_QUESTIONS: Mapping[Scope, tuple[Lead, ...]] = {
    "product": _THIS,
    "products": _THIS,
    "pick": _IDEA,
    "picks": _IDEA,
    "selection": _IDEA,
    "category": (
        Lead("想看看{category}吗？<short>", "{category}，有想买的吗？<stem>。", names=True),
        Lead("{category}，有想买的吗？<short>", "想看看{category}吗？<stem>。", names=True),
    ),
    "all": (
        Lead("购物清单上还有什么？<core>", "最近有什么想买的吗？<stem>。"),
        Lead("最近有想买的吗？<core>", "家里还缺点什么吗？<stem>。"),
    ),
}
_PERSONAL: Mapping[str, tuple[Lead, ...]] = {
    "loyal": (
        Lead("谢谢您常来：<core>", "感谢您一直以来的支持。<stem>。", gives=True),
        Lead("致老朋友：<core>", "有您这样的老顾客，我们很开心。<stem>。"),
    ),
    "member": (
        Lead("谢谢会员朋友：<core>", "感谢您成为我们的会员。<stem>。", gives=True),
        Lead("致会员朋友：<core>", "您是我们的会员，欢迎常来逛逛。<stem>。"),
    ),
    "customer": (
        Lead("谢谢您的支持：<core>", "感谢您选择我们。<stem>。", gives=True),
        Lead("致老朋友：<core>", "谢谢您光顾过小店，欢迎再来。<stem>。"),
    ),
    "lapsed": (
        Lead("好久不见：<core>", "有段时间没见了，希望您一切都好。<stem>。"),
        Lead("欢迎回来：<core>", "好久不见，很高兴再次见到您。<stem>。"),
    ),
    "new": (
        Lead("您的第一单：<short>", "第一次下单，希望您买得安心。<stem>。"),
        Lead("欢迎新朋友：<core>", "初次见面，很高兴认识您。<stem>。"),
    ),
    "fan": (
        Lead("给喜欢{category}的您：<short>", "如果您喜欢{category}，不妨来看看。<stem>。", names=True),
        Lead("喜欢{category}的朋友：<short>", "这次是为喜欢{category}的您准备的。<stem>。", names=True),
    ),
}
_PLAIN = Manner(greeting="您好：", closings={}, asks=False, elaborates=False)
_WARM = Manner(
    greeting="亲爱的朋友，您好：",
    closings={
        "one": ("愿它给您带来一点好心情。", "照顾好自己，也希望您喜欢。"),
        "many": ("愿您有份好心情。", "有您在，真好。"),
        "new": ("很高兴认识您。",),
        "lapsed": ("我们一直在，随时欢迎您回来。",),
    },
    actions=("来看看", "去逛逛"),
)
_PLAYFUL = Manner(
    greeting="嗨，您好呀：",
    closings={
        "one": ("用得开心呀！",),
        "many": ("逛得开心呀！", "挑得尽兴呀！"),
        "new": ("回头见！",),
        "lapsed": ("等您回来玩！",),
    },
    actions=("去逛逛", "瞧一瞧", "去看看"),
    exclaims=True,
)
_FORMAL = Manner(
    greeting="尊敬的顾客：",
    closings={
        "one": ("感谢您的关注。", "敬候您的惠顾。"),
        "many": ("感谢您的关注。", "敬候您的惠顾。"),
        "new": ("敬候您的光临。",),
        "lapsed": ("敬候您的光临。",),
    },
    actions=("查看详情", "进入商店"),
    asks=False,
)

CHINESE = Phrases(
    offers=OFFERS,
    each="每件",
    it={"one": "它", "many": "它们"},
    leads={
        "benefit": (Lead("<core>", "<stem>。"),),
        "urgency": (
            Lead("{ends_on}截止：<core>", "即日起至{ends_on}，<stem>。"),
            Lead("<core>，到{ends_on}为止", "提醒您一下，活动到{ends_on}为止。<stem>。"),
            Lead("截至{ends_on}：<core>", "活动{ends_on}截止，先告诉您一声。<stem>。"),
        ),
        "social_proof": (Lead("<core>", "<proof><stem>。"),),
    },
    of_scope=_QUESTIONS,
    of_kind=_PERSONAL,
    next_order=("下一单", "第一单"),
    terms=Terms(
        code="，优惠码{code}",
        code_after_with="，优惠码{code}",
        ends_on="，{ends_on}截止",
        min_spend="，满{min_spend}可用",
        cap="优惠上限{max_discount}。",
        cap_off="最高减{max_discount}。",
        prior="近30天最低价：{prior_price}。",
    ),
    tight=Terms(
        code="，码{code}",
        code_after_with="，码{code}",
        ends_on="，{ends_on}止",
        min_spend="，满{min_spend}可用",
        cap="上限{max_discount}。",
        cap_off="最高减{max_discount}。",
        prior="近30天最低价：{prior_price}。",
    ),
    sentences={
        "min_spend": "订单满{min_spend}可用。",
        "min_spend+cap": "订单满{min_spend}可用，优惠上限为{max_discount}。",
        "min_spend+cap_off": "订单满{min_spend}可用，最高减{max_discount}。",
        "cap": "优惠上限为{max_discount}。",
        "cap_off": "最高减{max_discount}。",
        "code": "结算时输入优惠码{code}即可。",
        "code+ends_on": "结算时输入优惠码{code}即可，有效期至{ends_on}。",
        "code+ends_on+once": "结算时输入优惠码{code}即可，每人限用一次，有效期至{ends_on}。",
        "code+once": "结算时输入优惠码{code}即可，每人限用一次。",
        "ends_on": "活动{ends_on}截止。",
        "ends_on+once": "活动{ends_on}截止，每人限享一次。",
        "once": "每人限享一次。",
    },
    once_named=("", ""),
    closings={
        "one": ("希望您喜欢。", "愿您用得开心。"),
        "many": ("祝您购物愉快。", "希望您能挑到合心意的。"),
        "new": ("期待您的光临。",),
        "lapsed": ("期待您再来看看。",),
    },
    greeting="您好：",
    manners={"plain": _PLAIN, "warm": _WARM, "playful": _PLAYFUL, "formal": _FORMAL},
    sender="【{}】",
    opt_out="拒收请回复R",
    full_stop="。",
    exclamation="！",
    space="",
    objectives={"profit": "增量利润", "revenue": "增量销售额", "conversion": "增量转化", "clicks": "点击"},
    why={
        "found": "在所有允许的优惠中搜索得出，以{objective}为目标名列前茅。",
        "targeted": "只发给反应更好的顾客。",
        "limited": "只发给预测效果最好的顾客。",
        "past": "此渠道最近一次活动：{campaign}，{terms}。",
    },
)
