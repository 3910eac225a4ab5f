"""Words against the terms of the offer: for life, as often as you like, with other offers, ends {starts_on}.

Beside what the offer gives only: "a knife for life" and "wear it as often as you like" promise nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from copilot.domain.draft import StrategyDraft
from copilot.wording.seeing import Figure, found_in
from copilot.wording.slots import SLOT, last_day

__all__ = ["misstated"]

_GIVEN, _FIRST, _LAST = "\ue001", "\ue002", "\ue003"  # stand where slots stood: of the offer, of its days
_SIGNS = dict.fromkeys(
    ("discount", "reduction", "price", "points", "gift", "max_discount", "buy", "get", "code"), _GIVEN
) | {"starts_on": _FIRST, "ends_on": _LAST}

_OFFER = r"(?:offer|deal|discount|promotion|code|coupon|voucher)"
_OF_OFFER = rf"(?:(?:the|this|our|your|these|a|an)\s+(?:\w+\s+)?{_OFFER}s?)(?!\w)"
_GIVES = (
    rf"(?:{_GIVEN}|(?<![\w-])(?:{_OF_OFFER}"
    r"|(?:free\s+(?:shipping|delivery|gifts?)|ships?\s+free|money\s+off)(?!\w)))"
)
# The rest of a clause that still speaks of the offer, not of what the goods are for.
_ABOUT = (
    r"(?:(?!(?<!\w)(?:that|which|who|made|built|makes?|lasts?|lasting|wear|worn|wash\w*|chang\w*|friends?|partners?|"
    rf"bags?|look\w*|love\w*)\b)[^.!?;\n{_GIVEN}]){{0,60}}?"
)
_STOP = r"(?=\s*(?:[.!?,;:)\n-]|$)|\s+(?:on|off|with|when|and)\b)"
_EVER = (
    r"(?:for\s+(?:life|ever|all\s+time|the\s+rest\s+of\s+your\s+life)|forever|permanently|indefinitely"
    r"|until\s+the\s+end\s+of\s+time)"
)
_LIKE = r"as\s+(?:often|many\s+times)\s+as\s+you(?:'d)?\s+(?:like|want|wish|please|can|need)"
_AGAIN = (
    rf"(?:{_LIKE}|again\s+and\s+again|over\s+and\s+over(?:\s+again)?|(?:every|each)\s+time\s+you\s+"
    r"(?:order|shop|buy|check\s+out|purchase)|(?:on|off)\s+(?:all|each\s+of)\s+your\s+(?:future\s+)?orders"
    r"|(?:on|off)\s+every\s+order\s+you\s+(?:place|make))(?!\w)"
)
_USED = r"(?:use|redeem|apply|claim|enjoy|shop|order|buy|come\s+back|works?|valid|yours|save)"
_OTHERS = (
    r"(?!(?:our|your)\s+(?:offer|deal|discount|promotion|coupon|voucher|code)(?!\w))"
    r"(?:any|all|other|our|every|your|another|existing|current|further)\s+(?:(?!(?:with|to|on|in|and)\s)[\w-]+\s+){0,3}?"
    r"(?:offers?|deals?|discounts?|promotions?|promos?|coupons?|vouchers?|codes?|sale(?:s|\s+(?:prices?|items?))?)"
)
_JOINED = r"(?:combin(?:e|es|ed|able|ing)|stack(?:s|ed|able|ing)?|pair(?:s|ed)?|add(?:s|ed)?)"
_INSIDE = "[^。！？!?，,；;\n]"
_OTHERS_ZH = (
    rf"(?:其[他它]|任何|任意|别的|所有|全部|各种|店铺|店内|平台|会员|现有|满减|另外){_INSIDE}{{0,8}}?"
    r"(?:优惠|折扣|活动|促销|券|满减|立减)"
)
_BOTH_ZH = r"(?:同享|同时(?:享受?|使用|用)|叠加|共享|并用|一起(?:用|使用|享)|同用)"


class _Term(NamedTuple):
    what: str
    patterns: tuple[re.Pattern[str], ...]


def _term(what: str, *patterns: str) -> _Term:
    return _Term(what, tuple(re.compile(pattern, re.I) for pattern in patterns))


_ALWAYS = _term(
    "promises that the offer never ends; valid_days is {}, write until {{ends_on}}",
    rf"{_GIVES}{_ABOUT}(?<!\w)(?P<it>{_EVER}){_STOP}",
    rf"(?<![\w-])(?<!in\sa\s)(?:forever|permanent|lifetime|eternal|never-ending)\s+(?:{_GIVEN}|(?:\w+\s+)?"
    rf"(?:{_OFFER}|saving)s?(?!\w))",
    rf"{_GIVES}\s+(?P<it>(?:never|(?:does|will)\s+not|doesn't|won't)\s+(?:ever\s+)?(?:ends?|expires?|runs?\s+out))(?!\w)",
    rf"{_GIVES}{_ABOUT}(?<!\w)(?P<it>(?:no|without\s+(?:an?|any))\s+(?:expiry|expiration|end)(?:\s+date)?)(?!\w)",
    r"(?<!会员)(?<!积分)(?<!资格)(?:(?:终[身生]|永久|长期|一直|永远)有效|永不(?:过期|失效|结束)|有效期(?:无限|不限))",
    rf"(?:终[身生]|永久|永远|一辈子|无限期|不限时间?)(?:都|均|可)?(?:享受?)?(?:{_GIVEN}|优惠|折扣|打折|立减|立省|[减省打]{_GIVEN})",
)
_OFTEN = _term(
    "promises the offer again and again; limit_per_customer is {}, leave it out",
    rf"{_GIVES}{_ABOUT}(?<!\w){_USED}(?:\s+\w+){{0,3}}\s+(?P<it>{_AGAIN})",
    rf"{_GIVEN}(?:\s+off)?{_ABOUT}(?<!\w)(?P<it>{_AGAIN})",
    rf"(?<!\w)(?:use|redeem|apply|enter)\s+(?:it|this)\s+(?P<it>{_AGAIN})[^.!?\n]{{0,20}}{_GIVES}",
    rf"(?<!\w)(?:use|redeem|apply|enter)\s+(?:{_OF_OFFER}|{_GIVEN}+)\s+(?P<it>{_AGAIN})",
    r"(?<!\w)unlimited\s+(?:uses|redemptions|orders|purchases)(?!\w)"
    r"|(?<!\w)(?:no|without(?:\s+an?y?)?)\s+(?:limits?\s+(?:per\s+(?:customer|person|household)|on\s+"
    r"(?:how\s+(?:often|many)|the\s+number|orders|uses))|(?:usage|purchase|order)\s+limits?)(?!\w)",
    r"(?<!清洗)(?<!水洗)(?<!洗涤)(?<!充电)(?:(?:使用|购买|下单|领取)?次数不限|不限(?:使用|购买|下单|领取)?次数?|无限次)"
    r"(?=使用|可?享|下单|购买|领取|优惠|立?减|\s*(?:[。！，,；;]|$))|不限购(?!物)",
    rf"(?:想用几次|用多少次|想买几次|想用多少次)(?:就|都|也)|(?:每次|每回|每一次)(?:下单|购物|购买|消费){_INSIDE}{{0,6}}(?:{_GIVEN}|立减|优惠|打折)",
    rf"(?:{_GIVEN}|优惠码|折扣码|券码?|优惠){_INSIDE}{{0,6}}(?:反复|重复|多次)(?:使用|领取|享受)",
)
_STACKED = _term(
    "promises the offer beside others; stackable is false, leave it out",
    rf"(?<!\w){_JOINED}\s+(?:[\w{_GIVEN}]+\s+){{0,3}}?(?:with|to|on)\s+{_OTHERS}(?!\w)",
    rf"(?<!\w)(?:on\s+top\s+of|together\s+with|along(?:side|\s+with)|in\s+addition\s+to|valid\s+with|works\s+with)\s+{_OTHERS}(?!\w)",
    r"(?<!\w)on\s+top\s+of\s+(?:(?:already|the|our)\s+){0,2}(?:reduced|discounted|sale|lowered|marked[\s-]down)\s+(?:prices?|items?)(?!\w)",
    rf"(?<!\w)use\s+(?:it|this|the\s+code|{_GIVEN}+)\s+with\s+{_OTHERS}(?!\w)",
    rf"{_GIVES}\s+(?:is|are|can\s+be|may\s+be)?\s*(?:fully\s+)?(?P<it>stackable|combinable|stacks?|stacked)(?!\w)",
    rf"(?:可以?|能|支持|欢迎)?(?:[与和跟同]|搭配){_INSIDE}{{0,2}}{_OTHERS_ZH}[^。！？!?，,；;\n不无非勿]{{0,4}}?{_BOTH_ZH}",
    rf"(?:可以?|能|支持)(?:再)?叠加(?={_INSIDE}{{0,6}}(?:优惠|折扣|活动|促销|券|满减|立减|使用|享)|\s*(?:[。！，,；;]|$))",
    r"(?:优惠|折扣|券|满减|活动|立减)(?:均|都|还)?(?:可以?|能|支持)?(?:叠加|同享)(?!上限)|折上折",
)
_AT = r"(?:\s+(?:on|at|the))?\s*:?\s*"
_DAYS = (
    _term(
        "tells the first day as the last; write {ends_on}",
        rf"(?<!\w)(?P<it>ends?|ending|expir(?:es?|ing)|closes|until|till|through|last\s+day(?:\s+is)?|no\s+later\s+than"
        rf"|deadline(?:\s+is)?){_AT}{_FIRST}",
        rf"(?P<it>截[止至]|直至|有效期至|(?<![甚直截期])至)\s*{_FIRST}",
        rf"{_FIRST}+\s*(?:截止|止|结束|到期|为止|收官|落幕)",
    ),
    _term(
        "tells the last day as the first; write {starts_on}",
        rf"(?<!\w)(?P<it>start(?:s|ing)?|begin(?:s|ning)?|from|since|as\s+of|launch(?:es|ing)?|opens|opening"
        rf"|kicks\s+off|commenc(?:es|ing)|first\s+day(?:\s+is)?){_AT}{_LAST}",
        rf"(?P<it>[从自])\s*{_LAST}",
        rf"{_LAST}+\s*(?:起|开始|开启|开售|开抢|启动|首发|上线|开跑)",
    ),
    _term(
        "tells the last day before the first; write {starts_on} and then {ends_on}",
        rf"{_LAST}+(?:\s*(?:to|until|till|through|至|到)\s*|[-~]){_FIRST}+",
        rf"(?<!\w)between\s+{_LAST}+\s+and\s+{_FIRST}+",
    ),
)
# Said just before in the same clause, it denies what follows; "not only" and 不仅 do not.
_DENIED = re.compile(
    r"(?:(?<!why )\bnot\b(?! only)|n't\b|n’t\b|\b(?:cannot|never|no|neither|nor|without)\b)[^.,!?;:\n]{0,40}$"
    r"|\b(?:can|may|must)(?:not|'t|’t|n't|n’t| not), [^.,!?;:\n]{0,20}, [^.,!?;:\n]{0,20}$"
    r"|(?:不(?!仅|但|止|只|限)|无法|勿|并非|未|没有)[^。！？，,；;\n]{0,10}$",
    re.I,
)
_WAITED = re.compile(
    r"\b(?:wait\w*|patien\w*|days|sleeps|hours|count\w*|closed|not|secret|hold)\b[^.!?;\n]{0,40}$", re.I
)


def misstated(text: str, masked: str, draft: StrategyDraft) -> Iterator[Figure]:
    """Every place where a text with its slots goes against the draft's terms or days.

    masked: the text without slots and known names, every other character where it was. The kind of each
    is what it does and what to write instead.
    """
    given = _given(text, masked)
    for term in (*_broken(draft), *_days(draft)):
        for one in found_in(given, [(term.what, pattern) for pattern in term.patterns]):
            said = text[one.at : one.at + len(one.text)]
            denied = _WAITED if said.lower() in ("until", "till") else _DENIED
            if not denied.search(text, max(one.at - 60, 0), one.at):
                yield Figure(term.what, said, one.at)


def _given(text: str, masked: str) -> str:
    for slot in SLOT.finditer(text):
        if sign := _SIGNS.get(slot[1]):
            masked = masked[: slot.start()] + sign * len(slot[0]) + masked[slot.end() :]
    return masked


def _broken(draft: StrategyDraft) -> Iterator[_Term]:
    offer = draft.offer
    if offer.type == "none":
        return
    yield _ALWAYS._replace(what=_ALWAYS.what.format(offer.valid_days))
    if offer.limit_per_customer is not None:
        yield _OFTEN._replace(what=_OFTEN.what.format(offer.limit_per_customer))
    if not offer.stackable:
        yield _STACKED


def _days(draft: StrategyDraft) -> tuple[_Term, ...]:
    one_day = draft.plan.starts_on is not None and draft.plan.starts_on == last_day(draft)
    return () if one_day else _DAYS
