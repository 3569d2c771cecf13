"""Cells of a CSV file that no spreadsheet takes for a formula."""

from typing import Final

_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe stands before what begins a formula.

    Numbers stay as they are, so that a score below zero can still be added up.
    """
    return f"'{text}" if text.startswith(_SIGNS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
