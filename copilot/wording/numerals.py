"""Number words that promise something, in English and Chinese.

From ten up a number word is a figure like its digits. `one` to `nine`, fractions and multiples are figures
beside a unit (percent, money, points, days), after a verb of buying or as a bare bound ("just five."); "one
of our favourites", "two-tone" and "half the fun" are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.wording import european
from copilot.wording.seeing import MASK, Figure, found_in

__all__ = ["number_words"]

_SMALL = "two|three|four|five|six|seven|eight|nine"
_LARGE = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    "sixty|seventy|eighty|ninety|hundred|thousand|dozen"
)
_ANY = f"zero|one|{_SMALL}|{_LARGE}|hundreds|thousands|millions?"
_NUMBER = rf"(?:{_ANY})(?:[\s-]+(?:and\s+)?(?:{_ANY})){{0,6}}"
_EXTRA = r"(?:[\s-]+(?:of|more|extra|bonus|loyalty|reward|full|whole|free|us|store))"
_MONEY = r"euros?|eur|dollars?|usd|pounds?|gbp|quid|bucks?|cents?|pence|yuan|rmb|yen|francs?|rupees?"
_VALUE = (
    rf"per\s?cent|percentage|pct|{_MONEY}|points?|off|discounts?|free|vouchers?|coupons?|gifts?|samples?|"
    r"stamps?|credits?|miles|%"
)
_TIME = r"days?|nights?|hours?|hrs?|minutes?|mins?|weeks?|months?|years?"
_COUNTED = rf"{_TIME}|items|pieces|packs|pairs|products|bottles|boxes|times\s+(?:the|your|our|as)"
_VERB = (
    r"sav(?:e|es|ing)|buy|gets?|take|wins?|earns?|collect|receive|pay|spend|order|knock|slash|redeem|grab|add"
)
_HEDGE = (
    r"(?:(?:up\s+to|at\s+least|over|under|more\s+than|less\s+than|just|only|another|an?|extra|you|any|about|"
    r"nearly|almost|as\s+little\s+as|from|for|by|around|roughly|another)\s+){0,3}"
)
_PART = r"(?:half|halves|thirds?|quarters?|fifths?|tenths?)"
_GAIN = r"points?|rewards?|discounts?|savings?|stamps?|credits?|miles|gifts?|cashback|bonus|value"
_MANY = rf"(?:double|triple|treble|quadruple|twice|thrice|(?:{_ANY})[\s-]?fold|(?:{_ANY})\s+times)"
_IDIOMS = re.compile(
    r"\b(?:nine\s+times\s+out\s+of\s+ten|ten\s+out\s+of\s+ten|nine\s+to\s+five|one[\s-]off|one\s+or\s+two|"
    r"one\s+hundred\s+and\s+one|take\s+five(?=\s*(?:[.:,;!?]|$))|"
    r"(?:a|one)\s+(?:hundred|thousand)\s+(?:thanks|ways|reasons|times|stories|words|miles|nights|uses|colou?rs|and\s+one))\b"
    # An age: what is reached and not paid.
    rf"|(?<!price )(?<!prices )\bturn(?:s|ed|ing)?\s+{_NUMBER}(?=\s*(?:[.,;:!?)\n-]|$"
    r"|(?:years?\s+old|this|last|next|in|today|soon|already)\b))"
    r"|[三多]折[叠疊]|一元复始|第[一二三四五六七八九十][天日周年](?!\s*[半免打减])|[两三四五]天[一两二三四]夜|二十四[节節][气氣]"
    r"|三十而立|四十不惑|十二(?:生肖|星座)|三十六[计計]|七十二[变變]|百[年岁歲]|千元机|一千零一夜"
    r"|一[百千万萬][个個种種](?:理由|可能|方法|[愿願]意|故事)",
    re.I,
)

# How long a thing takes, how old the shop is, when it is open: figures of no offer.
_DURATIONS = re.compile(
    rf"(?<!\w)(?:(?:it|this|that|which|cleaning|assembly|setting\s+up|making\s+it)\s+(?:only\s+|just\s+)?takes?\s+{_HEDGE}"
    rf"|(?:ready|done|dry|cooked|baked|warm|clean|brewed|assembled|absorbed)\s+(?:in|within|after)\s+{_HEDGE}"
    rf"|(?:bake|brew|steep|soak|simmer|boil|rest|leave|massage|cook|stir|wait)(?:\s+\w+){{0,4}}\s+for\s+{_HEDGE})"
    rf"{_NUMBER}[\s-]+(?:{_TIME})(?!\w)"
    rf"|(?<!\w){_NUMBER}\s+(?:days|hours|nights)\s+an?\s+(?:week|day|year)(?!\w)"
    rf"|(?<!\w)(?:with\s+us|together|here|in\s+business|in\s+the\s+family|a\s+family\s+business|thank\s+you|thanks)\s+"
    rf"for\s+{_HEDGE}{_NUMBER}\s+years(?!\w)|(?<!\w){_NUMBER}\s+years\s+(?:old|ago|with\s+(?:you|us)|together)(?!\w)",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?;\n]+")
_OF_AN_OFFER = re.compile(
    r"(?<!\w)(?:left|remain\w*|to\s+go|last|final|until|till|ends?|ending|valid|offers?|off|sales?|sav(?:e|es|ing)|deals?|"
    r"discounts?|free|prices?|points?|codes?|vouchers?|coupons?|hurry|gone|expir\w*|cheaper|less|%)(?!\w)",
    re.I,
)

_C = "一二三四五六七八九十百千万两零〇半壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_C2 = _C.replace("一", "").replace("半", "")


def _en(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.I)


_BESIDE = rf"per\s?cent|percentage\s+points?|pct|{european.PERCENT}"
_ISO = "EUR|USD|GBP|CHF|CNY|RMB|JPY"

_PATTERNS = (
    # A slot writes its own unit.
    ("sign", re.compile(
        rf"{MASK}\s*(?P<it>(?:{_BESIDE}|euros?|dollars?|pounds|yuan|{_ISO})(?!\w)|百分点|元|块钱)", re.I
    )),
    ("sign", re.compile(rf"(?<!\w)(?P<it>{_ISO})\s*{MASK}")),
    # Letters that count: Roman numerals, and those that pass for 0 and 1.
    ("quantity", re.compile(
        rf"(?<!\w)(?:[IVXLCDM]{{1,6}}|[IlO]{{2,3}})\s?(?:%|(?i:{_BESIDE}|{_MONEY}|points)(?!\w))"
    )),
    ("quantity", re.compile(r"(?<![\w-])[IVX]{2,6}\s+[oO](?:ff|FF)(?![\w-]|\s+(?:duty|the))")),
    ("quantity", re.compile(rf"💯\s*(?:{_BESIDE}|%|off|points)", re.I)),
    *(("quantity", _en(pattern)) for pattern in european.NUMBERS),
    ("quantity", _en(rf"(?:an?\s+)?(?:couple|few|handful)\s+(?:of\s+)?(?:{_MONEY})")),
    ("quantity", _en(rf"(?:{_NUMBER}|{MASK})\s+for\s+the\s+price\s+of\s+(?:{_NUMBER}|{MASK})")),
    ("quantity", _en(r"every\s+(?:second|third|other)\s+(?:[\w-]+\s+){0,2}(?:is\s+)?(?:free|half|on\s+us)")),
    ("discount", _en(r"half[\s-]*(?:of\s+)?(?:the\s+)?(?:usual\s+|normal\s+)?(?:price[ds]?|cost|off)")),
    ("discount", _en(rf"(?:(?:an?|one|{_SMALL})[\s-]+)?{_PART}[\s-]+(?:off|less|cheaper|discount|"
                     r"(?:of\s+)?(?:the\s+|our\s+|your\s+)?(?:price|cost|total|bill|basket|order|points))")),
    ("discount", _en(rf"(?:sav(?:e|es|ing|ings)|up\s+to|reduc(?:ed|tion)|cut|minus|less|slash\w*|by)\s+"
                     rf"(?:of\s+)?{_HEDGE}(?:(?:one|{_SMALL})[\s-]+)?{_PART}")),
    ("quantity", _en(r"bogof?|fivers?|tenners?")),
    ("quantity", _en(rf"(?:buy|order|take|purchase)\s+one(?=[\s,;:+&-]+(?:and\s+|then\s+)?"
                     rf"(?:get|gets|take|free|gift|add|we|the\s+(?:second|other|next)|another|{MASK}))")),
    ("quantity", _en(r"(?:get|gets|take|add|and)\s+(?:another\s+|a\s+second\s+)?one\s+(?:more\s+)?"
                     r"(?:free|half|for\s+(?:free|nothing)|on\s+(?:us|the\s+house)|at\s+(?:no|half))")),
    ("quantity", _en(rf"(?:{_NUMBER}|{MASK})[\s-]+(?:for|plus)[\s-]+(?:{_NUMBER})"
                     rf"|(?:{_NUMBER})[\s-]+(?:for|plus)[\s-]+{MASK}")),
    ("quantity", _en(rf"(?:an?\s+)?(?:{_NUMBER}){_EXTRA}{{0,2}}(?:\s+|-)?(?:{_VALUE})")),
    ("quantity", _en(rf"an?\s+(?:{_MONEY})\s+(?:off|less|each|back)")),
    ("quantity", _en(rf"(?:{_SMALL}){_EXTRA}{{0,2}}[\s-]+(?:{_COUNTED})")),
    ("date", _en(r"(?:one|a\s+single)[\s-]+(?:day|night|hour|week|weekend)[\s-]+(?:only|left|sale|offer|deal)"
                 r"|(?:only|just|within|for)\s+one\s+(?:more\s+)?(?:day|night|hour|week|weekend)")),
    ("quantity", _en(rf"{_MANY}\s+(?:[\w']+\s+){{0,3}}(?:{_GAIN})"
                     rf"|(?:{_GAIN})\s+(?:[\w']+\s+){{0,2}}(?:doubled?|tripled?|twice)")),
    ("quantity", _en(rf"(?:(?:an?|one|{_SMALL})[\s-]+)?(?:{_LARGE})(?:[\s-]+(?:and\s+)?(?:{_ANY})){{0,6}}")),
    ("quantity", _en(rf"(?:{_VERB})\s+{_HEDGE}(?:{_SMALL})")),
    ("quantity", _en(rf"(?:first|next|any)\s+(?:{_SMALL})")),
    ("quantity", _en(rf"(?:from|under|below|over|above|up\s+to|at\s+least|minimum|only|just|now|minus|extra)"
                     rf"\s+(?:{_SMALL})(?=\s*(?:[.,;:!?)\n]|$))")),
    ("quantity", _en(rf"(?:{_SMALL})\s+(?:less|lower|cheaper|back|each|apiece|left|remaining|on\s+us)")),
    ("discount", re.compile(rf"(?:[{_C}]{{1,4}}|对)\s?点?\s?[{_C}]{{0,2}}\s?折(?![叠页腾痕扇射])|半\s*价|减半"
                            r"|半[卖买]半送|省[了下]?一?大半"
                            r"|(?:省|减|降|优惠|便宜|只要|仅需)\s*了?(?:一半|半数)|一半(?:的)?(?:价|优惠)")),
    ("quantity", re.compile(rf"百分之\s*[{_C}点]{{1,9}}")),
    ("quantity", re.compile(rf"(?:省|减|降|低|优惠|提升|提高|增长|增加|便宜)[了到至约]?\s*[{_C}]{{1,9}}成"
                            rf"|[{_C}]{{1,9}}成(?:优惠|折扣|左右)")),
    ("quantity", re.compile(rf"(?:双|多|加|翻|[{_C}]{{1,9}})倍[^。！？，,\n]{{0,3}}"
                            r"(?:积分|优惠|奖励|返利|返现|折扣|赠)"
                            rf"|(?:积分|优惠|奖励|返利|返现|折扣)[^。！？，,\n]{{0,3}}(?:双|加|翻|[{_C}]{{1,9}})倍"
                            rf"|[{_C2}]{{1,9}}倍|积分翻番")),
    ("quantity", re.compile(rf"[{_C}]{{1,9}}\s*(?:元(?![旦素气宵])|块钱|圆钱|角钱|毛钱|美元|欧元|英镑|积分)"
                            rf"|[{_C2}][{_C}]{{0,9}}块(?!布)")),
    ("quantity", re.compile(rf"[{_C2}][{_C}]{{0,9}}\s*(?:天|个?小时|分钟|周(?![年岁歲])|"
                            r"个月|星期|个工作日)")),
    ("date", re.compile(r"(?:仅|只|限|最后|仅此|只有|只剩|还剩)\s*一\s*(?:天|日|周|晚|小时)")),
    ("date", re.compile(rf"[{_C}]{{1,9}}月\s*(?:[{_C}]{{1,9}}[日号]|底|前|止|末)")),
    ("quantity", re.compile(rf"[买购满拍]\s*(?:[{_C}]{{1,9}}|{MASK}+)\s*[件份瓶盒个]?[，,]?"
                            rf"\s*[送赠减得享返免]\s*[{_C}]{{1,9}}"
                            rf"|[买购满拍]\s*[{_C}]{{1,9}}\s*[件份瓶盒个]?\s*[，,]?\s*[送赠减得享返免]")),
    ("quantity", re.compile(rf"(?:立减|直降|满减|再减|最高减|减|省|返|抵|降|立省|满|优惠|仅需|只要|只需)\s*"
                            rf"[{_C2}][{_C}]{{0,9}}(?![分足])|(?:[买送赠]|多送|加送)\s*[{_C2}][{_C}]{{0,9}}\s*[件份瓶盒个款]")),
    ("quantity", re.compile(rf"第[{_C}]{{1,9}}[件份]\s*(?:半|免|打|[{_C}]|仅|只|立|[送赠])")),
    ("quantity", re.compile(r"[壹贰叁肆伍陆柒捌玖][拾佰仟][壹贰叁肆伍陆柒捌玖拾佰仟零]{0,9}"
                            r"|廿[一二三四五六七八九]?|卅")),
    ("quantity", re.compile(rf"[二三四五六七八九两]十[{_C}]{{0,9}}|[一二三四五六七八九两]百[{_C}]{{0,9}}"
                            rf"|[二三四五六七八九两一](?:千|万)[{_C}]{{0,9}}|十[一二三四五六七八九](?=[{_C}元件份天日])")),
)  # fmt: skip


def number_words(text: str) -> Iterator[Figure]:
    """Every number in words that promises something."""
    innocent = _SENTENCE.sub(_without_durations, text)
    return found_in(_IDIOMS.sub(_masked, innocent), _PATTERNS)


def _without_durations(sentence: re.Match[str]) -> str:
    """The sentence without how long things take, unless it speaks of an offer."""
    said = sentence[0]
    return said if _OF_AN_OFFER.search(said) else _DURATIONS.sub(_masked, said)


def _masked(found: re.Match[str]) -> str:
    return MASK * len(found[0])
