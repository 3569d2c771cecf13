"""Words that may have been meant."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from search.rules.words import WORD, folded

LEAST_LETTERS = 4
MOST_LETTERS_MORE = 4


def meant(beginnings: Sequence[str], texts: Iterable[str]) -> str:
    """Return the question with each word replaced by the nearest word of the texts.

    Empty when nothing is near, or nothing would change. Of words that are as near the first
    counts: give titles before other texts.
    """
    letters = {word[0] for word in beginnings}
    known: dict[str, str] = {}
    for text in texts:
        for match in WORD.finditer(text):
            word = match.group()
            if len(word) >= LEAST_LETTERS and folded(word[0]) in letters:
                known.setdefault(folded(word), word.lower())
    words = [_nearest(word, known) for word in beginnings]
    return " ".join(words) if words != list(beginnings) else ""


def _nearest(word: str, known: dict[str, str]) -> str:
    if len(word) < LEAST_LETTERS or any(one.startswith(word) for one in known):
        return word
    near = get_close_matches(word, _alike_long(word, known), n=1, cutoff=0.75)
    return known[near[0]] if near else word


def _alike_long(word: str, known: Iterable[str]) -> list[str]:
    """Return those that could be near at all: the comparison is slow."""
    return [
        one for one in known if one[0] == word[0] and abs(len(one) - len(word)) <= MOST_LETTERS_MORE
    ]
