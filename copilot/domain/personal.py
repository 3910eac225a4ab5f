"""What a whole value looks like that is personal: addresses, numbers of phones, cards, accounts, identities.

Judged generously, for a column is judged by how many of its values look so. `wording.sensitive` has what is
sought within a text.
"""

from __future__ import annotations

import re

__all__ = [
    "CHINESE_ID",
    "DATE",
    "EMAIL",
    "PHONE",
    "STREET",
    "has_identity_checksum",
    "is_card",
    "is_iban",
]

# Bounded everywhere: a cell may be long, and made to keep a regular expression busy.
EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}\.[^\W\d_]{2,24}")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")
PHONE = re.compile(
    r"(\+\d[\d\s().\-/]{6,20}\d"  # +49 170 1234567
    r"|00[1-9][\d\s().\-/]{6,18}\d"
    r"|0[1-9][\d]{1,4}[\s\-/][\d\s\-/]{4,14}\d"  # 0170 1234567
    r"|0[1-9]\d{7,11}"
    r"|1[3-9]\d{9}"  # mainland China
    r"|(1[-. ])?\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4})"  # North America
)
CHINESE_ID = re.compile(r"\d{17}[\dXx]")
STREET = re.compile(
    r"(?i)(\d+[a-z]?\s+([^\W\d]+\s+)+(street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct)\b"
    r"|[^\W\d]+\s*(strasse|straße|str\.|weg|platz|allee|gasse)\s*\d+"
    r"|\d+\s*(bis|ter)?,?\s+(rue|avenue|boulevard|chemin|place)\s"
    r"|(calle|via|piazza|rua|avenida)\s+[^\W\d]+.*\d+"
    r"|.*(路|街|道|巷|弄).{0,4}\d+.{0,3}(号|號))"
)
# By issuer, as one number in ten of any length passes the checksum.
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}|3[0689]\d{12}|35\d{14}"  # American Express, Diners, JCB
    r"|(?:50|5[6-8]|6[0-57])\d{14,17}"  # Maestro, UnionPay, Discover, RuPay
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def is_iban(value: str) -> bool:
    """Whether it is an account number with a right checksum."""
    compact = value.replace(" ", "").upper()
    if _IBAN.fullmatch(compact) is None:
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def is_card(value: str) -> bool:
    """Whether its digits are a card number of a known issuer with a right checksum (Luhn)."""
    digits = [int(letter) for letter in value if letter.isdecimal()]
    if _CARD.fullmatch("".join(map(str, digits))) is None:
        return False
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def has_identity_checksum(value: str) -> bool:
    """Whether eighteen characters are a Chinese identity number with a right checksum."""
    weighted = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(value[:17]))
    return "10X98765432"[weighted % 11] == value[17].upper()
