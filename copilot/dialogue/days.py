"""Days as people say them, `before the 20th`, `next week`, `下周`, `12月20日之前`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from copilot.dialogue.amounts import COUNT, number_of
from copilot.dialogue.sentence import Sentence

__all__ = ["Span", "read_days"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HAN_DAYS = "一二三四五六日"
_TH = r"(?:st|nd|rd|th)"
_DAY = rf"""(?:(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})
|(?:the\s)?(?P<dm>\d{{1,2}}{_TH}?\s(?:of\s)?{_MONTH})(?:,?\s(?P<y1>20\d\d))?
|(?P<md>{_MONTH}\s(?:the\s)?\d{{1,2}}(?!\d){_TH}?)(?:,?\s(?P<y2>20\d\d))?
|(?:the\s)?(?P<d>\d{{1,2}}{_TH})\b
|(?P<weekday>(?:next\s|this\s)?(?:{"|".join(_WEEKDAYS)}))\b
|(?P<eom>(?:the\s)?end\sof\s(?:the|this)\smonth|month[\s-]end|(?:本|这个?)?月底)
|(?P<eow>(?:the\s)?end\sof\s(?:the|this)\sweek|(?:本|这)?周末前)
|(?P<tomorrow>tomorrow|明天)|(?P<today>today|今天|\bnow\b)
|(?:(?P<zy>20\d\d)年)?(?P<zm>\d{{1,2}})月(?P<zd>\d{{1,2}})[日号]?
|(?P<znm>下个?月)(?P<znd>\d{{1,2}})[日号]
|(?:本月|这个?月)?(?P<zonly>\d{{1,2}})[日号]
|(?P<zweekday>(?:下个?|本|这)?(?:周|星期|礼拜)[一二三四五六日天]))"""
_POINT = re.compile(
    rf"""(?P<how>\b(?:before|by|until|till|through|thru|up\sto|ending|ends?\son|ends?|to|and|from|starting|starts?
|beginning|since|on|as\sof)(?:\son|\sat)?\s|从|自|截至|截止到?|到|至|直到|在)?\s?{_DAY}
(?P<after>\s?(?:之前|以前|前|为止|截止|结束|起|开始))?""",
    re.VERBOSE,
)
_SPAN = re.compile(
    r"(?P<weekend>\b(?:this|the|next)\sweekend|(?:这个?|本|下个?)?周末)"
    r"|(?P<nextweek>\bnext\sweek\b|下个?(?:周|星期)(?![一二三四五六日天]))"
    r"|(?P<thisweek>\bthis\sweek\b|(?:本|这)个?(?:周|星期)(?![一二三四五六日天末]))"
    r"|(?P<nextmonth>\bnext\smonth\b|下个?月(?!\d))|(?P<thismonth>\bthis\smonth\b|(?:本|这个?)月(?![\d底]))"
    rf"|\b(?:(?:in|over|within|during)\s(?:the\s)?(?:next|coming)\s|next\s|for\s(?:the\snext\s)?|within\s)"
    rf"(?P<n>{COUNT})\s(?P<unit>days?|weeks?)\b"
    rf"|(?:未来|接下来|今后|为期)(?P<zn>{COUNT})个?(?P<zunit>天|日|周|星期)"
)
_BEFORE = ("before", "之前", "以前", "前")
_START = ("from", "starting", "start", "starts", "beginning", "since", "as of", "从", "自", "起", "开始")


@dataclass(frozen=True)
class Span:
    """First and last day of a campaign, as far as they were said."""

    starts_on: date | None = None
    ends_on: date | None = None


def read_days(sentence: Sentence, today: date) -> tuple[Span, tuple[str, ...]]:
    """The window that a sentence names, and days in it that are not in the calendar."""
    starts = ends = None
    wrong = []
    for found in sentence.take(_SPAN):
        starts, ends = _span(found, today)
    for found in sentence.take(_POINT):
        try:
            day = _day(found, today)
        except ValueError:
            wrong.append(found.group().strip())
            continue
        said = {
            (found["how"] or "").strip().removesuffix(" on").removesuffix(" at"),
            (found["after"] or "").strip(),
        }
        if said & set(_START):
            starts = day
        elif said == {"on", ""} or said == {"在", ""}:
            starts = ends = day
        else:
            ends = day - timedelta(days=1) if said & set(_BEFORE) else day
    return Span(starts, ends), tuple(wrong)


def _span(found: re.Match[str], today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    if found["weekend"]:
        late = 7 if found["weekend"].startswith(("next", "下")) else 0
        saturday = monday + timedelta(days=5 + late)
        return max(saturday, today), saturday + timedelta(days=1)
    if found["nextweek"]:
        return monday + timedelta(days=7), monday + timedelta(days=13)
    if found["thisweek"]:
        return today, monday + timedelta(days=6)
    if found["nextmonth"]:
        first = _end_of_month(today) + timedelta(days=1)
        return first, _end_of_month(first)
    if found["thismonth"]:
        return today, _end_of_month(today)
    count, unit = number_of(found["n"] or found["zn"]), found["unit"] or found["zunit"]
    days = int(count or 1) * (7 if unit.startswith("week") or unit in ("周", "星期") else 1)
    return today, today + timedelta(days=max(days, 1) - 1)


def _day(found: re.Match[str], today: date) -> date:
    named: Iterator[tuple[str, str]] = ((name, text) for name, text in found.groupdict().items() if text)
    for name, text in named:
        if name in _READ:
            return _READ[name](found, text, today)
    raise ValueError


def _digits(text: str) -> int:
    return int("".join(sign for sign in text if sign.isdigit()))


def _of_month(text: str, year: str | None, today: date) -> date:
    month = next(n for n, name in enumerate(_MONTHS, start=1) if name in text)
    return _next(month, _digits(text), year, today)


def _next(month: int, day: int, year: str | None, today: date) -> date:
    """This year's, or the next one's where it is over."""
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _in_month(day: int, today: date) -> date:
    """The next such day of a month, today included; months without it are passed over."""
    first = today.replace(day=1)
    for _ in range(3):
        if day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
        first = _end_of_month(first) + timedelta(days=1)
    raise ValueError(day)


def _weekday(place: int, next_week: bool, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    if next_week:
        return monday + timedelta(days=7 + place)
    return today + timedelta(days=(place - today.weekday()) % 7)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


_READ: dict[str, Callable[[re.Match[str], str, date], date]] = {
    "iso": lambda found, text, today: date(*map(int, text.split("-"))),
    "dm": lambda found, text, today: _of_month(text, found["y1"], today),
    "md": lambda found, text, today: _of_month(text, found["y2"], today),
    "d": lambda found, text, today: _in_month(_digits(text), today),
    "weekday": lambda found, text, today: _weekday(
        _WEEKDAYS.index(text.split()[-1]), text.startswith("next"), today
    ),
    "eom": lambda found, text, today: _end_of_month(today),
    "eow": lambda found, text, today: _weekday(6, False, today),
    "tomorrow": lambda found, text, today: today + timedelta(days=1),
    "today": lambda found, text, today: today,
    "zm": lambda found, text, today: _next(int(text), int(found["zd"]), found["zy"], today),
    "znm": lambda found, text, today: (_end_of_month(today) + timedelta(days=1)).replace(
        day=int(found["znd"])
    ),
    "zonly": lambda found, text, today: _in_month(int(text), today),
    "zweekday": lambda found, text, today: _weekday(
        _HAN_DAYS.index(text[-1].replace("天", "日")), text.startswith("下"), today
    ),
}
