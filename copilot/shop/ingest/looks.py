"""What personal data looks like: addresses, phone, card and account numbers, names. Only values are asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from copilot.domain.personal import (
    CHINESE_ID,
    DATE,
    EMAIL,
    PHONE,
    STREET,
    has_identity_checksum,
    is_card,
    is_iban,
)

__all__ = ["Looks", "looks_like_email", "mask"]

_DIGITS = re.compile(r"[\d \-]{13,23}")
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_IPV6 = re.compile(r"(?=.*:.*:)[0-9a-fA-F:]{6,39}")
_FULL_NAME = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*(?: [^\W\d_]+(?:[-'’.][^\W\d_]*)*){1,3}")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
# How much of a column must look so. An address or account number is never there by accident.
_SHARES = {
    "e-mail address": 0.0,
    "IBAN": 0.0,
    "identity number": 0.2,
    "card number": 0.3,
    "phone number": 0.3,
    "IP address": 0.5,
    "street address": 0.2,
}
_NAME_SHARE = 0.7
_LONGEST_SEARCHED = 5_000
_LONGEST_MATCHED = 200
_NAMES_AT_LEAST = 20


@dataclass
class Looks:
    """Counts what the distinct values of one column look like."""

    asked: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def add(self, values: Iterable[str]) -> None:
        """Take distinct values into account."""
        for value in values:
            self.asked += 1
            kind = _kind(value)
            if kind:
                self.found[kind] += 1

    def personal(self, distinct_share: float) -> str | None:
        """What kind of personal data the column holds, if any.

        Names of people are told from other words by there being many and hardly two alike.
        """
        for kind, share in _SHARES.items():
            if self.found[kind] > share * self.asked:
                return kind
        many = self.asked >= _NAMES_AT_LEAST and distinct_share > 0.5
        return "name" if many and self.found["name"] > _NAME_SHARE * self.asked else None


def looks_like_email(value: str) -> bool:
    """Whether the whole value is an e-mail address."""
    return "@" in value and len(value) < 300 and EMAIL.fullmatch(value.strip()) is not None


def mask(text: str) -> str:
    """Text, cut if it is long, with what looks like an e-mail address, account or phone number taken out."""
    if len(text) > _LONGEST_SEARCHED:
        text = text[:_LONGEST_SEARCHED] + "…"
    text = EMAIL.sub("<e-mail>", text)
    return "<hidden>" if _kind(text) not in (None, "name") else text


def _kind(value: str) -> str | None:
    if "@" in value and EMAIL.search(value[:_LONGEST_SEARCHED]):
        return "e-mail address"
    if len(value) > _LONGEST_MATCHED:
        return None
    if not any(map(str.isdigit, value)):
        return "name" if _is_name(value) else "IP address" if _is_ip(value) else None
    return _number_kind(value)


def _number_kind(value: str) -> str | None:
    if is_iban(value):
        return "IBAN"
    if CHINESE_ID.fullmatch(value) and has_identity_checksum(value):
        return "identity number"
    if _DIGITS.fullmatch(value) and is_card(value):
        return "card number"
    if _is_ip(value):
        return "IP address"
    if PHONE.fullmatch(value) and not DATE.fullmatch(value):
        return "phone number"
    return "street address" if STREET.match(value) else None


def _is_ip(value: str) -> bool:
    return bool(_IPV4.fullmatch(value) or _IPV6.fullmatch(value))


def _is_name(value: str) -> bool:
    if 2 <= len(value) <= 4 and value[0] in _SURNAMES and all("一" <= letter <= "鿿" for letter in value):
        return True
    return _FULL_NAME.fullmatch(value) is not None and value.istitle()
