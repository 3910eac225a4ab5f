"""A sentence in English or Chinese -> the wishes in it, and what of it was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from copilot.dialogue.amounts import COUNT, MONEY, NUMBER, PERCENT, currency_in, number_of, percent_of
from copilot.dialogue.asking_back import CHANNEL_WORDS, OFFER_WORDS, language_in, read_follow_ups, tone_in
from copilot.dialogue.audience_words import read_audience
from copilot.dialogue.days import read_days
from copilot.dialogue.sentence import LONGEST, Sentence, cleaned, in_chinese
from copilot.dialogue.vocabulary import Vocabulary
from copilot.dialogue.wishes import Read, Set, Wish

__all__ = ["read"]

_AT_LEAST = (
    r"(?:(?:of\s|is\s)?at\sleast\s|of\s|>=?\s?|above\s|over\s|不低于|至少|保[持留证]|大于|高于|达到|在)?\s?"
)
_AT_MOST = (
    r"(?:\bat\smost\b|\bmax(?:imum|imal)?\b\.?(?:\sdiscount)?(?:\sof)?|\bup\sto\b|\b(?:no|not)\smore\sthan\b|\bunder\b|\bbelow\b"
    r"|\b(?:discount\s)?(?:cap|ceiling|limit)\b(?:\sof|\sat)?|<=?|\bdiscounts?\s(?:of|below|under)\b"
    r"|折扣(?:力度)?(?:不超过|最多|上限)?|不超过|不低于|最多|最低|至多|上限)\s?(?:打|为|是)?\s?"
)
_MARGIN = re.compile(
    rf"\bmargins?\s{_AT_LEAST}(?P<a>{PERCENT})|(?P<b>{PERCENT})\s?(?:of\s)?(?:的?(?:gross\s)?\bmargin\b|的?毛利率?|的?利润率)"
    rf"|(?:毛利率?|利润率){_AT_LEAST}(?P<c>{PERCENT})"
)
_ROI = re.compile(rf"(?:\broi\b|投资回报率?|回报率)\s?{_AT_LEAST}(?P<a>{PERCENT}|{NUMBER})")
_CAP = re.compile(
    rf"{_AT_MOST}(?P<a>{PERCENT})(?:\s(?:off|discounts?))?|(?P<c>{PERCENT})\s(?:max(?:imum)?\b|at\smost\b|discount\s(?:cap|limit))"
    rf"|(?P<b>{PERCENT})(?:\s(?:off|discounts?)\b|的?(?:优惠|折扣))?"
)
_NO_CAP = re.compile(r"\bany\sdiscount\b|\bno\sdiscount\s(?:cap|limit)\b|折扣不限|不限折扣")
_NO_BUDGET = re.compile(
    r"\b(?:no|without(?:\sa)?|unlimited|any)\sbudget(?:\slimit)?\b|不限预算|预算不限|没有预算|无预算"
)
_BUDGET = re.compile(
    rf"(?:\b(?:a\s)?budget(?:\sof|\sis|:|\sto|\sat)?\s?(?:about\s|of\s)?|\bspend(?:\sat\smost|\sup\sto)?\s|预算(?:是|为|改成|改为|:)?\s?)(?P<a>{MONEY}|{NUMBER})"
    rf"|(?:\b(?:at\smost|up\sto|max(?:imum)?|under|for|with)\s)?(?P<b>{MONEY})(?:的?预算|\s(?:of\s)?budget\b)?"
    rf"|(?P<c>{NUMBER})(?:的预算|\sbudget\b)"
)
_COUNT = re.compile(
    rf"(?P<a>{COUNT})\s(?:different\s|more\s|new\s)?(?:strateg(?:y|ies)|ideas?|options?|drafts?|proposals?|variants?|suggestions?)\b"
    rf"|(?P<b>{COUNT})\s?[个套种条](?:不同的?)?(?:方案|策略|建议|选择|主意)"
)
_AIMS = (
    ("revenue", r"revenue|sales|turnover|gmv|销售额|营业额|营收|收入"),
    ("conversion", r"conversions?|orders|purchases|转化率?|订单数?|成交"),
    ("clicks", r"clicks?|click[\s-]through|ctr|traffic|点击率?|流量"),
    ("profit", r"profits?|earnings|利润|盈利"),
)
_AIM = re.compile(
    r"(?:\b(?:maximi[sz]e|objective|goal|aim(?:\sfor)?|optimi[sz]e(?:\sfor)?|focus\son|target|best\sfor|increase|raise|as\s(?:much|many))"
    r"(?:\s?(?:is|:|the|of|our))?\s?(?:the\s)?|目标是?:?|以|提[高升]|增加|最大化)\s?(?:"
    + "|".join(rf"(?P<{name}>{words})" for name, words in _AIMS)
    + r")(?:为目标|最大化|最高|as\spossible)?"
    + r"|"
    + "|".join(rf"(?P<{name}_max>{words})(?:最大化|最高|为目标|优先)" for name, words in _AIMS)
)
_EVERYTHING = re.compile(
    r"\b(?:everything|all\s(?:products|categories|of\sit)|the\s(?:whole|entire)\s(?:shop|range|store|assortment)|anything)\b"
    r"|全场|全店|所有(?:商品|产品|品类|类目)|全部(?:商品|产品)?|什么都可以|都可以|随便"
)
_NO = re.compile(
    r"(?:\b(?:no|without|not?\s(?:by|via|any)|except|avoid|skip|drop|exclude|not)\s(?:the\s|any\s)?|不要|不用|不发|不送|不|别用?|除了|去掉)\s?$"
)
_NEAR = 16


def read(text: str, shop: Vocabulary, today: date) -> Read:
    """The wishes of a sentence. today: what `next week` counts from."""
    said = cleaned(text)
    sentence, foreign = Sentence(said), {}
    wishes: list[Wish] = list(read_follow_ups(sentence))
    for one in _fields(sentence, shop):
        wishes.append(one)
    for code, amount in _budget(sentence):
        if code and code != shop.currency:
            foreign[code] = amount
        else:
            wishes.append(Set("budget", amount))
    span, wrong = read_days(sentence, today)
    wishes += [
        Set(name, day)
        for name, day in (("starts_on", span.starts_on), ("ends_on", span.ends_on))
        if day is not None
    ]
    wishes += _rest(sentence, shop)
    return Read(
        wishes=tuple(_last_of_each(wishes)),
        unclear=(*wrong, *sentence.left()),
        chinese=in_chinese(said),
        foreign=foreign,
        cut=len(text) > LONGEST,
    )


def _last_of_each(wishes: list[Wish]) -> list[Wish]:
    """A field said twice is what was said last."""
    last = {one.field if isinstance(one, Set) else place: one for place, one in enumerate(wishes)}
    return list(last.values())


def _fields(sentence: Sentence, shop: Vocabulary) -> Iterator[Set]:
    """What has figures in it: the audience and the limits, before bare money is taken for the budget."""
    if (audience := read_audience(sentence, shop)) is not None:
        yield Set("audience", audience)
    for one in sentence.take(_MARGIN):
        yield from _percent("min_margin_percent", one)
    for one in sentence.take(_ROI):
        if (value := number_of(one["a"])) is not None:
            yield Set("min_roi", value / 100 if "%" in one["a"] else value)
    for one in sentence.take(_COUNT):
        if count := number_of(one["a"] or one["b"]):
            yield Set("strategies", min(max(int(count), 1), 20))
    if sentence.take(_NO_CAP):
        yield Set("max_discount_percent", None)
    for one in sentence.take(_CAP):
        yield from _percent("max_discount_percent", one, "cap" if one["b"] else "")
    if sentence.take(_NO_BUDGET):
        yield Set("budget", None)


def _percent(field: str, found: re.Match[str], assumed: str = "") -> Iterator[Set]:
    text = next(part for part in found.groups() if part)
    value = percent_of(text)
    if value is not None and 0 < value <= 100:
        yield Set(field, value, assumed)


def _budget(sentence: Sentence) -> Iterator[tuple[str, Decimal]]:
    for one in sentence.take(_BUDGET):
        text = one["a"] or one["b"] or one["c"]
        if (amount := number_of(text)) is not None and amount <= 10**9:
            yield currency_in(text) or "", amount


def _rest(sentence: Sentence, shop: Vocabulary) -> Iterator[Set]:
    for one in sentence.take(_AIM):
        name = next(name for name, part in one.groupdict().items() if part)
        yield Set("objective", name.removesuffix("_max"))
    if sentence.take(_EVERYTHING):
        yield Set("categories", ())
        yield Set("product_ids", ())
    if products := shop.product_names.take(sentence):
        yield Set("product_ids", tuple(products))
    if categories := shop.category_names.take(sentence):
        yield Set("categories", tuple(categories))
        if not products:
            yield Set("product_ids", ())
    yield from _listed("channels", CHANNEL_WORDS, shop.channels, sentence)
    yield from _listed("offer_types", OFFER_WORDS, tuple(OFFER_WORDS), sentence)
    if language := language_in(sentence):
        yield Set("language", language)
    if tone := tone_in(sentence):
        yield Set("tone", tone)


def _listed(
    field: str, words: dict[str, re.Pattern[str]], every: tuple[str, ...], sentence: Sentence
) -> Iterator[Set]:
    """Those that are named, or all but those that are named as unwanted."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for name, pattern in words.items():
        for one in pattern.finditer(sentence.text):
            refused = _NO.search(sentence.text[max(one.start() - _NEAR, 0) : one.start()])
            (unwanted if refused else wanted).append(name)
            break
        sentence.take(pattern)
    if wanted:
        yield Set(field, tuple(one for one in wanted if one not in unwanted))
    elif unwanted:
        yield Set(field, tuple(one for one in every if one not in unwanted))
