"""The text of a CSV file in blocks of whole lines, as long as a line is a record: until a quote, or a lone return."""

import codecs
import io
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from intake.unpacked import Meter
from intake.verdicts import FileRefused

PIECE = 8_192  # bytes read at once
BLOCK = 131_072  # characters of a block, about


class Plain(NamedTuple):
    """So many lines without quotes, of which the first is the file's ``line``-th; each ends with a line feed."""

    line: int
    text: str
    rows: int

    def columns(self, width: int) -> Sequence[Sequence[str]] | None:
        """The columns of the lines, if each has so many fields."""
        # A line feed as a field of its own shows where each line ends.
        fields = self.text.replace("\n", ",\n,").split(",")
        fields.pop()
        ends = fields[width :: width + 1]
        if len(fields) != self.rows * (width + 1) or ends.count("\n") != self.rows:
            return None
        return [fields[at :: width + 1] for at in range(width)]

    def parts(self, size: int) -> "Iterator[Plain]":
        """The same in blocks of at most ``size`` lines."""
        lines = io.StringIO(self.text, newline="").readlines()
        for at in range(0, len(lines), size):
            some = lines[at : at + size]
            yield Plain(self.line + at, "".join(some), len(some))


class Rest(NamedTuple):
    """All that follows from the file's ``line``-th line on, line by line."""

    line: int
    lines: Iterator[str]


def blocks(meter: Meter) -> Iterator[Plain | Rest]:
    """The blocks of a text, the header's line one of its own, then what has to be read record by record, if anything.

    FileRefused where it cannot be read on, after all the whole lines before that.
    """
    pieces = _pieces(meter)
    line, text, size = 1, "", 0
    try:
        for piece in pieces:
            # A return at the end of what was read before may have been half of a line's end.
            unplain = _unplain(text[-1:] + piece)
            text += piece
            if unplain:
                break
            if "\n" in piece:
                meter.since = len(piece) - piece.rindex("\n") - 1
                if len(text) >= size:
                    end = (text.rindex("\n") if size else text.index("\n")) + 1
                    block, text, size = _plain(line, text[:end]), text[end:], BLOCK
                    line += block.rows
                    yield block
        else:
            if size and text and text[-1] != "\r":
                yield _plain(line, text if text[-1] == "\n" else f"{text}\n")
            elif text:
                yield Rest(line, io.StringIO(text, newline=""))
            return
    except FileRefused as refused:
        block = _plain(line, text[: text.rfind("\n") + 1])
        if block.text:
            yield block
        refused.line = line + block.rows
        raise
    yield Rest(line, _lines(text, pieces))


def _plain(line: int, text: str) -> Plain:
    return Plain(line, text.replace("\r\n", "\n") if "\r" in text else text, text.count("\n"))


def _unplain(text: str) -> bool:
    if "\r" not in text:
        return '"' in text
    lone = text.replace("\r\n", "")
    # A return at the end may be half of a line's end.
    return '"' in text or "\r" in (lone[:-1] if text[-1] == "\r" else lone)


def _pieces(meter: Meter) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    while data := meter.read1(PIECE):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _lines(text: str, pieces: Iterator[str]) -> Iterator[str]:
    for piece in chain([""], pieces):
        text += piece
        # A return at the end may be half of a line's end.
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        yield from io.StringIO(text[:end], newline="")
        text = text[end:]
    yield from io.StringIO(text, newline="")
