"""From what somebody typed, or wrote, to the words that are compared.

Words are compared without case, accents, vowel signs or other marks; an Arabic letter that is
written in several ways counts as one. What is typed matches the beginning of a word, so that
``navigat`` finds navigators.
"""

import re
import unicodedata

MOST_WORDS = 10
NO_WORD = "qxzjqxzjqxzj"

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
WORD = re.compile(rf"[\w{_MARKS}]+")
_NOT_WORD = re.compile(r"\W+")
_ALIKE = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "_": " ", "ß": "ss", "ø": "o", "ł": "l"})
_HISSING = ("ses", "xes", "zes", "ches", "shes")


def folded(word: str) -> str:
    """Return a word without what does not count when words are compared."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    plain = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in apart
        if not unicodedata.combining(character)
    )
    return _NOT_WORD.sub(" ", plain.translate(_ALIKE)).strip()


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order, as they are compared."""
    found = " ".join(folded(match.group()) for match in WORD.finditer(text))
    return found.split()


def beginnings_of(text: str) -> list[str]:
    """Return what the words of a question must begin with: each once, at most ten.

    An English plural loses its ending. A single letter counts only when there is nothing else.
    """
    words = list(dict.fromkeys(words_of(text)))
    longer = [word for word in words if len(word) > 1]
    return list(dict.fromkeys(_singular(word) for word in (longer or words)))[:MOST_WORDS]


def is_enough(beginnings: list[str]) -> bool:
    """Whether there is enough to look for: more than one letter or digit in all."""
    return len("".join(beginnings)) > 1


def words_asked_for(text: str) -> list[str]:
    """Return `beginnings_of`, or a word that nobody writes when there are no words at all."""
    return beginnings_of(text) or [NO_WORD]


def _singular(word: str) -> str:
    if len(word) < 5 or not word.isascii() or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3]
    if word.endswith(_HISSING):
        return word[:-2]
    return word[:-1]
