"""A statement's text in lines that a person can read, with every digit and letter as it was sent."""

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_DECEIVING: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    number: int
    depth: int
    text: str


def lines_of(text: str, *, deepest: int = 60) -> list[Line]:
    """Return JSON as lines; what turns the direction of writing is shown as its escape.

    Args:
        text: valid JSON.
        deepest: levels beyond this are not moved in any further.
    """
    lines: list[Line] = []
    line, depth = "", 0

    def end() -> None:
        nonlocal line
        if line:
            lines.append(Line(len(lines) + 1, min(depth, deepest), line))
            line = ""

    pieces = _TOKEN.findall(text)
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else ""
        if piece in "{[":
            line += piece
            if after not in ("}", "]"):
                end()
                depth += 1
        elif piece in "}]":
            if place and pieces[place - 1] not in ("{", "["):
                end()
                depth -= 1
            line += piece
        elif piece == ",":
            line += piece
            end()
        else:
            line += ": " if piece == ":" else _DECEIVING.sub(_escape, piece)
    end()
    return lines


def _escape(found: "re.Match[str]") -> str:
    return f"\\u{ord(found[0]):04x}"
