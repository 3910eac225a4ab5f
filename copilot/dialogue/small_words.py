"""Words around a wish that ask for nothing by themselves, in English and Chinese."""

from __future__ import annotations

import re

__all__ = ["SMALL", "SMALL_HAN"]

_ENGLISH = """
did stuff thank
a about above again all also an and any are as ask at be best brief but by campaign campaigns can could
customer customers do does draft drafts each euro euros eur for from get give go good great have hello
hey hi how i i'd i'll i'm if in into is it it's its just keep kind let let's like limit make maximum may
me minimum money more most move much my need new no not now number of offer offers ok okay on one only
or our out over people per plan please products product promote promotion push put run s sale sales say
see sell send shall shop should so some something spend stock strategies strategy such take than thank
thanks that the their them then there these they thing things this those to too up us use want we we'd
what when where which while who will with within without would yes you your clear off try wanted wants
idea ideas except other channel channels gave coupon coupons discount discounts budget margin end ends
start starts instead maybe actually currently message messages copy text items item goods inventory
least left quickly soon
"""
_HAN = """
我们 我 你们 你 您 想要 想 要 请 帮 给 把 的 了 吧 吗 呢 啊 和 与 跟 或 及 还有 还 再 就 也 都
在 是 做 一个 一下 一些 一点 一 个 些 这 那 有 用 以 为 对 到 将 能 可以 可 需要 希望 需 促销 活动
方案 策略 推广 推 卖 清 库存 商品 产品 清仓 顾客 客户 会员 客人 用户 优惠 折扣 优惠券 谢谢 好的 好 内
中 上 下 里 只 仅 来 去 让 出 不 没 发 送 换 成 改 预算 元 毛利 率 左右 大概 现在 先 期间 之内
营销 计划 设计 生成 写 做个 店 店里 尽快 打 除了 以外 之外 除外 不要 不用
"""
SMALL = frozenset(_ENGLISH.split())
SMALL_HAN = re.compile("|".join(sorted(map(re.escape, _HAN.split()), key=len, reverse=True)))
