"""What the address of a house looks like within a text: English, German, French, Spanish, Italian, Chinese.

Products are called by the names of streets, and lengths and prices stand behind a way or a place.
"""

from __future__ import annotations

import re

__all__ = ["STREETS", "UNIT"]

UNIT = (
    r"(?:%|[€$£¥°]|(?:[kcm]?m|[km]?g|m?l|m²|EUR|USD|GBP|CHF|CNY|Euro|[KMGT]B|Uhr|Min\.?|Minuten|Stunden|Tagen?"
    r"|Personen|Leute|Jahren?|Stück|Teile|Gutscheine|Prozent|percent|minutes|days|people|customers|pieces|pcs"
    r"|points|Punkte)(?![^\W_]))"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_]{0,30}(?:['.-][^\W\d_]{1,30}){0,3}\.?"
_GERMAN = r"(?<!\w)[A-ZÄÖÜ][^\W\d_]{1,30}"
# "Weg 5 m" is a length, "Weg 5m" a house.
_GERMAN_NUMBER = rf" ?\d{{1,4}}(?!\d|[.,]\d| {UNIT}|%|€|(?:km|cm|EUR)\b)(?: ?[a-z]\b)?(?!\d)"
_HAN = "[\u4e00-\u9fff]"
_HOUSE = rf"(?:院|{_HAN}{{0,6}}\d{{1,5}}(?:室|楼|单元|栋|幢|座|号楼|层)){{0,4}}"

_HOUSE_NUMBER = r"(?<![\w.,-])\d{1,5}"


def _english_streets() -> list[re.Pattern[str]]:
    product = r"(?!(?:Pieces?|Stars?|Packs?|Days?|Years?|Inch|Sets?|Jump|Milky|Fifth)\b)"
    named = rf"{_HOUSE_NUMBER}[A-Za-z]? {product}(?:{_CAPITAL} ){{1,4}}"
    # "Road Bike" and "Street DVD" are things; a town has its code behind it.
    town = r"(?: [A-Z][a-z]{1,30}){1,2},? (?:[A-Z]{2} )?(?:\d{5}|[A-Z]{1,2}\d)"
    ends = rf"(?!\w| [A-Z][a-z]| [A-Z]{{3}})|(?={town})"
    sure = r"(?:Street|Road|Avenue|Boulevard|Rd\.?|Ave\.?|Blvd\.?|St\.?)"
    other = r"(?:Lane|Ln|Drive|Dr|Way|Court|Ct|Place|Square|Terrace|Close|Crescent)"
    return [
        re.compile(rf"{named}{sure}(?:{ends})"),
        # Words that products are called by too: only where the line of an address goes on.
        re.compile(rf"{named}{other}(?:\.|(?=, ?[A-Z]))"),
        re.compile(
            rf"{_HOUSE_NUMBER} (?!off\b|on\b|the\b|new\b|cross\b)[a-z]{{3,20}}"
            r" (?:street|road|avenue)(?=[,.;\n]|\Z)"
        ),
        re.compile(r"(?i:\bP\. ?O\. ?Box|\bPO Box|\bPostfach) \d{1,6}(?: \d\d){0,3}(?!\d)"),
    ]


def _other_streets() -> list[re.Pattern[str]]:
    joined = r"(?:straße|strasse|[Ss]tr\.?|Straße|Strasse|STRASSE|STR\.|weg|platz|allee|gasse|damm|ufer)"
    seats = (
        "Park|Sitz|Arbeits|Camping|Steh|Stell|Spiel|Schlaf|Liege|Stamm|Ess|Lager|Speicher|Zelt"
        "|Flug|Golf|Tennis"
    )
    ways = "Um|Heim|Rück|Hin|Fuß|Rad|Geh|Arbeits|Schul|Aus|Lebens|Liefer|Post|Bestell|Vertriebs"
    no_place = rf"(?!(?:{seats})platz|(?:{ways})weg)"
    trees = "Linden|Eichen|Ulmen|Buchen|Birken|Kastanien|Pappeln|Weiden"
    french = r"(?:rue|avenue|boulevard|chemin|allée|impasse|place)"
    by_mail = "App|E|Mail|SMS|Newsletter|Code|Link|Web|Online|Chat|Push"
    southern = rf"(?:Calle|Avenida|Paseo|Via(?! (?:{by_mail}))|Viale|Piazza|Rua)"
    of_the = r"(?:(?:de|del|della|di|dei|la|las|los|da|do) ){0,3}"
    return [
        re.compile(rf"{no_place}{_GERMAN}(?:-[A-ZÄÖÜ][^\W\d_]{{1,30}}){{0,3}}-?{joined}{_GERMAN_NUMBER}"),
        re.compile(
            rf"{_GERMAN}(?: [A-ZÄÖÜ][^\W\d_]{{1,30}})? (?:Straße|Strasse|Str\.|Allee){_GERMAN_NUMBER}"
        ),
        re.compile(rf"\bUnter den (?:{trees}){_GERMAN_NUMBER}"),
        re.compile(
            rf"{_HOUSE_NUMBER}(?: ?(?:bis|ter))?,? {french} (?:(?:de|du|des|la|le|les) |[dl]'){{0,3}}"
            rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}"
        ),
        re.compile(rf"\b{southern} {of_the}{_CAPITAL}(?: {_CAPITAL}){{0,2}},?{_GERMAN_NUMBER}"),
    ]


def _chinese_street() -> re.Pattern[str]:
    place = rf"(?:{_HAN}{{2,8}}(?:省|自治区))?(?:{_HAN}{{2,8}}市)?(?:{_HAN}{{1,8}}[区县镇])?"
    side = r"(?:[东西南北中]段?|[一二三四五]段)?"
    # A taste, a channel, a routine and a perfume of Fifth Avenue end in the same characters.
    way = r"(?:(?<![套思线网电铁])路|(?<!时尚大)街|(?<!第五)大道|(?<![大味频通赛轨渠王手拳])道|巷|弄|胡同)"
    return re.compile(
        rf"{place}{_HAN}{{1,6}}{way}{side} ?[甲乙丙丁]?"
        rf"(?:\d{{1,5}}|[一二三四五六七八九十百零〇]{{1,6}})(?:弄 ?\d{{1,4}})?"
        rf" ?号(?!店|香水|色|款){_HOUSE}"
    )


# With what stands in every find of theirs; "0" for any digit.
STREETS: tuple[tuple[re.Pattern[str], str], ...] = (
    *((found, "0") for found in (*_english_streets(), *_other_streets())),
    (_chinese_street(), "号"),
)
