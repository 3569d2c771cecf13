"""Showing where in a text the words are that were looked for."""

import html
from collections.abc import Sequence

from search.rules.words import WORD, folded

SNIPPET_CHARACTERS = 240


def marked(text: str, beginnings: Sequence[str]) -> str:
    """Return a text as safe HTML, with ``<mark>`` round every word that begins as asked for."""
    made: list[str] = []
    done = 0
    for match in WORD.finditer(text):
        if _fits(match.group(), beginnings):
            made.append(html.escape(text[done : match.start()]))
            made.append(f"<mark>{html.escape(match.group())}</mark>")
            done = match.end()
    made.append(html.escape(text[done:]))
    return "".join(made)


def snippet(text: str, beginnings: Sequence[str], *, longest: int = SNIPPET_CHARACTERS) -> str:
    """Return the part of a text round the first match, on whole words, as plain text.

    The beginning of the text when nothing in it matches. A text that was cut has ``…`` there.
    """
    whole = " ".join(text.split())
    if len(whole) <= longest:
        return whole
    first = next(
        (match.start() for match in WORD.finditer(whole) if _fits(match.group(), beginnings)), 0
    )
    start = 0
    if first > longest // 3:
        start = whole.rfind(" ", 0, first - longest // 3) + 1
    end = len(whole)
    if start + longest < end:
        end = whole.rfind(" ", start, start + longest)
        end = end if end > start else start + longest
    return f"{'… ' if start else ''}{whole[start:end]}{' …' if end < len(whole) else ''}"


def holds_any(text: str, beginnings: Sequence[str]) -> bool:
    """Whether any word of a text begins as asked for."""
    return any(_fits(match.group(), beginnings) for match in WORD.finditer(text))


def _fits(word: str, beginnings: Sequence[str]) -> bool:
    plain = folded(word)
    return any(part.startswith(tuple(beginnings)) for part in plain.split() or [""])
