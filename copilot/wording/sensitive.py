"""What personal data and secrets look like within a text, and the word that stands in for each.

Prices, dates, article numbers and names of products stand beside what is sought, so a pattern has to be surer
here than for a whole value (`domain.personal`). Bounded everywhere: a text may be long, and made to keep a
regular expression busy. Texts are looked at as `seeing.seen` shows them: one kind of digit, space and dash.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from copilot.domain.personal import EMAIL, has_identity_checksum, is_card, is_iban
from copilot.wording.streets import STREETS, UNIT

__all__ = ["LOOKS", "WORDS", "Look"]


class Look(NamedTuple):
    """One look: the word that stands in, what finds it, how many characters of a find are it.

    needs: one of these characters is in every find; "0" stands for any digit.
    in_ids: whether it is told from an article number, so that ids are held to it too.
    """

    word: str
    found: re.Pattern[str]
    needs: str
    length: Callable[[str], int] = len
    in_ids: bool = True


def _iban(text: str) -> int:
    # Words may follow it that look like groups of it.
    ends = [len(text), *(gap.start() for gap in re.finditer("[ -]", text))]
    return next((end for end in sorted(ends, reverse=True) if is_iban(text[:end].replace("-", ""))), 0)


def _card(text: str) -> int:
    # Thirteen digits are far more often an article number (EAN) than a card.
    return len(text) if is_card(text) and sum(map(str.isdecimal, text)) > 13 else 0


def _identity(text: str) -> int:
    return len(text) if has_identity_checksum(text) else 0


_YEAR = r"(?:19|20)\d\d"
_WRITTEN_DATE = re.compile(rf"(?<!\d)(?:\d\d?[./-]\d\d?[./-]{_YEAR}|{_YEAR}[./-]\d\d?[./-]\d\d?)(?!\d)")
# With spaces only round ones: "+49 170 123 456" is a phone.
_THOUSANDS = re.compile(r"\+?\d{1,3}(?:(?:[.,]\d{3})+|(?: \d{3})* 000)")


def _no_date(text: str) -> int:
    return 0 if _WRITTEN_DATE.search(text) or _THOUSANDS.fullmatch(text) else len(text)


def _random(text: str) -> int:
    # Both cases and digits, in one run or in none that reads like words: else it is the address of a page.
    for run in (text, *re.findall(r"[A-Za-z0-9]{20,}", text)):
        mixed = all(re.search(kind, run) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
        if mixed and not (run is text and re.search("[a-z]{5}", run)):
            return len(text)
    return 0


def _issued(text: str) -> int:
    # Words and a year with a short prefix name a campaign; a key changes between letters and digits.
    for run in re.findall("[A-Za-z0-9]+", text):
        changes = len(re.findall(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", run))
        if changes > 3 or (len(run) >= 20 and re.search("[a-z]", run) and re.search("[A-Z]", run)):
            return len(text)
    return _random(text.partition("_")[2] or text) if len(text) >= 20 else 0


# An article number is no phone number, whatever it looks like.
_LABELS = (
    *("EAN", "GTIN", "UPC", "ISBN", "SKU", r"Nr\.", r"Art\.", "Ref", r"Ref\.", "Bestellnr", r"Bestellnr\."),
    *("New Balance", "货号", "编号", "条码", "款号", "订单号", "型号", "代码"),
)
# A row of short figures with a unit behind is a choice of sizes or of prices.
_NO_SIZES = rf"(?!\+? ?\d{{1,4}}(?:[ /-]\d{{1,4}}){{1,12}} ?{UNIT})"
_BEGINS = rf"(?=[\d(]){_NO_SIZES}(?<![A-Za-z0-9.,_+#-])" + "".join(
    f"(?<!{label}{sign})" for label in _LABELS for sign in (" ", ": ", ":", "")
)
_ENDS = r"(?![A-Za-z0-9_]|[.,-]\d)"
_ALONE, _NOT_GOING_ON = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_DATABASES = "postgres|postgresql|mysql|mariadb|mongodb|rediss?|sqlite|mssql|oracle|snowflake|redshift|amqps?"
_LATIN = r"[A-Za-z0-9À-ɏ"  # an open class


def _look(
    word: str, found: str, needs: str, *, length: Callable[[str], int] = len, in_ids: bool = True
) -> Look:
    return Look(word, re.compile(found, re.DOTALL), needs, length, in_ids)


def _secrets() -> list[Look]:
    rest = r"[^\s\"'<>]"
    begins = (
        r"gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|hf_|whsec_|shp(?:at|ss|ca)_"
        r"|AIza|SG\.|ya29\.|eyJ"
    )
    named = (
        "passw(?:or)?d|passwort|kennwort|pwd|passcode|(?:access|auth|api|secret)[ _-]?(?:token|key)"
        "|client[ _-]?secret"
    )
    told = r"(?<![A-Za-z])"  # after an underscore too: DB_PASSWORD
    with_digit = r"(?=[^\s,;]{0,200}\d)"
    return [
        _look(
            "[database address]",
            rf"(?i)\b(?:jdbc:)?(?:{_DATABASES})(?:\+[a-z0-9]{{1,20}})?://{rest}{{1,500}}",
            ":",
        ),
        _look(
            "[address with a password]",
            rf"\b[A-Za-z][A-Za-z0-9+.-]{{1,30}}://[^\s/@]{{1,200}}@{rest}{{1,300}}",
            "@",
        ),
        _look(
            "[key]",
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.{0,5000}?(?:-----END [A-Z ]{0,30}-----|\Z)",
            "-",
        ),
        _look(
            "[key]",
            rf"{_ALONE}(?:sk-(?:proj|ant|svcacct|admin|or)-|[spr]k_(?:live|test)_)[\w-]{{8,500}}"
            rf"|{_ALONE}A[KS]IA[A-Z0-9]{{16}}{_NOT_GOING_ON}",
            "-_A",
        ),
        _look("[key]", rf"{_ALONE}(?:sk|pk|rk)[-_][\w-]{{8,500}}", "0", length=_issued),
        _look("[key]", r"(?i)\bbearer\s{1,5}(?=\S{0,200}\d)[\w.~+/=-]{8,2000}", "0"),
        _look("[key]", rf"{_ALONE}(?:{begins})[\w.-]{{12,4000}}", "AShgxwye", length=_issued),
        _look("[password]", r"(?i)[?&](?:token|key|sig|signature|secret|auth)=[^\s&#\"'<>]{8,2000}", "="),
        _look(
            "[password]",
            rf"(?i){told}(?:{named})\s{{0,3}}(?:[:=]|\bis\b(?=\s{{1,3}}[^\s,;]{{0,200}}\d))"
            rf"\s{{0,3}}[^\s,;]{{4,500}}",
            "pPsScCaAkK",
        ),
        _look(
            "[password]",
            rf"(?i)(?<!'s ){told}(?:token|secret)\s{{0,3}}[:=]\s{{0,3}}{with_digit}[^\s,;]{{8,500}}",
            ":=",
        ),
        _look("[password]", r"(?:密码|口令|密钥)\s{0,3}(?:[:=]|是|为)\s{0,3}[^\s,;，。；]{4,500}", "码令钥"),
        _look(
            "[key]",
            rf"{_ALONE}(?=[a-fA-F]{{0,64}}\d)(?=\d{{0,64}}[a-fA-F])[0-9a-fA-F]{{32,4000}}{_NOT_GOING_ON}",
            "0",
            in_ids=False,
        ),
        _look("[key]", r"(?<![\w+/-])[\w+/-]{32,4000}={0,2}", "0", length=_random, in_ids=False),
    ]


def _addresses_and_numbers() -> list[Look]:
    dot = r"(?:\.|[\[({] ?(?:dot|punkt) ?[\])}])"
    group = "(?:[ -][A-Z0-9]{4})"
    word = r"(?<![\w.+-])[\w.+-]{1,64}"
    usual = "(?:com|net|org|info|biz|cn|de|at|ch|fr|uk|eu|us|jp|it|es|nl|io|example)"
    return [
        # First with Latin letters alone: Chinese words stand against an address without a space.
        _look(
            "[e-mail]",
            rf"{_LATIN}._%+'-]{{1,64}}@(?:{_LATIN}-]{{1,63}}\.){{1,5}}(?:[A-Za-z]{{2,24}}|xn--[a-z0-9-]{{2,59}})",
            "@",
        ),
        # With spaces it may be "meet me @ cafe.berlin".
        _look(
            "[e-mail]",
            rf"{_LATIN}._%+'-]{{1,64}}\s?@\s?(?:{_LATIN}-]{{1,63}}\.){{1,5}}{usual}{_NOT_GOING_ON}",
            "@",
        ),
        _look("[e-mail]", rf"(?i){word}%40(?:[\w-]{{1,63}}\.){{1,5}}[A-Za-z]{{2,24}}", "%"),
        _look(
            "[e-mail]",
            rf"(?i){word} (?:at|ät) [\w-]{{1,63}}(?: (?:dot|punkt) [\w-]{{2,63}}){{0,3}}"
            rf" (?:dot|punkt) {usual}(?!\w)",
            "tT",
        ),
        _look("[e-mail]", EMAIL.pattern, "@"),
        _look(
            "[e-mail]",
            rf"(?i)[\w.+-]{{1,64}} {{0,2}}[\[({{] ?(?:at|a|ät) ?[\])}}] {{0,2}}[\w-]{{1,63}}"
            rf"(?: {{0,2}}{dot} {{0,2}}[\w-]{{2,63}}){{1,4}}",
            "[({",
        ),
        _look(
            "[account number]",
            rf"(?i){_ALONE}[A-Z]{{2}}\d\d(?:[A-Z0-9]{{11,30}}|{group}{{2,7}}(?:[ -][A-Z0-9]{{1,4}})?)"
            rf"{_NOT_GOING_ON}",
            "0",
            length=_iban,
        ),
        _look(
            "[card number]",
            r"(?<![\d.,])(?:\d{4}([ .-])\d{4}\1\d{4}\1\d{2,4}(?:\1\d{1,3})?"
            r"|\d{4}([ .-])\d{6}\2\d{4,5})(?!\d)",
            "0",
            length=_card,
        ),
        # In one run it may be the number of an article, in the address of its page it surely is.
        _look(
            "[card number]",
            r"(?<![\d.,/])(?<!variant=)(?<!id=)\d{14,19}(?!\d)",
            "0",
            length=_card,
            in_ids=False,
        ),
        _look("[identity number]", rf"{_ALONE}\d{{17}}[\dXx]{_NOT_GOING_ON}", "0", length=_identity),
        _look(
            "[identity number]",
            rf"{_BEGINS}(?!000|666|9)\d{{3}}-\d\d-\d{{4}}{_ENDS}",
            "0",
            in_ids=False,
        ),
        _look(
            "[chat account]",
            r"(?<![A-Za-z])[Qq]{2}(?:号码?|群号?)?\s{0,2}:?\s{0,2}\d{5,12}(?!\d)"
            r"|(?:微信号?|[Vv]信)\s{0,2}:\s{0,2}[A-Za-z][\w-]{5,19}"
            r"|(?i:(?:wechat|weixin)(?: ?id)?)\s{0,2}:\s{0,2}(?=[\w-]{0,19}\d)[A-Za-z][\w-]{5,19}",
            ":qQ",
            in_ids=False,
        ),
    ]


def _phones() -> list[Look]:
    def look(found: str, *, in_ids: bool = False) -> Look:
        return Look("[phone]", re.compile(found), "0", _no_date, in_ids)

    labelled = (
        r"(?i)(?:\b(?:tel|fax|telefon|whatsapp)\b\.?"
        r"|\b(?:phone|mobile|cell|handy)(?: ?(?:no|nr|number)\b\.?)?:|电话|手机号?|微信)"
    )
    american = r"(?:[2-9]\d\d([-. ])\d{3}\1\d{4}|\([2-9]\d\d\) ?\d{3}[-. ]\d{4})"
    return [
        look(
            rf"(?=\+){_NO_SIZES}(?<![A-Za-z0-9.,_])\+ ?[1-9](?:[ ().\-/]{{0,3}}\d){{7,14}}(?!\d)", in_ids=True
        ),
        look(rf"{labelled}\W{{0,4}}{_NO_SIZES}\d(?:[ ().\-/]{{0,2}}\d){{5,14}}(?!\d)", in_ids=True),
        look(rf"{_BEGINS}00[1-9]\d{{0,2}}[ ()./-](?:[ ()./-]{{0,2}}\d){{6,13}}(?!\d)"),
        look(rf"{_BEGINS}00(?:3\d|4[013-9]|61|8[126]|90)\d{{8,11}}{_ENDS}"),
        look(rf"{_BEGINS}0[1-9]\d{{1,3}}\.\d{{6,8}}{_ENDS}"),
        look(rf"{_BEGINS}(?:86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_ENDS}"),
        look(rf"{_BEGINS}\(0\d{{1,4}}\)[ -]?\d(?:[ -]?\d){{4,8}}{_ENDS}"),
        look(rf"{_BEGINS}0[1-9]\d{{1,4}}[ /-]{{1,3}}\d(?:[ /-]?\d){{4,9}}{_ENDS}"),
        look(rf"{_BEGINS}0[1-9](?:[ .-]\d\d){{4}}{_ENDS}"),
        look(rf"{_BEGINS}0(?:1[5-7]\d{{8,9}}|[2-9]\d{{9}}|[67]\d{{8}}){_ENDS}"),
        look(rf"(?<![$€£¥]){_BEGINS}(?:1[-. ])?{american}{_ENDS}"),
    ]


# In order: what is found first is not looked into again.
LOOKS: tuple[Look, ...] = (
    *(*_secrets(), *_addresses_and_numbers(), *_phones()),
    *(Look("[street address]", street, needs) for street, needs in STREETS),
)
WORDS: tuple[str, ...] = tuple(dict.fromkeys(look.word for look in LOOKS))
