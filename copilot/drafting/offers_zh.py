"""How the built-in planner tells an offer in Chinese, by its type. `phrases` explains the marks."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.drafting.phrases import OfferWords, Scope, Words

__all__ = ["OFFERS"]

_NAMES: Mapping[Scope, str] = {
    "product": "{product}",
    "products": "{product}",
    "pick": "本店推荐",
    "picks": "本店推荐",
    "selection": "精选商品",
    "category": "{category}",
    "all": "下一单",
}
# What the customer does, where the offer is for an order.
_BUYING: Mapping[Scope, str] = {
    "product": "购买{product}",
    "products": "购买{product}",
    "pick": "购买本店推荐",
    "picks": "购买本店推荐",
    "selection": "选购精选商品",
    "category": "选购{category}",
    "all": "下单",
}
_ORDERING: Mapping[Scope, str] = dict.fromkeys(("product", "products", "category"), "下单")
_ORDERED = Words(on=_BUYING, again=_ORDERING, name=_NAMES)
_WITH = Words(on=_BUYING, again=_ORDERING, name=_BUYING)
_ITEMS: Mapping[Scope, str] = {**_NAMES, "category": "{category}指定商品", "all": "精选商品"}
_PRICED = Words(on=_ITEMS, again={"product": "", "products": "", "category": "指定商品"}, name=_ITEMS)
_SHOP: Mapping[Scope, str] = {**_NAMES, "all": "全场商品"}
_BUNDLED = Words(on=_SHOP, again={"product": "", "products": "", "category": ""}, name=_SHOP)
_SHOWN_NAMES: Mapping[Scope, str] = {**_NAMES, "all": "我们的店铺"}
_SHOWN = Words(
    on=_SHOWN_NAMES,
    again={"product": "详情", "products": "详情", "category": "有哪些选择"},
    name=_SHOWN_NAMES,
)

_CHOICE = ("慢慢挑，选自己喜欢的就好。", "自用或送人，都可以慢慢挑。")
_IN_MIND = ("如果正好想买，不妨这次入手。", "想囤一点，或是第一次尝试，都正合适。")
_DISCOUNT = OfferWords(
    words=_ORDERED,
    headlines=("<name>立减<off>", "<name>减<off>，为您备好", "送上<off>优惠：<name>"),
    short="立减<off>",
    stems=("<on>立减<off>", "<on>，直接减<off>", "我们为您准备了<off>的优惠，<on>就能用"),
    more={"one": _IN_MIND, "many": _CHOICE},
    hint="结算时直接减。",
    actions=("立即选购", "去看看", "挑选好物"),
)
OFFERS: Mapping[str, OfferWords] = {
    "percent_off": _DISCOUNT,
    "amount_off": _DISCOUNT,
    "free_shipping": OfferWords(
        words=_ORDERED,
        headlines=("<name>包邮", "<name>，运费我们出", "<name>免运费"),
        short="包邮",
        stems=("<on>免运费", "<on>，运费由我们承担", "<on>包邮到家"),
        more={"one": ("放心下单，送到家不另收费。",), "many": ("想买什么照常选，送到家不另收费。",)},
        hint="只付商品的钱。",
        actions=("立即选购", "去下单", "去看看"),
    ),
    "fixed_price": OfferWords(
        words=_PRICED,
        headlines=("<name>[<each>]只要{price}", "[<each>]{price}带走<name>", "[<each>]{price}：<name>"),
        short="[<each>]{price}",
        stems=("[<on>]现在[<each>]{price}", "[<on>][<each>]只需{price}", "[<each>]{price}就能带走[<on>]"),
        more={"one": _IN_MIND, "many": _CHOICE},
        hint="先看详情，再做决定。",
        actions=("查看详情", "去看看", "立即选购"),
    ),
    "buy_x_get_y": OfferWords(
        words=_BUNDLED,
        headlines=("<name>买{buy}送{get}", "买{buy}送{get}：<name>", "<name>，买{buy}件送{get}件"),
        short="买{buy}送{get}",
        stems=(
            "[<on>]买{buy}件送{get}件",
            "[<on>]买满{buy}件，我们再送{get}件",
            "[<on>]买{buy}件，另送{get}件",
        ),
        more={
            "one": ("自己用，也可以分给家人朋友。",),
            "many": ("常用的可以多备一些，也可以和朋友一起买。",),
        },
        hint="和家人朋友分着用也好。",
        actions=("挑选好物", "立即选购", "去囤货"),
    ),
    "gift": OfferWords(
        words=_WITH,
        headlines=("<name>送{gift}", "<name>，附送{gift}", "<name>，有{gift}"),
        short="送{gift}",
        stems=("<on>即送{gift}一份", "<on>，包裹里会多一份{gift}", "<on>，我们附送{gift}一份"),
        more={"one": ("一点心意，希望您喜欢。",), "many": ("想买什么照常选，这是我们的一点心意。",)},
        hint="随包裹一起寄到。",
        actions=("立即选购", "去看看", "挑选好物"),
    ),
    "points": OfferWords(
        words=_WITH,
        headlines=("<name>得{points}积分", "<name>，{points}积分到账", "<name>，积分加{points}"),
        short="得{points}积分",
        stems=("<on>得{points}积分", "<on>，{points}积分存入您的账户", "<on>，账户里多{points}积分"),
        more={"one": ("积分以后下单时可以用。",), "many": ("积分先攒着，以后下单时可以用。",)},
        hint="以后下单时可以用。",
        actions=("去赚积分", "立即选购", "去看看"),
    ),
    "none": OfferWords(
        words=_SHOWN,
        headlines=("来看看<name>", "有空逛逛<name>", "<name>，欢迎来看看"),
        short="",
        stems=("来看看<on>", "有空的话，欢迎看看<on>", "想请您看看<on>"),
        more={
            "one": ("详细介绍都在店里。",),
            "many": (
                "也许正有您需要的，也许可以送给家人朋友。",
                "日常要用的、偶尔犒劳自己的，都可以慢慢挑。",
            ),
        },
        hint="得闲时看一眼就好。",
        actions=("去看看", "去逛逛", "查看详情"),
    ),
}
