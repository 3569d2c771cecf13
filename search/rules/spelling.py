"""Words that may have been meant."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from search.rules.words import WORD, folded

LEAST_LETTERS = 4


def meant(beginnings: Sequence[str], titles: Iterable[str]) -> str:
    """Return the question with each word replaced by the nearest word of the titles.

    Empty when nothing is near, or nothing would change.
    """
    known: dict[str, str] = {}
    for title in titles:
        for match in WORD.finditer(title):
            known.setdefault(folded(match.group()), match.group().lower())
    words = [_nearest(word, known) for word in beginnings]
    return " ".join(words) if words != list(beginnings) else ""


def _nearest(word: str, known: dict[str, str]) -> str:
    if len(word) < LEAST_LETTERS or any(one.startswith(word) for one in known):
        return word
    near = get_close_matches(word, known, n=1, cutoff=0.75)
    return known[near[0]] if near else word
