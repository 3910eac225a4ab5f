"""Whether two texts say the same in other small words.

Compared is the set of what is said: content words in English, characters and pairs in Chinese, after small
words are left out and words that stand for one another are made one. Neither order, punctuation nor case
counts, and neither does what every message ends with (terms, greeting, how to opt out).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from copilot.domain.draft import Copy
from copilot.wording.seeing import seen
from copilot.wording.slots import SLOT

__all__ = ["likeness", "too_alike", "what_is_said"]

# Shares of the shorter or of both texts; found on the labelled pairs of the tests, where each separates the
# two kinds with a margin.
_SHARED, _CONTAINED = 0.55, 0.8
_FEWEST = 4  # of a text that another may contain

_WORD = re.compile(r"\{[a-z_]+\}|[^\W_]+(?:'[a-z]+)?")
_TWICE = re.compile(r"([\u3400-\u9fff])\1")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_TERMS = frozenset(("{min_spend}", "{max_discount}", "{ends_on}", "{starts_on}", "{code}"))
_TERM = re.compile(
    r"\b(?:with|use|using)?\s*(?:the\s+)?code\s+\{code\}|\b(?:only\s+)?(?:until|till|by|ends?\s+on)\s+\{ends_on\}"
    r"|优惠码\{code\}|(?:即日起|活动)?至?\{ends_on\}(?:截止|为?止|结束)?|满\{min_spend\}可用",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+")
_CLAUSE = re.compile(r"[^,;，；、]+")
_NO_MATTER = re.compile(
    r"\b(?:opt out|unsubscribe|reply stop|text stop|per customer|(?:be )?used once"
    r"|(?:the|this|our) offer (?:ends|is|runs)|at the checkout|terms apply|kind regards"
    r"|thank you for shopping with us|(?:hello|hi|dear)\b.{0,20}$)"
    r"|^\s*(?:we\s+hope\s+you|enjoy\s+(?:choosing|shopping|browsing|it|them)\b|(?:happy|enjoy\s+your)\s+shopping"
    r"|(?:we\s+are\s+)?looking\s+forward\s+to|see\s+you\s+soon)"
    r"|回复?[rtdRTD0-9]|退订|拒收|每位顾客|每人限|结算|限用|^\s*(?:您好|你好|祝(?:您|你)|希望(?:您|你)|愿(?:您|你)|期待(?:您|你))",
    re.I,
)
_SMALL_WORDS = (
    "a an the and or but so of on in at to for from by with without into over as it its it's this that "
    "these those is are was be been am will would can could may do does did have has had get gets got "
    "getting you your yours you're you'll you've we our us we've i my me they them their there here now "
    "today then just also too very really right only still even all any some every each whole entire more "
    "off out up yet again when if what which who how why go let let's make made take takes taking "
    "one ones other anything something everything not no please simply currently immediately straight "
    "away "
)
_SMALL = frozenset(re.findall(r"\S+", _SMALL_WORDS))
_SAME: Mapping[str, str] = {
    word: group[0]
    for group in (
        ("shop", "store", "buy", "order", "orders", "purchase", "purchases", "buying", "ordering"),
        ("save", "saving", "saves", "discount", "reduced", "less", "cheaper", "{discount}", "{reduction}"),
        ("look", "see", "view", "discover", "explore", "browse", "find", "check", "looking", "peek"),
        ("pick", "choose", "select", "choosing", "picking", "choice", "picks", "selection"),
        ("receive", "enjoy", "claim", "grab", "collect", "earn"),
        ("free", "complimentary"),
        ("{gift}", "gift", "present"),
        ("ship", "shipping", "delivery", "deliver", "delivered", "postage"),
        ("love", "like", "adore", "fond"),
        ("new", "latest", "fresh"),
        ("customer", "shopper", "buyer"),
        ("pay", "paid", "price", "cost", "costs", "{price}"),
        ("want", "need", "needed", "wanted"),
        ("until", "till", "through", "end", "ending", "soon", "hurry", "last", "chance"),
        ("product", "item", "piece", "thing", "goods"),
        ("wait", "waiting", "ready", "aside", "reserved"),
        ("range", "category", "{category}"),
    )
    for word in group
}  # fmt: skip
_SMALL_ZH = re.compile(
    r"现在|今天|今日|即刻|立即|马上|立刻|赶紧|快来|快去|即可|就能|可以|可享|享受|享有|尽享|即享|可|享|您的|你的|我们|您|你|的|了|吧|哦|哟|啦|呢|"
    r"吗|也|都|就|即|已|已经|正在|这|那|个|一个|一份|份|是|在|把|给|为|让|并|和|与|及|请|来|去|会|能|还|再|又|更|很|只需|只要|仅需"
)
_SAME_ZH = (
    (re.compile(r"选购|购买|购物|下单|入手|抢购|购入|订购|带走|拿下|购|订单"), "买"),
    (re.compile(r"\{discount\}|\{reduction\}|优惠|立减|直减|立省|减免|折扣|省下|便宜|减价|特惠|省"), "减"),
    (re.compile(r"看看|逛逛|瞧瞧|查看|浏览|看一看|逛一逛|发现"), "看"),
    (re.compile(r"挑选|选择|精选|甄选|挑一挑|选一选|任选|随心挑"), "挑"),
    (re.compile(r"赠送|附送|附赠|送上|奉上|赠"), "送"),
    (re.compile(r"包邮|免运费|免邮|运费全免|运费我们出|运费由我们承担|运费全由我们承担"), "邮"),
    (re.compile(r"喜欢|喜爱|偏爱|钟爱|心仪|中意"), "爱"),
    (re.compile(r"截止|为止|结束|到期|之前|以前|即日起|至"), "止"),
    (re.compile(r"获得|领取|得到|收到|到手|领"), "得"),
    (re.compile(r"商品|产品|好物|宝贝|单品"), "物"),
    (re.compile(r"顾客|客户|用户|朋友"), "客"),
    (re.compile(r"\{price\}|价格|价钱|售价"), "价"),
    (re.compile(r"全场|全部|所有|统统|全线|整个|全"), ""),
)  # fmt: skip


def too_alike(one: str | Copy, other: str | Copy, language: str) -> bool:
    """Whether a reader would say that the two are the same message. Slots may be filled or not."""
    return likeness(what_is_said(one, language), what_is_said(other, language)) >= 1


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """How alike two texts are by what they say; from 1 on they are too much so."""
    if not first or not second:
        return float(first == second)
    shared = len(first & second)
    fewer = min(len(first), len(second))
    contained = shared / fewer / _CONTAINED if fewer >= _FEWEST else 0.0
    return max(shared / len(first | second) / _SHARED, contained)


def what_is_said(text: str | Copy, language: str) -> frozenset[str]:
    """The words (in Chinese the characters and pairs of them) that carry what a text says."""
    if isinstance(text, Copy):
        text = "\n".join((text.subject, text.body))
    told = "\n".join(_telling(seen(text)[0]))
    return _pairs(told) if language.split("-")[0] == "zh" else _words(told)


def _telling(text: str) -> list[str]:
    """The text without terms and formalities."""
    clauses = []
    for sentence in _SENTENCE.findall(_TERM.sub(" ", text)):
        if not _NO_MATTER.search(sentence):
            clauses += _CLAUSE.findall(sentence)
    return clauses


def _words(text: str) -> frozenset[str]:
    words = (word.removesuffix("'s") for word in _WORD.findall(text.casefold()))
    said = (word for word in words if word not in _SMALL and word not in _TERMS)
    return frozenset(_SAME.get(word) or _SAME.get(word.removesuffix("s")) or _stem(word) for word in said)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word.removesuffix(ending)
    return word


def _pairs(text: str) -> frozenset[str]:
    for pattern, word in _SAME_ZH:
        text = pattern.sub(word, text)
    text = _TWICE.sub(r"\1", _SMALL_ZH.sub("", text))
    found = {word for word in _WORD.findall(SLOT.sub(lambda slot: f" {slot[0]} ", text)) if word.isascii()}
    found = {word.casefold() for word in found if word not in _TERMS}
    for run in _HAN.findall(text):
        found |= {*run, *(f"{left}{right}" for left, right in pairwise(run))}
    return frozenset(found)
