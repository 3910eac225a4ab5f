"""Follow-ups on a report, as people say them: what if, why not, number 2 shorter, cheaper, more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from copilot.dialogue.amounts import COUNT, MONEY, NUMBER, PERCENT, number_of, percent_of
from copilot.dialogue.sentence import Sentence
from copilot.dialogue.wishes import (
    Bye,
    Cheaper,
    Help,
    More,
    Rewrite,
    Show,
    StartOver,
    Terms,
    WhatIf,
    WhyNot,
    Wish,
)

__all__ = ["CHANNEL_WORDS", "OFFER_WORDS", "language_in", "read_follow_ups", "tone_in"]

OFFER_WORDS = {
    "free_shipping": re.compile(r"free[\s-](?:shipping|delivery|postage)|包邮|免邮费?|免运费"),
    "gift": re.compile(r"\b(?:free\s)?gifts?\b|赠品|送礼品?|小礼物"),
    "points": re.compile(r"\b(?:loyalty\s|bonus\s)?points\b|积分"),
    "buy_x_get_y": re.compile(
        r"\bbuy\s\w{1,6}[\s,]+get\s\w{1,6}(?:\sfree)?|\bbogo\b|买[\d一二两三]送[\d一二两三]"
    ),
    "fixed_price": re.compile(r"\bfixed[\s-]price|一口价"),
    "amount_off": re.compile(r"\b(?:money|amount)[\s-]off\b|立减券?|满减"),
    "percent_off": re.compile(r"\bpercent(?:age)?[\s-]off\b|打折|折扣券"),
    "none": re.compile(r"\b(?:a\s)?(?:message|mail)\swithout\s(?:an?\s)?(?:offer|discount)\b|不带优惠"),
}
_VIA = r"(?:\b(?:by|via|through|with|on|and|or|per|as)\s(?:an?\s)?|[,:/+&]\s?)"
CHANNEL_WORDS = {
    "email": re.compile(r"\be-?mails?\b|\bmails\b|邮件|电邮|邮箱"),
    "sms": re.compile(r"\bsms\b|\btext\smessages?\b|短信"),
    "push": re.compile(
        rf"\bpush[\s-](?:notifications?|messages?)\b|{_VIA}push\b|\bchannel:?\spush\b|推送|通知栏"
    ),
    "onsite": re.compile(r"\bon-?site\b|\bwebsite\sbanners?\b|站内"),
    "ads": re.compile(r"\bads?\b|\badverts?\b|\badvertis(?:ing|ements?)\b|广告"),
}
_LANGUAGES = (
    ("zh", r"chinese|mandarin|中文|汉语"), ("en", r"english|英文|英语"), ("de", r"german|德文|德语"),
    ("fr", r"french|法文|法语"), ("es", r"spanish|西班牙文|西班牙语"), ("it", r"italian|意大利语"),
    ("nl", r"dutch|荷兰语"), ("ja", r"japanese|日文|日语"), ("ko", r"korean|韩文|韩语"),
)  # fmt: skip
_LANGUAGE = re.compile("|".join(rf"(?P<{code}>{words})" for code, words in _LANGUAGES))
_TONES = (
    r"plain|simple|neutral|factual|concise|calm|warm|friendly|casual|informal|caring|welcoming|relaxed|playful|"
    r"funny|cheerful|lively|bold|humorous|witty|formal|professional|polite|respectful|elegant|businesslike|"
    r"简洁|简单|平实|朴素|直接|温暖|亲切|友好|温馨|贴心|活泼|俏皮|热情|轻松|幽默|有趣|欢快|正式|专业|礼貌|庄重|严谨|优雅"
)
_TONE = re.compile(
    rf"(?:\b(?:in\s)?(?:an?\s)?(?:more\s|rather\s|very\s)?|更|语气要?|口吻要?|风格要?)?(?P<tone>{_TONES})"
    r"(?:(?:\s?(?:and|,|又|而)\s?)(?P<also>" + _TONES + r"))?"
    r"(?:\s(?:tone|voice|style|wording|words)|的?(?:语气|口吻|风格)|一点|一些|些)?"
)
_NUMBERED = re.compile(
    rf"(?:\b(?:number|no\.?|nr\.?|strategy|option|draft)\s?|#\s?)(?P<n>{COUNT})\b"
    rf"|\bthe\s(?P<nth>first|second|third|fourth|fifth)(?:\s(?:one|strategy|option|draft))?\b(?!\s(?:of|week|day|time|half))"
    rf"|第\s?(?P<z>{COUNT})(?![次天周季批])(?:个|条|号|种)?(?:方案|策略)?|(?P<zn>{COUNT})号(?:方案|策略)"
)
_SHORTER = re.compile(
    r"\b(?:much\s|a\sbit\s)?shorter\b|\bshorten\b|\btoo\slong\b|短一?[点些]|更短|缩短|简短|精简|太长"
)
_WHAT_IF = re.compile(
    r"\bwhat\s(?:would|will|does|do|if|about|could)\b|\bhow\s(?:about|would|much\swould)\b|\bwould\sit\sbe\sbetter\b"
    r"|\bcompare\s(?:it\s)?with\b|如果|要是|假如|会怎么?样|怎么?样|如何|呢\??$|效果"
)
_WHY_NOT = re.compile(
    r"\bwhy\s(?:not?|isn't|is\sthere\sno|aren't|don't|no\sone)\b|\bwhy\b.{0,40}\bnot?\b|为什么|为何|怎么不|怎么没|干嘛不"
)
_NO = r"\b(?:no|without|not)\s(?:any\s)?"
_SHOW = re.compile(
    r"\b(?:show|details?|see|full|more\sabout|why|tell\sme|open)\b|看看|详细|详情|展开|为什么|显示"
)
_CHEAPER = re.compile(
    r"\bcheaper\b|\bless\s(?:expensive|money|costly)\b|\bspend\sless\b|\blower\s(?:the\s)?(?:cost|budget)s?\b|便宜一?[点些]?|省[钱点]|少花[钱点]?|预算[低少]一?[点些]"
)
_SMALLER = re.compile(
    r"\b(?:smaller|lower|less|lighter)\s(?:a\s)?(?:discounts?|offers?)\b|折扣[小少低]一?[点些]|少打?[点些]折|优惠力度[小低]一?[点些]"
)
_MORE = re.compile(
    r"^\s?(?:(?:show|give)\s(?:me\s)?)?(?:(?:a\sfew\s|some\s)?more|another\s(?:few|five|three|one)|others?)(?:\s(?:ideas?|strategies|options?|drafts?|please)){0,2}[.!?\s]{0,3}$|再来[几一]?些?个?|更多(?:方案|策略)?|多来[几一]?个|还有(?:别的|其他的?|更多的?)?吗?\??$|换一批"
)
_OVER = re.compile(
    r"\bstart\s(?:over|again|afresh|new)\b|\breset\b|\bforget\s(?:all|everything|it\sall)\b|\bnew\s(?:brief|campaign)\b|重新开始|从头(?:再来|开始|来)|重来|清空"
)
_BYE = re.compile(r"^\s?(?:good\s?bye|bye(?:[\s-]bye)?|quit|exit|退出|再见|拜拜|结束)[.!\s]{0,3}$")
_HELP = re.compile(r"^\s?(?:help|what\scan\s(?:i\ssay|you\sdo)|帮助|怎么用|你会什么|你能做什么)[.!?\s]{0,3}$")
_PERCENT = re.compile(PERCENT)
_OFF = re.compile(
    rf"(?P<m>{MONEY}|{NUMBER})\s(?:off|discount)\b|(?:立?减|优惠)\s?(?P<z>{NUMBER})(?:欧元|美元|元|块)?"
)
_FROM = re.compile(
    rf"\b(?:from|above|over|minimum(?:\sspend)?(?:\sof)?|orders?\s(?:above|over|from))\s(?:{MONEY}|{NUMBER})|满\s?(?:{MONEY}|{NUMBER})"
)
_DAYS = re.compile(rf"\b(?:for|valid)\s(?P<d>{COUNT})\sdays\b|(?P<z>{COUNT})天")


def read_follow_ups(sentence: Sentence) -> tuple[Wish, ...]:
    """The follow-ups of a sentence; what they are made of is taken out of it."""
    for pattern, wish in ((_BYE, Bye()), (_HELP, Help()), (_MORE, More())):
        if sentence.take(pattern):
            return (wish,)
    found: list[Wish] = [StartOver()] if sentence.take(_OVER) else []
    if sentence.take(_SMALLER):
        found.append(Cheaper("discount"))
    if sentence.take(_CHEAPER):
        found.append(Cheaper())
    return (*found, *_about_one(sentence))


def _about_one(sentence: Sentence) -> Iterator[Wish]:
    number = _number(sentence)
    asks_why = sentence.has(_WHY_NOT) or (
        sentence.text.rstrip().endswith("?") and sentence.has(re.compile(_NO))
    )
    named = next((kind for kind, words in OFFER_WORDS.items() if sentence.has(words)), "")
    if asks_why and named:
        sentence.take(OFFER_WORDS[named])
        sentence.take(_WHY_NOT)
        yield WhyNot(named)
    elif asks_why and number is None and (channel := _channel(sentence)):
        sentence.take(_WHY_NOT)
        yield WhyNot(channel=channel)
    elif sentence.has(_WHAT_IF) and (terms := _terms(sentence, named)):
        sentence.take(_WHAT_IF)
        yield WhatIf(terms, number)
    elif number is not None:
        yield from _numbered(sentence, number, named)
    elif sentence.take(_SHORTER):
        yield Rewrite(1, shorter=True)


def _numbered(sentence: Sentence, number: int, named: str) -> Iterator[Wish]:
    shorter = bool(sentence.take(_SHORTER))
    language, tone = language_in(sentence), tone_in(sentence)
    if shorter or language or tone:
        yield Rewrite(number, shorter, language, tone)
    elif terms := _terms(sentence, named):
        yield WhatIf(terms, number)
    else:
        sentence.take(_SHOW)
        yield Show(number)


def _number(sentence: Sentence) -> int | None:
    found = sentence.take(_NUMBERED)
    if not found:
        return None
    said = number_of(next(part for part in found[0].groups() if part))
    return int(said) if said is not None else None


def language_in(sentence: Sentence) -> str:
    """The code of the language that is named last, or ""."""
    found = sentence.take(_LANGUAGE)
    return next((code for code, text in found[-1].groupdict().items() if text), "") if found else ""


def tone_in(sentence: Sentence) -> str:
    """The tone that is asked for, or ""."""
    found = sentence.take(_TONE)
    return " and ".join(filter(None, (found[0]["tone"], found[0]["also"]))) if found else ""


def _terms(sentence: Sentence, named: str) -> Terms:
    """The terms that are asked about, taken out of the sentence."""
    channel = _channel(sentence)
    spend = sentence.take(_FROM)
    days = sentence.take(_DAYS)
    kind, value = _kind(sentence, named)
    return Terms(
        type=kind,
        value=value,
        min_spend=number_of(spend[0].group()) if spend else None,
        valid_days=_small(number_of(days[0]["d"] or days[0]["z"])) if days else None,
        channel=channel,
    )


def _channel(sentence: Sentence) -> str:
    return next((name for name, words in CHANNEL_WORDS.items() if sentence.take(words)), "")


def _small(value: Decimal | None) -> int | None:
    return None if value is None else min(max(int(value), 1), 365)


def _kind(sentence: Sentence, named: str) -> tuple[str, Decimal | None]:
    if named in ("free_shipping", "none"):
        sentence.take(OFFER_WORDS[named])
        return named, None
    if percent := sentence.take(_PERCENT):
        value = percent_of(percent[0].group())
        return ("percent_off", value) if value is not None and 0 < value <= 100 else ("", None)
    if off := sentence.take(_OFF):
        return "amount_off", number_of(off[0]["m"] or off[0]["z"])
    return "", None
