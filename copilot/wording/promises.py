"""Words that promise what an offer gives, held against its type; made-up codes; dates told without a date.

Which day "today" is depends on when a message is read, so only `{ends_on}` may say when an offer ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from copilot.wording import european
from copilot.wording.seeing import MASK, Figure, found_in

__all__ = ["codes", "dates", "price_cuts", "promises"]


class _Promise(NamedTuple):
    what: str
    given_by: Collection[str]
    pattern: re.Pattern[str]


def _en(pattern: str) -> str:
    return rf"(?<![\w-])(?:{pattern})(?![\w])"


def _either(english: str, chinese: str, other: str = "(?!)") -> re.Pattern[str]:
    return re.compile(f"{_en(f'{english}|{other}')}|{chinese}", re.I)


_SHIPPING = r"shipping|delivery|postage|shipment"
_BUY_X_GET_Y: Collection[str] = ("buy_x_get_y",)
_FREE: Collection[str] = ("free_shipping", "gift", "buy_x_get_y")
_ANY_OFFER: Collection[str] = (
    "percent_off", "amount_off", "free_shipping", "fixed_price", "buy_x_get_y", "gift", "points",
)  # fmt: skip

_MONEY_OFF = "money off"

# "Free" that is no price: free to choose, free from parabens, a free spirit.
_NO_PRICE = (
    r"(?:to|from|of(?!\s+(?:charge|cost))|as|and\s+(?:easy|wild)|for\s+other|time|hands?|rein|will|style|range|radicals?|form|"
    r"flow\w*|fall\w*|standing|movement|living|thinking|speech|press|market|trade|world|life|lives|people|minds?|souls?|"
    r"spirit\w*|bird|yourself|your|their|space|seat|choice|air|play|this|afternoons?|mornings?|evenings?|weekends?|days?|"
    r"moments?|minutes?|hours?|newsletters?|apps?|account|download|registration|sign[\s-]?up|parking|wi-?fi|hotline|number)(?!\w)"
)
_FREE_BEFORE = (
    r"totally|absolutely|completely|entirely|yours|your|our|an?|the|with|plus|another|extra|one|claim|enjoy|"
    r"receive|and|get"
)
_FREE_AFTER = (
    r"gets?|(?<!hands )(?<!mind )(?:is|are)|it's|that's|comes?|yours|totally|absolutely|completely|entirely|"
    r"(?<!set )(?<!keep )(?<!let )(?:it|them|this|everything|one)|items?|pairs?|bottles?|products?|gifts?|"
    r"samples?|second|another|entry|refills?"
)
_OPENS = r"(?:^|(?<=[.!?:;(\n])|(?<=[.!?:;(\n]\s))"

# The narrower promise stands first: what it names is told once.
_PROMISES = (
    _Promise("free shipping", ("free_shipping",), _either(
        rf"free(?:\s+[\w-]+){{0,2}}\s+(?:{_SHIPPING})|(?:{_SHIPPING})(?:\s+(?:costs?|fees?|charges?))?\s+"
        rf"(?:is\s+|are\s+|comes?\s+)?(?:now\s+|always\s+|totally\s+)?(?:for\s+)?(?:free|included|paid|waived|on\s+us|"
        rf"on\s+the\s+house)|(?:ships?|shipped|deliver(?:s|ed)?)\s+(?:[\w-]+\s+){{0,2}}free|(?:no|zero|without)\s+(?:any\s+)?"
        rf"(?:{_SHIPPING})(?:\s+(?:costs?|fees?|charges?))?|(?:pay|cover|waive)(?:s|ing)?\s+(?:for\s+)?(?:the\s+|your\s+|all\s+)?"
        rf"(?:{_SHIPPING})|(?:{_SHIPPING})\s+(?:costs?|is|for)\s+(?:you\s+)?nothing|(?:cost|charge|fee)[\s-]free\s+(?:{_SHIPPING})",
        r"(?:不[要收用]|无需|不必付?)(?:任何)?(?:运|邮|配送)费|包邮|免邮|免运(?!动)|免(?:收|除)?(?:运|邮|配送)费|(?:运|邮|配送)费[^。！？\n]{0,6}(?:免|我们|承担|包|算我|由本店)"
        r"|免费(?:送货|配送|送到|送达|寄|快递|邮寄)|[零〇](?:运|邮)费",
        european.FREE_SHIPPING,
    )),
    _Promise("free returns", (), _either(
        r"(?<!hassle )(?<!worry )(?<!stress )(?<!risk )free(?:\s+and\s+easy)?\s+(?:returns?|exchanges?)"
        r"|(?:returns?|exchanges?)\s+(?:are|is)\s+(?:always\s+)?free"
        r"(?!\s+of)",
        r"免费退(?:换|货)|退换?货?(?:免费|包邮|免运费|免邮)",
    )),
    _Promise("something free with a purchase", _BUY_X_GET_Y, _either(
        r"buy\s[^.!?\n]{1,40}?\bget\s[^.!?\n]{1,40}?\bfree|(?:another|the\s+(?:second|other|next)(?:\s+one)?|one\s+more)"
        r"\s+(?:is\s+|comes?\s+)?(?:for\s+)?free",
        r"(?:第二|另一)[件份]免费",
    )),
    _Promise("something added to a purchase", ("gift", "buy_x_get_y", "points"), _either(
        r"(?!)",
        r"(?:[买购满]|下单|消费|注册|入会)[^。！？，,\n]{0,10}[送赠](?![达货到上往去回给礼])|买赠|满赠|赠送",
    )),
    _Promise("a gift", ("gift",), _either(
        r"(?:free|complimentary|bonus|surprise|extra)\s+(?:[\w-]+\s+){0,2}(?:gifts?|samples?|presents?|treats?|goodie\w*)"
        r"|complimentary\s+\w+|freebies?|gifts?\s+(?:with|included|on\s+us|when\s+you|for\s+you|from\s+us)"
        r"|(?:your|my)\s+(?:\w+\s+)?gift\s+(?:is|from|inside|awaits|comes|with)"
        r"|(?:get|claim|receive|collect|unwrap|grab)\s+(?:my|your|an?|the|our)\s+(?:\w+\s+)?(?:gift|present|freebie)"
        r"|(?:gifts?|presents?|samples?)\s+(?:comes?|goes|go|travels?)\s+(?:along\s+)?with"
        r"|(?<!shipping )(?<!delivery )(?<!tax )(?<!vat )"
        r"included\s+with\s+(?:your|every|each|any|all)\s+(?:\w+\s+)?(?:orders?|purchases?)",
        r"(?:赠送?|送)(?:您|你)?(?:一?[份个件])?小样|[送赠](?:您|你)(?:一?[份个件])?(?:小礼|好礼|礼[物品包])|赠品|附赠|随单[赠送]|(?:额外|加)赠|有礼相送|好礼相送|豪礼|有礼(?:$|[。！，])",
        european.GIFT,
    )),
    _Promise("something free", _FREE, _either(
        rf"for\s+free|free\s+of\s+(?:charge|cost)|at\s+no\s+(?:extra\s+|additional\s+)?(?:charge|cost)|free\s+(?:\w+\s+)?with"
        rf"|(?:{_FREE_AFTER})\s+free(?!-|\s+{_NO_PRICE})|(?:{_FREE_BEFORE})\s+free\s+(?!{_NO_PRICE})\w+"
        rf"|{_OPENS}free(?:\s+(?!{_NO_PRICE})\w+|(?=\s*(?:[.!?\n]|$)))|free\s+(?:for\s+(?:you|everyone|all|members)|today|now)(?!\w)"
        r"|(?:get|have|take|yours|it|them|one|another)\s+(?:\w+\s+){0,2}for\s+nothing|(?:costs?|pay(?:ing)?)\s+nothing"
        r"|(?:won't|doesn't|will\s+not|does\s+not)\s+cost\s+(?:you\s+)?(?:an?\s+(?:cent|penny|thing)|anything)|without\s+paying"
        r"|(?:zero|no)\s+cost|on\s+the\s+house|(?:it's|is|are|one|order|parcel|one's)\s+on\s+us",
        r"免费(?!注册|订阅|下载|入会|热线|电话|咨询|客服|停车)|不要钱|不花[一半]?分?钱|白[送拿嫖]|免单|0元|零元",
        european.FREE,
    )),
    _Promise("points", ("points",), _either(
        r"(?:bonus|extra|loyalty|reward|more|additional|earn(?:s|ing)?|collect(?:s|ing)?|gain(?:s|ing)?|gets?|receive|"
        r"win)\b(?:\s+[\w']+){0,3}?\s+points(?!\s+of\b)|points\s+(?:on|with|when|per|for)\s+(?:every|each|any|your|you|all)"
        r"|your\s+points(?!\s+of\b|\s+(?:never|don't|do\s+not|won't|will\s+not)\s+expire)|points\s+(?:bonus|boost|bonanza)|(?:bonus|loyalty)\s+points?",
        r"积分",
    )),
    _Promise(_MONEY_OFF, ("percent_off", "amount_off", "fixed_price", "buy_x_get_y"), _either(
        r"discount(?:s|ed)?|rebates?|cash\s?back|mark(?:ed)?\s?downs?|bargains?|cheaper|savings(?!\s+(?:accounts?|banks?))"
        r"|(?<!for )(?<!after )(?<!point of )sales?(?!\s+(?:team|staff|rep\w*|person|assistants?))"
        rf"|(?:%|\bmoney|something|a\s+little|a\s+bit|extra|more|lots?|{MASK})\s*off"
        r"|off\s+(?:all|any|selected|everything|every|(?:the|our)\s+(?:price|total|whole|entire|full|range|rrp)|"
        r"(?:your|our|the)\s+(?:[\w-]+\s+)?(?:order|basket|purchase|cart|bill|total|items?|favou?rites?)|full|retail|list|rrp)"
        r"|(?:you|you'll|and|&|to|can|now|shop|buy)\s+save(?!\s+(?:time|space|energy|water|lives|the|your|it|a\s+seat|room))"
        r"|sav(?:e|es|ing)\s+(?:up\s+to|on|over|more|big\w*|money|extra|now|today|even|with|a\s+(?:fortune|lot|little|bundle)|"
        r"lots|when|as\s+much|at|instantly|some|while|if|\d)|save(?=\s*(?:[.,;!?\n]|$))|save\s+(?:double|triple)|everything\s+must\s+go(?=\s*(?:[.,;!?\n]|$))"
        r"|money[\s-]saving|(?:special|reduced|lower(?:ed)?|slashed|sale|low|best|great|promo\w*|bargain|knock[\s-]?down)\s+prices?"
        r"|prices?\s+(?:\w+\s+){0,2}(?:reduced|slashed|cut|lowered|dropped|drops?|down|reductions?)|price[\s-](?:cut|drop)s?"
        r"|reductions?\s+(?:on|of)|reduced\s+(?:to|from|by)|pay(?:\s+\w+){0,2}\s+less|(?:costs?|for)\s+less",
        r"折扣|打折|[对几]折|折上折|特价|特惠|秒杀|甩卖|清仓|降价|直降|立减|满减|再减|减价|减免|促销|大促|优惠价|省钱|立省"
        rf"|省下|便宜|(?:减|省)\s*{MASK}|最低价|底价|骨折价|白菜价|跳楼价|吐血价|挥泪价",
        european.MONEY_OFF,
    )),
    _Promise("an offer", _ANY_OFFER, _either(
        r"(?:special|exclusive|limited|great|amazing)\s+(?:offers?|deals?)(?!\s+of)|deals(?!\s+with)|(?:your|use|my)\s+(?:voucher|coupon)s?",
        r"优惠|福利价|活动价|领券|代金券",
    )),
)  # fmt: skip

# Beyond money off: words that set a price against a higher one.
_PRICE_CUTS = (
    *(("price cut", one.pattern) for one in _PROMISES if one.what == _MONEY_OFF),
    ("price cut", _either(
        r"reduced(?!\s+(?:salt|sugar|fat|sodium|plastic|packaging|waste|noise|risk|to\s+tears))|slashed|lower(?:ed)?\s+price"
        r"|special\s+(?:price|offer|deal)s?|deals?|on\s+offer|less\s+than\s+(?:before|usual|ever|normal(?:ly)?)"
        r"|(?:was|used\s+to\s+(?:be|cost)|instead\s+of|down\s+from|originally|regularly|usually|normally|formerly)"
        rf"\s+(?:only\s+|just\s+|at\s+)?{MASK}"
        r"|günstiger|billiger|angebotspreis\w*|preissturz|promo(?:tion)?s?|prix\s+barrés?|moins\s+chers?|más\s+barat[oa]s?",
        r"优惠(?!码|券码|截止)|惠购|钜惠|巨惠|折后价|到手价|原价|划线价|比平时便宜|让利|跳水",
    )),
)  # fmt: skip

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_FEAST = r"(?:christmas|easter|new\s+year\w*|black\s+friday|cyber\s+monday|valentine\w*|halloween)"
_HOLIDAY = (
    r"(?:(?:labou?r|memorial|independence|boxing|veterans|presidents'?|mother's|father's)\s+day|thanksgiving)"
)
_NTH = (
    r"(?:(?:twenty|thirty)[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|"
    r"twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_UNTIL = (
    r"(?:until|till|by|before|ends?|ended|ending|through|only|expir(?:es?|ing)|valid|closes|over)"
    r"(?:\s+(?:on|at|in|for|this|the))*"
)
_SPAN = r"(?:day|night|hour|minute|week|weekend|month)"
_DATES = (
    _en(
        rf"{_UNTIL}\s+(?:{_DAY}|today|tonight|tomorrow|midnight|noon|(?:the\s+)?weekend|{_FEAST}|{_MONTH}|now)"
    ),
    _en(
        rf"(?:now|today)\s+(?:to|thru|through)\s+(?:{_DAY}|{_FEAST}|{_MONTH}|tomorrow|tonight|midnight|(?:the\s+)?weekend)"
        rf"|{_UNTIL}\s+(?:the\s+)?(?:{_SPAN}|year)(?:'s)?[\s-]end|(?:until|till|through|thru|ends?|ending)\s+(?:on\s+)?{_HOLIDAY}"
    ),
    _en(rf"{_UNTIL}\s+(?:the\s+)?(?:end\s+of\s+(?:the\s+|this\s+)?(?:{_SPAN}|year|{_DAY}|{_MONTH})|{_NTH})"),
    _en(rf"(?:today|tonight|tomorrow|weekend|week|{_DAY}|now)(?:\s+and\s+\w+)?\s+only"),
    _en(rf"(?:just|only|last|final|for|valid)\s+(?:for\s+)?(?:today|tonight|now\s+or\s+never|{_DAY})"),
    _en(
        r"today's\s+(?:[\w-]+\s+)?(?:offers?|deals?|prices?|discounts?|sale|specials?|bargains?)|(?:deal|offer)\s+of\s+the\s+day"
    ),
    _en(
        r"(?:last|final)[\s-]+(?:few\s+|remaining\s+)?(?:(?:day|hour|minute)s?|weeks|weekend)"
        r"|final\s+nights?|last\s+nights?\s+(?:of|to|for|only)"
    ),
    _en(rf"(?:{_SPAN}s?|time)\s+(?:is\s+|are\s+)?(?:left|remaining|to\s+go)"),
    _en(
        rf"(?:this|next|coming)\s+(?:coming\s+)?(?:weekend|{_DAY})(?:'s)?|(?:next|coming)\s+(?:week|month)|this\s+evening"
        r"|next\s+(?:few\s+)?(?:hours|days)|(?:only|just|ends?|until|till|through|within|valid)\s+(?:\w+\s+)?this\s+(?:week|month)"
        r"|this\s+(?:week|month)(?:'s)?\s+(?:only|offers?|deals?|sale|discounts?|specials?|prices?|bargains?)"
    ),
    _en(
        r"tomorrow(?:'s)?|tonight(?:'s)?|(?:at|by|before)\s+midnight|(?:all\s+)?weekend\s+(?:offer|deal|sale|special|discount)s?"
    ),
    _en(
        r"clock\s+strikes|(?:by|before|until|till)\s+(?:the\s+)?(?:end\s+of\s+(?:today|business|play)|day\s+is\s+"
        r"(?:over|out|done)|day's\s+end)|today\s+(?:is|marks)\s+(?:the|your)\s+(?:very\s+)?last"
    ),
    *(_en(pattern) for pattern in european.ENDS),
    _en(
        rf"{_NTH}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+(?:the\s+)?{_NTH}|(?:late|early|mid|end)[\s-]+(?:of\s+)?{_MONTH}"
    ),
    r"(?:截止|截至|仅限|限时|最后|只到|到|仅|只限|限|就在|只有|至)\s*(?:今[天日晚夜]|本[周月]|这周|(?:周|星期|礼拜)[一二三四五六日天末])",
    r"(?:今[天日晚夜]|本[周月]|(?:周|星期|礼拜)[一二三四五六日天末])\s*(?:内|之前|前|仅|只|止|截止|结束|到期|限定|最后|为止|特价|特惠|优惠|折扣|有效|专享)",
    r"[明后][天日晚早](?!系|丝)|今[晚夜]|(?:本|这个?|下个?)周末|下周|周末(?:限|特|专|仅)|下个?月|月底|年底前",
    r"(?:仅|只)此今[天日]|今[天日晚夜]\s*(?:就|便|零点|午夜|半夜|之后|过后)(?:截止|结束|到期|没|下架|恢复)?|[过错]过?了?今[天日晚夜]",
    r"最后\s*(?:几[天小]|倒?数|[天日])",
)

# Nothing of an offer in the rest of the sentence, which a slot may well be.
_NO_OFFER = (
    rf"(?![^.!?\n]{{0,200}}(?:{MASK}|\b(?:only|last|ends?|offers?|off|sales?|save|deals?|discounts?|free|prices?|points|codes?"
    r"|until|till|before|hurry)\b))"
)
# Days that end nothing.
_NO_ENDS = re.compile(
    r"\b(?:a\s+)?(?:better|brighter|greener|new|for|of)\s+tomorrow\b(?!\s+(?:morning|night|only))"
    r"|\b(?:sleep|slept|rest|cook|eat|dinner|supper|dress|wear|read|relax|bed|dream|skin|hair)\w*(?:\s+\w+){0,2}\s+tonight\b"
    r"|\btime\s+left\s+(?:for|to)\b|\bthis\s+evening(?=\s+(?:gown|dress|bag|wear|primrose))"
    r"|\blast[\s-]minute(?=\s+(?:gift|idea|present|packing|trip|plan|traveller|guest))"
    r"|\blast\s+(?:few\s+)?(?:warm\s+|sunny\s+)?days?\s+of\s+(?:the\s+)?(?:summer|autumn|winter|spring|school|holidays?|term|year)\b"
    r"(?!\s+(?:sales?|deals?|offers?))"
    r"|今[晚夜](?=睡|早点|好好|吃|喝|做|读|看|泡|敷|美美|放松)|(?:美好|更好|明媚)的?明[天日]|明[天日](?=会?更)|后天(?=养成|形成|努力)"
    rf"|\b(?:see|visit|meet|join)\s+us\s+(?:\w+\s+){{0,2}}this\s+weekend\b{_NO_OFFER}"
    rf"|\b(?:be\s+|get\s+)?ready\s+for\s+(?:{_DAY}|the\s+weekend)\b{_NO_OFFER}"
    r"|月底了(?=[，,。！]|$)|明日之星",
    re.I,
)

_NOT_CODES = (
    r"(?!(?:at|in|on|to|for|and|or|is|are|was|be|it|its|if|as|by|of|before|when|while|with|without|below|above|here|inside|now|"
    r"today|you|your|yours|we|our|us|the|this|that|these|them|from|until|once|during|online|only|again|works?|gives|gets|"
    r"needed|required|necessary|applies|all|my|mine|one|both|code|codes|coupons?|vouchers?|points?|paypal|klarna|card|cards|"
    r"discounts?|offers?|gifts?|please|then|has|have|can|will|not|no|shop|order|waiting|ready|valid|active|visa|ideal|cash|app|so|just|more)"
    r"(?![\w-]))"
)  # fmt: skip
_CODE = rf"{_NOT_CODES}(?P<it>[^\W_][\w-]{{1,39}})(?![\w-])"
_BETWEEN = r"""[\s:：=“”"'「」『』‘’(\[*-]{0,6}"""
_TILL = (
    r"(?:at|in|during|when|on|as|while|with)\s+(?:the\s+|our\s+|your\s+|you\s+)?"
    r"(?:check[\s-]?(?:out|ing)|till|basket|cart|order\w*|pay\w*|shop\w*|purchase)"
)
_NO_CODE = "".join(
    f"(?<!{kind} )" for kind in ("dress", "zip", "source", "colour", "color", "area", "post", "bar")
)
# Ways to pay, and what else is used in an order and is no code.
_NO_SERVICE = (
    r"(?!(?:ALIPAY|WECHAT|PAYPAL|KLARNA|VISA|MASTERCARD|UNIONPAY|APPLE|GOOGLE|AMEX|IPHONE|IPAD|ANDROID|HUAWEI|WIFI|EMAIL|LOGO"
    r"|CONFIDENCE|EASE|CARE|PRIDE|LOVE)(?![A-Z]))"
)
_CODES = (
    # A word in capitals, or any word that "use", "promo" and the like announce.
    rf"(?i:(?<!\w)(?:codes?|coupons?|vouchers?|promo)(?!\w)){_BETWEEN}(?:(?i:is)\s+)?{_BETWEEN}"
    rf"(?i:{_NOT_CODES})(?P<it>[A-Z][A-Za-z_-]{{1,39}})(?![\w-])",
    rf"(?i:(?<!\w)(?:use|enter|apply|type|quote|mention|promo|discount|coupon|voucher|with)\s+(?:\w+\s+)?(?:\w+\s+)?"
    rf"{_NO_CODE}code(?!\w)(?:\s+is)?{_BETWEEN}{_CODE})",
    rf"(?i:(?<!\w)(?:the|your|our|secret|magic)\s+(?:\w+\s+)?{_NO_CODE}code\s+is\s+{_BETWEEN}{_CODE})",
    rf"(?i:(?<!\w){_NO_CODE}code\s*(?:[:：=]\s*|\s*[“\"'「『]){_BETWEEN}{_CODE})",
    rf"(?i:(?<!\w)(?:use|enter|apply|type(?:\s+in)?|quote|mention|try)\s+(?:the\s+)?(?:(?:pass)?word\s+)?[“\"'「『]?{_CODE}[”\"'」』]?\s+{_TILL})",
    rf"(?<!\w)(?:[Uu]se|[Ee]nter|[Aa]pply|[Tt]ype|[Qq]uote|[Mm]ention)\s+[“\"'「『]?(?i:{_NOT_CODES})(?P<it>[A-Z]{{4,40}})(?![\w-])",
    rf"(?:(?:优惠|折扣|兑换|促销|券)码|优惠券|口令|暗号|码){_BETWEEN}[是为]?{_BETWEEN}(?P<it>[A-Za-z][A-Za-z0-9_-]{{1,39}})",
    r"(?:(?:优惠|折扣|兑换|促销|券)码|口令|暗号)\s*[是为]?\s*[:：]?\s*[“\"「『](?P<it>[^”\"」』\ufffc\n]{1,20})[”\"」』]",
    r"(?:(?:优惠|折扣|兑换|促销|券)码|口令|暗号)\s*(?:是|为|[:：])\s*(?!什么|空|多少|何|您|你|必)(?P<it>[\u4e00-\u9fff]{2,8})",
    r"(?:回复|发送|备注|报暗?号?)\s*[“\"「『](?P<it>[^”\"」』\ufffc\n]{1,20})[”\"」』]\s*[，,]?\s*(?:即可|就能|可)?(?:领|得|享|减|兑|免)",
    rf"(?i:(?<!\w)(?:enter|type|put|write)\s+(?:in\s+)?[“\"'「『]?{_CODE}[”\"'」』]?\s+in(?:to)?\s+(?:the\s+)?(?:vouchers?|promo|"
    r"coupons?|discounts?|codes?)\s+(?:code\s+)?(?:box|field))",
    rf"(?i:(?<!\w)(?:magic|secret)\s+word(?:\s+is|\s*[:：])\s*{_BETWEEN}{_CODE})",
    rf"(?i:(?<!\w)password\s*(?:is\s+|[:：]\s*)?{_BETWEEN}{_CODE}\s+{_TILL})",
    *european.CODES,
    # The word stands before what announces it, or is announced by another verb.
    rf"(?<![\w-])(?i:{_NOT_CODES})(?P<it>[A-Z][A-Z_-]{{3,39}})\s+(?i:is\s+(?:your|the|our|my)\s+(?:\w+\s+)?{_NO_CODE}"
    rf"(?:code|coupon|voucher|password)(?=\s*(?:[^\w\s]|$)|\s*\n|\s+{_TILL}))",
    rf"(?i:(?<!\w){_NO_CODE}code['’]s\s+|(?:^|(?<=[.!?\n])|(?<=[.!?\n]\s))your\s+(?:\w+\s+)?code\s*\?\s+)(?i:{_NOT_CODES})(?P<it>[A-Z][A-Z_-]{{3,39}})(?![\w-])",
    rf"(?i:(?<!\w)(?:redeem|paste|copy|key\s+in|unlock\s+(?:it|this|them|yours)\s+with)\s+)[“\"'「『]?(?i:{_NOT_CODES})"
    r"(?P<it>[A-Z][A-Z_-]{3,39})(?![\w-])",
    rf"(?i:(?<!\w)(?:(?<!pay\s)with|show|present|say|pop|put)\s+)[“\"'「『]?{_NO_SERVICE}(?i:{_NOT_CODES})(?P<it>[A-Z][A-Z_-]{{4,39}})[”\"'」』]?"
    rf"(?:\s+in)?\s+(?i:{_TILL})",
    rf"(?i:(?<!\w)(?:use|enter|apply|redeem)\s+(?:your|the|our|my)\s+)(?i:{_NOT_CODES})(?P<it>[A-Z][A-Z_-]{{3,39}})"
    r"\s+(?i:code|coupon)(?!\w)",
    r"(?i:(?<!\w)(?:enter|type(?:\s+in)?|apply)\s+[“\"'‘](?P<it>[A-Z][\w-]{2,39})[”\"'’](?!\s+(?:\w+\s+){0,3}search))",
    rf"(?:[用凭填报持]|使用|出示|复制|粘贴|备注|输入|填写)\s*[“\"「『]?{_NO_SERVICE}(?P<it>[A-Z][A-Z_-]{{3,39}})[”\"」』]?\s*[，,]?\s*"
    r"(?:下单|结算|购买|购物|兑换|即可|就能|可享|立享|即享|享|领|立减|减)",
    rf"(?:结算|下单|付款)[时页]?[^。！？，,\n]{{0,6}}[填输写]入?\s*{_NO_SERVICE}(?P<it>[A-Z][A-Z_-]{{3,39}})(?![A-Za-z0-9_-])",
    r"(?<![A-Za-z0-9_-])(?P<it>[A-Z][A-Z_-]{3,39})\s*(?:就是|正是|即是|是|为|即)(?:[您你]|本次|我们)?的?(?:专属|本次)?(?:优惠|折扣|兑换|促销|券)码",
    r"(?:优惠|折扣|兑换|促销|券)码\s*(?:请|可|需)?(?:填|输入|写|用)\s*[“\"「『]?(?P<it>[A-Za-z][A-Za-z0-9_-]{2,39})",
    r"(?:输入|填写)\s*[“\"「『]?(?P<it>[a-z][a-z0-9_-]{3,39})[”\"」』]?\s*[，,]?\s*(?:立?[减享]|下单|结算|(?:即可?|就能|可)[减享领])",
    rf"(?:输入|填写|报上?|使用)\s*[“\"「『]?{_NO_SERVICE}(?P<it>[A-Z][A-Z_-]{{3,39}})(?![A-Za-z0-9_-])",
)  # fmt: skip
_CODE_PATTERNS = tuple(("code", re.compile(pattern)) for pattern in _CODES)
_DATE_PATTERNS = tuple(("date", re.compile(pattern, re.I)) for pattern in _DATES)


def promises(text: str, offer_type: str) -> Iterator[Figure]:
    """Every promise in the text that an offer of this type does not keep; its kind is what is promised."""
    broken = [(one.what, one.pattern) for one in _PROMISES if offer_type not in one.given_by]
    return found_in(text, broken)


def price_cuts(text: str) -> Iterator[Figure]:
    """Every word that says a price is lower than it was, or than usual."""
    return found_in(text, _PRICE_CUTS)


def codes(text: str) -> Iterator[Figure]:
    """Every word that passes for a code to type in."""
    return found_in(text, _CODE_PATTERNS)


def dates(text: str) -> Iterator[Figure]:
    """Every date in words, and every end that is told from the day of reading."""
    return found_in(_NO_ENDS.sub(lambda found: MASK * len(found[0]), text), _DATE_PATTERNS)
