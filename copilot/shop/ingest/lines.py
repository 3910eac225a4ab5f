"""The physical lines of a text file: counted, never endless, and given back when a record was broken."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from pathlib import Path
from typing import TextIO

from copilot.errors import InvalidInput

__all__ = ["Lines", "check_text"]

LONGEST_LINE = 1_000_000


class Lines:
    """Iterates over lines; `number` is how many were taken, `taken` those since it was last cleared."""

    def __init__(self, file: TextIO) -> None:
        self._readline = file.readline
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        """The next line.

        Raises:
            csv.Error: it is longer than any row could be; the rest of it is skipped.
        """
        line = self._next()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if _cut(line):
            while _cut(self._readline(LONGEST_LINE)):
                pass
            raise csv.Error(f"a line longer than {LONGEST_LINE} characters")
        return line

    def _next(self) -> str:
        return self._again.popleft() if self._again else self._readline(LONGEST_LINE)

    def take(self, count: int) -> list[str]:
        """Up to `count` lines at once. Stops before a line that is too long, so that it comes alone."""
        lines: list[str] = []
        while len(lines) < count and (line := self._next()):
            if _cut(line) and lines:
                self._again.appendleft(line)
                break
            lines.append(line)
            if _cut(line):
                break
        self.number += len(lines)
        return lines

    def give_back(self, lines: list[str]) -> None:
        """Have these lines, the last ones taken, come again."""
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)


def _cut(line: str) -> bool:
    return len(line) >= LONGEST_LINE and line[-1] not in "\r\n"


def check_text(path: Path) -> None:
    """Read the file once to see that all of it is UTF-8 text, before anything of it is used.

    Raises:
        InvalidInput: another encoding.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if done == 0 and block[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                raise _not_utf8(path, "UTF-16 text")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                raise _not_utf8(
                    path, f"a byte that is not UTF-8 near position {done + error.start}"
                ) from None
            done += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _not_utf8(path, "a file that ends inside a character") from None


def _not_utf8(path: Path, received: str) -> InvalidInput:
    advice = "UTF-8 text; save it again with the encoding UTF-8 (in a spreadsheet: CSV UTF-8)"
    return InvalidInput("encoding", advice, received, where=path.name)
