"""Segments of a text message, against counts made by hand from 3GPP TS 23.038 and 23.040."""

from __future__ import annotations

import time

import pytest

from copilot.wording.sms import Segments, segments

COUNTED = [
    ("", 1, "GSM-7", 160),
    ("Hello", 1, "GSM-7", 155),
    ("a" * 160, 1, "GSM-7", 0),
    ("a" * 161, 2, "GSM-7", 145),  # 153 + 8
    ("a" * 306, 2, "GSM-7", 0),
    ("a" * 307, 3, "GSM-7", 152),
    ("a" * 459, 3, "GSM-7", 0),
    ("a" * 460, 4, "GSM-7", 152),
    ("€" * 80, 1, "GSM-7", 0),
    ("€" * 80 + "a", 2, "GSM-7", 144),  # 76 signs fill 152 septets, four and a letter go on
    ("a" * 158 + "€", 1, "GSM-7", 0),
    ("a" * 159 + "€", 2, "GSM-7", 145),
    ("a" * 152 + "€" + "a" * 10, 2, "GSM-7", 141),  # the escape is not left behind alone: 152, then 2 + 10
    ("a" * 151 + "€" + "a" * 10, 2, "GSM-7", 143),
    ("^{}\\[~]|€\f" * 8, 1, "GSM-7", 0),
    ("äöüßñÄÖÜÑàèéìòùÇØøÅåÆæÉΔΦΓΛΩΠΨΣΘΞ£¥¤§¡¿@$_\n\r", 1, "GSM-7", 116),
    ("ç", 1, "UCS-2", 69),  # of the cedillas only the capital is in the alphabet
    ("’" + "a" * 69, 1, "UCS-2", 0),
    ("’" + "a" * 70, 2, "UCS-2", 63),  # 67 + 4
    ("’" + "a" * 133, 2, "UCS-2", 0),
    ("’" + "a" * 134, 3, "UCS-2", 66),
    ("新" * 70, 1, "UCS-2", 0),
    ("新" * 71, 2, "UCS-2", 63),
    ("新" * 134, 2, "UCS-2", 0),
    ("新" * 135, 3, "UCS-2", 66),
    ("🎁" * 35, 1, "UCS-2", 0),
    ("🎁" * 36, 2, "UCS-2", 61),  # 33 of them fill 66 units, the 34th would be torn
    ("a" * 66 + "🎁" + "a" * 3, 2, "UCS-2", 62),
    ("a" * 65 + "🎁" + "a" * 4, 2, "UCS-2", 63),
    ("限时{discount}", 1, "UCS-2", 58),
]


@pytest.mark.parametrize(("text", "count", "encoding", "left"), COUNTED)
def test_segments_are_counted_as_a_phone_company_bills_them(
    text: str, count: int, encoding: str, left: int
) -> None:
    needs = segments(text)

    assert (needs.count, needs.encoding, needs.left) == (count, encoding, left)


def test_it_is_told_which_characters_make_it_dear() -> None:
    assert segments("Don’t miss it – really, don’t 🎁").because_of == ("’", "–", "🎁")
    assert segments("Don't miss it - 10 € off [today]") == Segments(1, "GSM-7", 35, 125)


def test_a_long_text_is_counted_in_milliseconds() -> None:
    begun = time.perf_counter()
    assert segments("🎁" * 5_000).count == 152
    assert time.perf_counter() - begun < 0.1
