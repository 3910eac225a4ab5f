"""Whom a sentence is about: `only gold customers`, `只给金卡会员`, `not bought for 90 days`."""

from __future__ import annotations

import re

from copilot.dialogue.amounts import COUNT, number_of
from copilot.dialogue.sentence import Sentence
from copilot.dialogue.vocabulary import Vocabulary
from copilot.domain.audience import Condition, parse_audience
from copilot.errors import InvalidInput

__all__ = ["read_audience"]

_PEOPLE = re.compile(
    r"\b(?:customers?|members?|shoppers?|buyers?|clients?|users?|people|audience|subscribers?|those|only|just|everyone)\b"
    r"|会员|顾客|客户|用户|客人|买家|的人|只[给发限看]?|仅|金卡|银卡"
)
_ROUND = re.compile(
    r"\b(?:customers?|members?|shoppers?|buyers?|clients?|users?|audience|subscribers?|only|tier)\b"
    r"|会员|顾客|客户|用户|客人|买家"
)
_NOT = re.compile(
    r"(?:\b(?:not?|except(?:\sfor)?|excluding|without|but\snot|other\sthan)\s(?:the\s|any\s)?|除了|不[给发要含]|排除|非)$"
)
_NOT_AFTER = re.compile(r"^[^\x1f]{0,6}(?:以外|之外|除外)")
_EVERYONE = re.compile(
    r"\b(?:all|every)\s?(?:customers?|one|body|members?|people)\b|所有(?:人|会员|顾客|客户|用户)|全部(?:会员|顾客|客户|用户)"
)
_WRITTEN = re.compile(
    r"(?P<name>[a-z][a-z0-9_]{1,60})\s?(?P<operator><=|>=|!=|=|<|>|\sin\s|\snot_in\s)\s?(?P<value>[\w|.+-]{1,80})"
)
_UNIT = r"(?P<unit>days?|weeks?|months?)"
_LAPSED = re.compile(
    rf"(?:who\s)?(?:have\s|has\s|did\s)?(?:\bnot\b|n['o]t|\bnever)\s(?:bought|ordered|buy|order|purchased?|shopped)(?:\sanything)?"
    rf"\s(?:for|in|within|since)\s(?:the\slast\s|over\s|more\sthan\s)?(?P<n>{COUNT})\s{_UNIT}\b"
    rf"|(?P<zn>{COUNT})个?(?P<zunit>天|周|月)(?:以上|内|多)?(?:都?没有?|未|不)(?:再)?(?:买|购买|下单|消费|复购)过?"
)
_DAYS = {"day": 1, "week": 7, "month": 30, "天": 1, "周": 7, "月": 30}
_NEAR = 14  # characters before a value in which it is called unwanted


def read_audience(sentence: Sentence, shop: Vocabulary) -> tuple[Condition, ...] | None:
    """The conditions that a sentence names; no condition is everyone, None is nothing said of it."""
    everyone = bool(sentence.take(_EVERYONE))
    found = [*_written(sentence, shop), *_lapsed(sentence, shop)]
    if sentence.has(_PEOPLE):
        found += _by_value(sentence, shop)
    if found:
        sentence.take(_ROUND)
    return tuple(found) if found or everyone else None


def _written(sentence: Sentence, shop: Vocabulary) -> list[Condition]:
    """Conditions in the form that briefs have, on attributes of this shop."""
    names = {name.lower(): name for name in shop.attributes}
    found: list[Condition] = []
    spans = []
    for one in _WRITTEN.finditer(sentence.text):
        if one["name"] not in names:
            continue
        try:
            found += parse_audience(f"{names[one['name']]} {one['operator'].strip()} {one['value']}")
        except InvalidInput:
            continue  # it stays in the sentence, among what was not understood
        spans.append(one.span())
    sentence.drop(spans)
    return found


def _lapsed(sentence: Sentence, shop: Vocabulary) -> list[Condition]:
    if "days_since_order" not in shop.attributes:
        return []
    found = []
    for one in sentence.take(_LAPSED):
        unit = (one["unit"] or one["zunit"]).removesuffix("s")
        days = int(number_of(one["n"] or one["zn"]) or 0) * _DAYS[unit]
        found.append(Condition(attribute="days_since_order", operator=">=", value=days))
    return found


def _by_value(sentence: Sentence, shop: Vocabulary) -> list[Condition]:
    """Values of attributes: those of one attribute are joined by or."""
    before = sentence.text
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    for (attribute, value), start, end in shop.value_names.places(sentence):
        out = _NOT.search(before[max(start - _NEAR, 0) : start]) or _NOT_AFTER.search(before[end : end + 10])
        kept = (unwanted if out else wanted).setdefault(attribute, [])
        if value not in kept:
            kept.append(value)
    return [
        *(_condition(name, values, "=", "in") for name, values in wanted.items()),
        *(_condition(name, values, "!=", "not_in") for name, values in unwanted.items()),
    ]


def _condition(attribute: str, values: list[str], one: str, many: str) -> Condition:
    if len(values) == 1:
        return Condition.model_validate({"attribute": attribute, "operator": one, "value": values[0]})
    return Condition.model_validate({"attribute": attribute, "operator": many, "value": tuple(values)})
