"""Text as its reader sees it, with the way back: where in the written text each seen character stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = ["MASK", "SPACED", "Figure", "found_in", "plain", "says", "seen"]

MASK = "\ufffc"  # neither space, letter, digit nor sign: what stood there joins nothing

# Traditional characters of our patterns, so that each pattern is written once.
_SIMPLER = str.maketrans(
    "價雙積贈運優碼僅買減滿後個週時錢歐塊兩萬費輸單領禮郵現結獎賬號這隻陸貳參終倒計束將馬過購滿員國際號機會圓鎊節級"
    "頂絕無獨創極銷熱專醫療藥證權認驗歷庫搶馳軍導類產質貨網場標準議門劃檔癒復發徹樣達實獲評薦師億數擇強華術進業聖壓"
    "殺勝開錯緊趕見線從賣櫃團選賴愛種紅氣榮檢戶曉擁細腫壯豐學課純齊營養寶點護膚脫風規們來為與還對給幾裡麼癥報謝識轉"
    "關間陽隊離難預願餘髮傳倫兌務動勵勢園媽屆慶應張彈歸惱擬敵斷條構畢沒漲濕溫煩環瘋競紀經續編聯膠補裝試誕貝貧贅車輪"
    "遠遞遺鍋問閨顧額絲舉書親眾夥臨爭東換歡測狀瘡遙憶貶區縣廠變態別體讓邊幣",
    "价双积赠运优码仅买减满后个周时钱欧块两万费输单领礼邮现结奖账号这只陆贰叁终倒计束将马过购满员国际号机会圆镑节级"
    "顶绝无独创极销热专医疗药证权认验历库抢驰军导类产质货网场标准议门划档愈复发彻样达实获评荐师亿数择强华术进业圣压"
    "杀胜开错紧赶见线从卖柜团选赖爱种红气荣检户晓拥细肿壮丰学课纯齐营养宝点护肤脱风规们来为与还对给几里么症报谢识转"
    "关间阳队离难预愿余发传伦兑务动励势园妈届庆应张弹归恼拟敌断条构毕没涨湿温烦环疯竞纪经续编联胶补装试诞贝贫赘车轮"
    "远递遗锅问闺顾额丝举书亲众伙临争东换欢测状疮遥忆贬区县厂变态别体让边币",
)
# Letters that are read as Latin ones though NFKC keeps them apart: small capitals and their kin.
_KIN = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɑɡ", "abcdefghijklmnoprstuvwyziag")
# Letters of other alphabets that look like Latin ones: read as such where a text is written in Latin letters.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝӏАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανιρτυκօոս",
    "aeopcyxijshdqwlABEKMHOPCTYXIJSABEZHIKMNOPTYXoaviptukonu",
)
_LATIN = re.compile(r"[A-Za-z]")
_OTHER_LETTER = re.compile(r"[\u0370-\u058f]")  # Greek, Cyrillic, Armenian
_UNSEEN = "\u115f\u1160\u3164\uffa0"  # letters by category, blank to the eye
_BLANK = "\u2800"
_PICTURED = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))  # white letters on black circles and squares, from A
# `f r e e`, `t-w-e-n-t-y`: letters one by one, with the same sign between them.
_SPELT_OUT = re.compile(r"(?<![^\W_])[A-Za-z]([ .\-_*])[A-Za-z](?:\1[A-Za-z]){2,40}(?![^\W_])")


class Figure(NamedTuple):
    """Something said that nothing supports: what kind, the text of it, where it begins."""

    kind: str
    text: str
    at: int


# Written one way by a keyboard and another by a word processor; an accent that stands alone is one too.
_QUOTES = str.maketrans("‘’‚‛′ʼ´`“”„‟″«»", "'" * 8 + '"' * 7)


def plain(text: str) -> str:
    """Text to compare: NFKC, nothing invisible, one kind of space and quotes, `20%` unspaced, case folded."""
    one_kind = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    seen = "".join(c for c in one_kind if unicodedata.category(c) != "Cf")
    return " ".join(seen.split()).replace(" %", "%").casefold()


# A letter or digit of a script that puts spaces between words.
SPACED = r"[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"


def says(said: str, phrase: str) -> bool:
    """Whether a plain text holds a phrase as words of its own: `sale` is not said by `wholesale`."""
    sought = plain(phrase)
    # Chinese has no spaces between words to go by, and none around the letters and digits among them.
    left = f"(?<!{SPACED})" if sought[:1].isascii() and sought[:1].isalnum() else ""
    right = f"(?!{SPACED})" if sought[-1:].isascii() and sought[-1:].isalnum() else ""
    return re.search(left + re.escape(sought) + right, said) is not None


def found_in(text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[Figure]:
    """What the patterns (kind, pattern) find, told by its place in the text as written.

    A pattern with a group `it` means that group. Where matches overlap, the first found is told.
    """
    shown, places = seen(text)
    told = bytearray(len(text))
    for kind, pattern in patterns:
        group = "it" if "it" in pattern.groupindex else 0
        for match in pattern.finditer(shown):
            start, end = places[match.start(group)], places[match.end(group) - 1] + 1
            if 1 not in told[start:end]:
                told[start:end] = b"\1" * (end - start)
                yield Figure(kind, text[start:end], start)


@lru_cache(maxsize=512)  # each text is looked at by many patterns, in one check after another
def seen(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is seen, and where in the written text each of its characters stands."""
    shown, places = (text, range(len(text))) if text.isascii() else _shown(text)
    spelt = [at for found in _SPELT_OUT.finditer(shown) for at in range(found.start() + 1, found.end(), 2)]
    if not spelt:
        return shown, places
    kept = sorted(set(range(len(shown))) - set(spelt))
    return "".join(shown[at] for at in kept), tuple(places[at] for at in kept)


def _shown(text: str) -> tuple[str, Sequence[int]]:
    shown: list[str] = []
    places: list[int] = []
    latin = len(_OTHER_LETTER.findall(text)) < len(_LATIN.findall(text))
    for at, written in enumerate(text):
        for c in _read_as(written, latin=latin):
            category = unicodedata.category(c)
            if category in ("Mn", "Me"):
                # An accent makes another letter of the one before; a stroke through it does not.
                whole = unicodedata.normalize("NFC", shown[-1] + c) if shown else ""
                if len(whole) == 1:
                    shown[-1] = whole
            elif category != "Cf" and c not in _UNSEEN:
                shown.append("-" if category == "Pd" else "'" if c in "‘’" else " " if c == _BLANK else c)
                places.append(at)
    return "".join(shown), tuple(places)


def _read_as(written: str, *, latin: bool) -> str:
    if written < "\x80" or written == MASK:
        return written
    code = ord(written)
    for first, last in _PICTURED:
        if first <= code <= last:
            return chr(ord("A") + code - first)
    read = unicodedata.normalize("NFKC", written).translate(_SIMPLER).translate(_KIN)
    return read.translate(_LOOKALIKES) if latin else read
