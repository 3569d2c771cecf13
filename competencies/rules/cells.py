"""Cells of a CSV file that no spreadsheet takes for a formula, and back again."""

import re

_BEGINS_A_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_BULLET = re.compile(r"- [^\W\d_]")
_CALLS_SOMETHING = re.compile(r"[|!]|[\w.]\(")


def harmless(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet could run it.

    A list in prose ("- how common it is") stays as it is: without a function's bracket, a pipe or
    an exclamation mark there is nothing it could call, link to or start.
    """
    is_prose = _BULLET.match(text) is not None and _CALLS_SOMETHING.search(text) is None
    return text if is_prose or not _BEGINS_A_FORMULA.match(text) else f"'{text}"


def as_meant(cell: str) -> str:
    """Return the text that `harmless` made the cell of."""
    return cell[1:] if cell.startswith("'") and _BEGINS_A_FORMULA.match(cell[1:]) else cell
