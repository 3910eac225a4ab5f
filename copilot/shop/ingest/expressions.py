"""The small language of header maps: how one of our columns is made of theirs. Parsed, never evaluated.

    Lineitem price                            the column of that name
    {constant: email}                         the same text in every row
    {first: [Lineitem sku, Lineitem name]}    the first that is not empty, row by row
    {either: [Email, E-Mail]}                 the first that the file has at all
    {multiply: [Price, Quantity]}             also divide, add, subtract; operands are columns or numbers
    {date: Bestelldatum, format: "%d.%m.%Y"}  a date written another way
    {strip_prefix: Order, prefix: "#"}
    {values: Status, map: {yes: 1, no: 0}, default: ""}
    {split: Categories, by: ",", take: 0}     one part of a text
    {plain: Body (HTML)}                      text without its markup
    {decimal_comma: Preis}                    1.234,50 as 1234.50

Wherever a column is named, an expression may stand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, DecimalException
from typing import Any

from copilot.errors import InvalidInput
from copilot.shop.ingest.headers import normal

__all__ = ["Expression", "parse_expression"]

Columns = Mapping[str, Sequence[str]]

_TAG = re.compile(r"<[^<>]{0,2000}>")
_GAP = re.compile(r"\s+")
_COMMA_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)
_DEEPEST = 10


@dataclass(frozen=True)
class Expression:
    """Whether a file with certain columns has what it takes, the values it gives, the columns it reads."""

    available: Callable[[set[str]], bool]
    values: Callable[[Columns, int], Sequence[str]]
    reads: frozenset[str] = frozenset()


def parse_expression(data: Any, *, where: str, depth: int = 0) -> Expression:
    """Turn a part of a map into an expression.

    Raises:
        InvalidInput: no column name and no known operation.
    """
    if depth > _DEEPEST:
        raise InvalidInput("columns", f"expressions at most {_DEEPEST} deep", "a deeper one", where=where)
    if isinstance(data, str):
        return _column(data)
    if not isinstance(data, Mapping) or not data:
        raise InvalidInput(
            "columns", "the name of a column, or an operation such as {first: [A, B]}", data, where=where
        )
    # The order of keys in YAML says nothing: the operation is the key that is one.
    known = ["constant", *_LISTS, *_SINGLES]
    operation = next((str(name) for name in data if name in known), str(next(iter(data))))
    operand = data.get(operation)
    options = {str(name): value for name, value in data.items() if name != operation}

    def parse(part: Any) -> Expression:
        return parse_expression(part, where=where, depth=depth + 1)

    if operation == "constant":
        text = _scalar(operand)
        return Expression(lambda _: True, lambda _, rows: [text] * rows)
    if operation in _LISTS:
        if not isinstance(operand, list) or not operand:
            raise InvalidInput(operation, "a list of columns", operand, where=where)
        return _LISTS[operation]([_operand(part, parse) for part in operand])
    if operation in _SINGLES:
        make, names = _SINGLES[operation]
        if set(options) - set(names):
            unknown = ", ".join(sorted(set(options) - set(names)))
            raise InvalidInput(
                operation, f"only the options {', '.join(names) or '(none)'}", unknown, where=where
            )
        try:
            convert = make(**options)
        except (TypeError, ValueError) as error:
            raise InvalidInput(
                operation, f"the options {', '.join(names)}", str(error), where=where
            ) from None
        return _each(parse(operand), convert)
    raise InvalidInput("columns", f"one of the operations {', '.join(known)}", operation, where=where)


def _column(name: str) -> Expression:
    key = normal(name)
    return Expression(
        lambda have: key in have, lambda columns, rows: columns.get(key, [""] * rows), frozenset((key,))
    )


def _operand(part: Any, parse: Callable[[Any], Expression]) -> Expression:
    if isinstance(part, int | float) and not isinstance(part, bool):
        text = str(part)
        return Expression(lambda _: True, lambda _, rows: [text] * rows)
    return parse(part)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _first(parts: list[Expression]) -> Expression:
    def values(columns: Columns, rows: int) -> Sequence[str]:
        table = zip(*(part.values(columns, rows) for part in parts), strict=True)
        return [next((value for value in row if value and not value.isspace()), "") for row in table]

    return Expression(lambda have: any(part.available(have) for part in parts), values, _reads(parts))


def _either(parts: list[Expression]) -> Expression:
    def values(columns: Columns, rows: int) -> Sequence[str]:
        have = set(columns)
        chosen = next((part for part in parts if part.available(have)), parts[0])
        return chosen.values(columns, rows)

    return Expression(lambda have: any(part.available(have) for part in parts), values, _reads(parts))


def _arithmetic(sign: str, work: Callable[[Decimal, Decimal], Decimal], empty: str | None) -> Any:
    """`empty` is what an empty cell counts as; None: then there is no result."""

    def make(parts: list[Expression]) -> Expression:
        def one(row: Sequence[str]) -> str:
            cells = [cell.strip() for cell in row]
            if not any(cells) or (empty is None and not all(cells)):
                return ""
            try:
                total = Decimal(cells[0] or empty or "")
                for cell in cells[1:]:
                    total = work(total, Decimal(cell or empty or ""))
            except (DecimalException, ZeroDivisionError):
                # Not a number: the text itself tells the reader of the rejects what went wrong.
                return f" {sign} ".join(cells)
            return format(total, "f") if total.is_finite() and abs(total.adjusted()) < 30 else str(total)

        def values(columns: Columns, rows: int) -> Sequence[str]:
            return list(map(one, zip(*(part.values(columns, rows) for part in parts), strict=True)))

        return Expression(lambda have: all(part.available(have) for part in parts), values, _reads(parts))

    return make


def _each(inner: Expression, convert: Callable[[str], str]) -> Expression:
    def values(columns: Columns, rows: int) -> Sequence[str]:
        texts = inner.values(columns, rows)
        made = {text: convert(text.strip()) if text.strip() else convert("") for text in set(texts)}
        return [made[text] for text in texts]

    return Expression(inner.available, values, inner.reads)


def _reads(parts: list[Expression]) -> frozenset[str]:
    return frozenset().union(*(part.reads for part in parts))


def _date(format: str) -> Callable[[str], str]:  # noqa: A002 (the name is the map's)
    datetime(2000, 1, 1).strftime(format)

    def convert(text: str) -> str:
        try:
            return datetime.strptime(text, format).isoformat()
        except ValueError:
            return text

    return convert


def _strip_prefix(prefix: str) -> Callable[[str], str]:
    return lambda text: text.removeprefix(str(prefix))


def _values(map: Mapping[Any, Any], default: Any = None) -> Callable[[str], str]:  # noqa: A002
    known = {_scalar(name).casefold(): _scalar(value) for name, value in map.items()}
    # YAML reads a bare yes or no as true or false: both spellings are meant.
    known |= {"yes": known["1"]} if True in map and "1" in known else {}
    known |= {"no": known["0"]} if False in map and "0" in known else {}
    known |= {"true": known["1"]} if True in map and "1" in known else {}
    known |= {"false": known["0"]} if False in map and "0" in known else {}

    def convert(text: str) -> str:
        return known.get(text.casefold(), text if default is None else _scalar(default))

    return convert


def _split(by: str, take: int = 0) -> Callable[[str], str]:
    if not by or not isinstance(by, str) or not isinstance(take, int):
        raise ValueError("by: a text, take: a whole number")

    def convert(text: str) -> str:
        parts = text.split(by)
        return parts[take].strip() if -len(parts) <= take < len(parts) else ""

    return convert


def _plain() -> Callable[[str], str]:
    return lambda text: _GAP.sub(" ", html.unescape(_TAG.sub(" ", text))).strip()


def _decimal_comma() -> Callable[[str], str]:
    def convert(text: str) -> str:
        return text.replace(".", "").replace(",", ".") if _COMMA_NUMBER.fullmatch(text) else text

    return convert


_LISTS: dict[str, Callable[[list[Expression]], Expression]] = {
    "first": _first,
    "either": _either,
    "multiply": _arithmetic("*", lambda a, b: a * b, None),
    "divide": _arithmetic("/", lambda a, b: a / b, None),
    "add": _arithmetic("+", lambda a, b: a + b, "0"),
    "subtract": _arithmetic("-", lambda a, b: a - b, "0"),
}
_SINGLES: dict[str, tuple[Callable[..., Callable[[str], str]], tuple[str, ...]]] = {
    "date": (_date, ("format",)),
    "strip_prefix": (_strip_prefix, ("prefix",)),
    "values": (_values, ("map", "default")),
    "split": (_split, ("by", "take")),
    "plain": (_plain, ()),
    "decimal_comma": (_decimal_comma, ()),
}
