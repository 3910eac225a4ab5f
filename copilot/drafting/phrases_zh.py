"""Chinese sentences of the built-in planner. `<on>` and `<any>` stand for what is promoted."""

from __future__ import annotations

from copilot.drafting.phrases import Phrases, Pitch

__all__ = ["CHINESE"]

_DISCOUNT = (
    Pitch("<on>立减{discount}", "即日起，<on>立减{discount}，为您准备好了。", "立即选购"),
    Pitch("您的{discount}优惠已到账", "我们为您预留了{discount}的优惠，<on>可用。", "去使用"),
    Pitch("入手<on>的好时机：减{discount}", "一直想买<on>？现在下单直接减{discount}。", "去看看"),
    Pitch("送您{discount}优惠：<on>", "挑选您喜欢的，<on>统统减{discount}。", "挑选好物"),
)
CHINESE = Phrases(
    promoted={
        "category": {"<on>": "{category}", "<any>": "{category}任意商品"},
        "product": {"<on>": "{product}", "<any>": "{product}"},
        "selection": {"<on>": "精选商品", "<any>": "任意精选商品"},
        "all": {"<on>": "心仪的商品", "<any>": "任意商品"},
    },
    pitches={
        "percent_off": _DISCOUNT,
        "amount_off": _DISCOUNT,
        "free_shipping": (
            Pitch("<on>包邮", "照常下单，<on>免运费。", "立即选购"),
            Pitch("运费我们出：<on>", "安心下单，<on>的运费由我们承担。", "立即下单"),
            Pitch("免费送到家：<on>", "从仓库到您家，<on>运费全免。", "去看看"),
        ),
        "fixed_price": (
            Pitch("<on>现价{price}", "<on>，现在只需{price}。", "立即抢购"),
            Pitch("<on>特惠价", "即日起，<on>特惠价{price}。", "查看价格"),
            Pitch("{price}带走<on>", "等了很久的<on>，现在{price}就能带走。", "去看看"),
        ),
        "buy_x_get_y": (
            Pitch("<on>买{buy}送{get}", "<on>买{buy}件送{get}件，任您挑选。", "挑选好物"),
            Pitch("多送{get}件：<on>", "<on>每买{buy}件，我们再送{get}件。", "立即选购"),
            Pitch("囤货好时机：<on>买{buy}送{get}", "想囤<on>？买{buy}件，再送{get}件。", "去囤货"),
        ),
        "gift": (
            Pitch("购<any>，送{gift}", "购买<any>，即送{gift}一份。", "领取赠品"),
            Pitch("<any>有礼相送", "下单<any>，包裹里会多一份{gift}。", "立即选购"),
            Pitch("感谢有您：{gift}", "为了感谢您，<any>附送{gift}。", "去看看"),
        ),
        "points": (
            Pitch("购<any>得{points}积分", "购买<any>，即得{points}积分。", "去赚积分"),
            Pitch("{points}积分等您领", "下单<any>，{points}积分存入您的账户。", "立即选购"),
            Pitch("积分再涨{points}", "购买<any>，账户再添{points}积分。", "去看看"),
        ),
        "none": (
            Pitch("近来看过<on>吗？", "来看看<on>，也许正有您需要的。", "去看看"),
            Pitch("为您挑选：<on>", "我们为您整理了一些灵感：<on>。", "查看推荐"),
            Pitch("送您一份灵感：<on>", "花一点时间逛逛<on>，好物等您发现。", "去发现"),
        ),
    },
    all_of_it={"none": "我们的店铺", "buy_x_get_y": "全场商品", "fixed_price": "精选商品"},
    greeting="您好：",
    closing="感谢您的支持。",
    opt_out="拒收请回复R",
    conditions={
        "min_spend": "订单满{min_spend}可用。",
        "max_discount": "优惠上限为{max_discount}。",
        "code": "结算时请输入优惠码{code}。",
        "ends_on": "优惠截止日期：{ends_on}。",
        "once": "每位顾客限用一次。",
    },
    short_conditions={
        "min_spend": "满{min_spend}可用。",
        "max_discount": "优惠上限为{max_discount}。",
        "code": "优惠码{code}。",
        "ends_on": "{ends_on}截止。",
    },
    full_stop="。",
    exclamation="！",
    space="",
    bare="<on>。",
    objectives={"profit": "增量利润", "revenue": "增量销售额", "conversion": "增量转化", "clicks": "点击"},
    why={
        "found": "在所有允许的优惠中搜索得出，以{objective}为目标名列前茅。",
        "targeted": "只发给反应更好的顾客。",
        "limited": "只发给预测效果最好的顾客。",
        "past": "此渠道最近一次活动：{campaign}，{terms}。",
    },
)
