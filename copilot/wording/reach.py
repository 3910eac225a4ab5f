"""Words that give an offer on some goods to the whole shop: storewide, everything in the shop, 全场.

Only beside what the offer gives: "everything in the shop is wrapped by hand" promises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.wording.seeing import MASK, Figure, found_in
from copilot.wording.slots import SLOT

__all__ = ["overreaching"]

_GIVEN = "\ue001"  # stands where a slot of what the offer gives stood
_ASIDE = "\ue002"  # where one stood that says under what terms; what is left masked names goods
_GIVING = frozenset(
    ("discount", "reduction", "price", "points", "gift", "max_discount", "buy", "get", "code")
)
_TERMS = frozenset(("ends_on", "starts_on", "min_spend"))
_SHOP = r"(?:shop|store|site|website|webshop|catalogue|catalog|assortment)"
_GOODS = r"(?:items?|products?|articles?|brands?|categor(?:y|ies)|departments?)"
_THE_SHOP = rf"(?:the|our|this)\s+(?:(?:whole|entire|full)\s+)?{_SHOP}"
_WIDE = r"(?:store|shop|site)[\s-]?wide(?!\s+open)"
_EVERYTHING = (
    rf"(?<!not\s)(?:{_WIDE}|(?:the|our)\s+(?:whole|entire|full)\s+{_SHOP}"
    rf"|(?:(?:every|any)thing(?:\s+else)?|(?:every(?:\s+single)?|all|any)\s+{_GOODS})"
    rf"\s+(?:in|from|at|across|on|throughout)\s+{_THE_SHOP}"
    rf"|(?:across|throughout)\s+{_THE_SHOP}|(?:everything|anything)\s+(?:that\s+)?we\s+(?:sell|make|stock|have(?!\s+to))"
    rf"|every\s+single\s+thing\s+(?:in|from|at|across|on)\s+{_THE_SHOP}"
    rf"|all\s+(?:of\s+)?our\s+{_GOODS}(?!\w)(?!\s+(?:in|from)\b(?!\s+{_THE_SHOP})))(?!\w)"
)
# Says of what it is everything where nothing does before it in its sentence, nor after it.
_BARE = (
    rf"(?<!not\s)(?:everything|(?:every(?:\s+single)?|all)\s+{_GOODS}|every\s+single\s+thing"
    r"|(?:your|the)\s+(?:whole|entire|full)\s+(?:order|basket|cart|purchase))"
    rf"(?!\w)(?!\s*[{MASK}]|\s+(?:in|from|for(?!\s+{_GIVEN})|of|by|marked|labelled)(?!\w)"
    rf"|\s+on\s+(?:(?:the|our)\s+)?{MASK})"
)
_SO_FAR = rf"(?:^|(?<=[.!?\n]))[^.!?\n{MASK}]{{0,200}}?(?<![\w-])"
_DENIED = re.compile(
    rf"(?<!\w)(?<!why\s)(?:not|\w{{2,6}}n['’]t|cannot|never)\s+(?!only|just)(?:\w+\s+){{0,3}}?(?:to|for|on)\s+"
    rf"(?:{_EVERYTHING}|{_BARE})|(?<!\w)excludes?\s+(?!nothing)(?:\w+\s+){{1,3}}?{_EVERYTHING}",
    re.I,
)
_GIVES = (
    rf"(?:{_GIVEN}|(?<![\w-])(?:sav(?:e|es|ing)|discount(?:s|ed)?|(?<!for\s)sale(?!\s+items?\b)|free\s+(?:shipping|delivery|gifts?)"
    r"|ships?\s+free|(?:the|this|our|your)\s+(?:offer|code)|deals?)(?!\w))"
)
_GAP = rf"(?:(?!\s-\s)[^.!?;:,\n{MASK}{_GIVEN}{_ASIDE}]){{0,40}}?"
# A dash may begin what has nothing to do with it: "proud of everything we make - {discount} off {category}".
_HALT = rf"(?:\s*[:,]\s*|-|\s+-\s+(?=[^.!?\n{MASK}]{{0,60}}(?:[.!?\n]|$)))?"
_ALL = (
    r"(?<!非)(?<!不是)(?P<it>[全整]场(?!最佳)|全[店站馆单网](?!最佳)|整店|全品类|(?:店[内里铺]|本店|商城)的?(?:所有|全部|任意|任何)"
    rf"|(?<![\w{MASK}])(?:所有|全部|任意|任何)(?=商品|产品|宝贝|品类))"
    r"(?:的?(?:商品|产品|宝贝|好物|单品|品类|所有|全部))?"
)
_ADDS = (
    r"(?:[都均皆现再享直]|一律|统统|任意|任选|现在|每[件单]|可享|享受|最高|下单|购物|购买|消费){0,3}"
    r"[，,：:\s]?"
)
_GAINS = (
    rf"(?:[减打送省返赠买得享赚只要价]{{0,2}}\s?{_GIVEN}|满\s?[{_GIVEN}{MASK}{_ASIDE}]"
    r"|立减|满减|包邮|免邮|免运费|打折|特价|特惠|优惠|折扣|大促|促销|立省|低至)"
)
_USES = r"(?:[都均皆])?(?:通用|可用|适用|有效|同享|参与(?!公益)|参加(?!公益))"
_PATTERNS = tuple(
    ("the whole shop", re.compile(pattern, re.I))
    for pattern in (
        rf"{_GIVES}{_GAP}(?:,\s+(?={_WIDE}))?(?<!\w)(?P<it>{_EVERYTHING})"
        r"(?!\s+(?:is|are|was|were|has|have|comes?)\s)",
        rf"{_GIVES}{_GAP}{MASK}+\s+(?:and|plus|&)\s+(?P<it>{_EVERYTHING}|everything\s+else)(?=\s*(?:[.!?,;\n]|$))",
        rf"(?<!\w)(?P<it>{_EVERYTHING}){_HALT}{_GAP}{_GIVES}",
        rf"{_SO_FAR}{_GIVES}\s+(?:(?:off|on|for|with|to|is|now|today|of|works?|applies|applicable|valid|when|you|buy|order)\s+){{0,4}}?"
        rf"(?P<it>{_BARE})",
        rf"{_SO_FAR}(?P<it>{_BARE})(?:['’]s)?(?:\s*:|\s+-)?\s+(?:(?:is|are|comes?|goes|now|with|at|gets?|today|just|only|you\s+(?:buy|order))\s+){{0,3}}"
        rf"(?:{_GIVEN}|on\s+sale(?!\w)|ships?\s+free(?!\w))",
        rf"(?:^|(?<=[。！？!\n]))[^。！？!\n{MASK}]{{0,200}}?(?:(?<![\w{MASK}])|(?<=[今现][天日在]))(?P<it>全部|通通|统统){_ADDS}{_GAINS}",
        rf"{_ALL}{_ADDS}{_GAINS}",
        rf"{_ALL}{_USES}",
        rf"(?:购买|选购|任选|下单|购){_ALL}[^。！？\n]{{0,20}}?{_GAINS}",
        rf"{_GAINS}[^。！？，,\n]{{0,3}}[，,：:\s]?{_ALL}(?=[。！!，,；;\s]|$)",
    )
)


def overreaching(text: str, masked: str) -> Iterator[Figure]:
    """Every place where a text with its slots gives to everything what the offer gives.

    masked: the text without slots and known names, every other character where it was.
    """
    given = masked
    for slot in SLOT.finditer(text):
        if slot[1] in _GIVING:
            given = given[: slot.start()] + _GIVEN * len(slot[0]) + given[slot.end() :]
        elif slot[1] in _TERMS:
            given = given[: slot.start()] + _ASIDE * len(slot[0]) + given[slot.end() :]
    return found_in(_DENIED.sub(lambda found: MASK * len(found[0]), given), _PATTERNS)
