"""The small formats the standard builds on: IRIs, identifiers, language tags, media types."""

import re
from typing import Final

_NOT_IN_IRI: Final = r"\x00-\x20\x7f-\x9f\ud800-\udfff<>\"{}|\\^`"
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://)?[^/?#{_NOT_IN_IRI}][^{_NOT_IN_IRI}]*")
_ROOTED = re.compile(rf"(?!https?:)[A-Za-z][A-Za-z0-9+.\-]*:[/?#][^{_NOT_IN_IRI}]+", re.IGNORECASE)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_MAILTO = re.compile(
    rf"mailto:[^@,;:?#()\[\]{_NOT_IN_IRI}]+@[^@,;:?#()\[\]/{_NOT_IN_IRI}]+", re.IGNORECASE
)
_NOT_TEXT = re.compile("[\\x00\\ud800-\\udfff]")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_SHA2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")
_WORD = r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+"
_MEDIA_TYPE = re.compile(
    rf"{_WORD}/{_WORD}(?:[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|\"[^\"\r\n]*\"))*[ \t]*;?"
)

# RFC 5646, section 2.1: the order of subtags by their length and kind.
_LANGUAGE = re.compile(
    r"""
    (?: [a-z]{2,3} (?:-[a-z]{3}){0,3} | [a-z]{4} | [a-z]{5,8} )  # language, extended language
    (?: -[a-z]{4} )?                                              # script
    (?: -(?:[a-z]{2}|[0-9]{3}) )?                                 # region
    (?: -(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}) )*                    # variants
    (?: -[0-9a-wy-z](?:-[a-z0-9]{2,8})+ )*                        # extensions
    (?: -x(?:-[a-z0-9]{1,8})+ )?                                  # private use
    | x(?:-[a-z0-9]{1,8})+
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_OLD_LANGUAGES = re.compile(
    r"en-GB-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    r"|sgn-(?:BE-FR|BE-NL|CH-DE)|art-lojban|cel-gaulish|no-(?:bok|nyn)"
    r"|zh-(?:guoyu|hakka|min|min-nan|xiang)",
    re.IGNORECASE,
)

_LONGEST_TO_REMEMBER: Final = 300
_MOST_TO_REMEMBER: Final = 20_000
_known_iris: set[str] = set()
_known_languages: set[str] = set()


def _remember(known: set[str], value: str) -> None:
    # Statements repeat their vocabulary; a bounded memory of what was good halves the checking.
    if len(value) <= _LONGEST_TO_REMEMBER:
        if len(known) >= _MOST_TO_REMEMBER:
            known.clear()
        known.add(value)


def is_iri(value: str) -> bool:
    """Return whether the text is an absolute IRI (RFC 3987): a scheme, and no stray characters."""
    if value in _known_iris:
        return True
    if _IRI.fullmatch(value) is None and _ROOTED.fullmatch(value) is None:
        return False
    if "%" in value and _BAD_PERCENT.search(value):
        return False
    _remember(_known_iris, value)
    return True


def is_language_tag(value: str) -> bool:
    """Return whether the text is a language tag of RFC 5646, judged by the lengths of its parts."""
    if value in _known_languages:
        return True
    if _LANGUAGE.fullmatch(value) is None and _OLD_LANGUAGES.fullmatch(value) is None:
        return False
    _remember(_known_languages, value)
    return True


def is_uuid(value: str) -> bool:
    """Return whether the text is a UUID in its standard form, in either case."""
    return _UUID.fullmatch(value) is not None


def is_mailto(value: str) -> bool:
    """Return whether the text is ``mailto:`` and one plain address."""
    return len(value) <= 2000 and _MAILTO.fullmatch(value) is not None


def is_plain_text(value: str) -> bool:
    """Return whether every database can keep the text: no null, no half of a character."""
    return _NOT_TEXT.search(value) is None


def is_sha1(value: str) -> bool:
    """Return whether the text is a SHA-1 sum in hexadecimal."""
    return _SHA1.fullmatch(value) is not None


def is_sha2(value: str) -> bool:
    """Return whether the text is a SHA-224, -256, -384 or -512 sum in hexadecimal."""
    return _SHA2.fullmatch(value) is not None


def is_media_type(value: str) -> bool:
    """Return whether the text is an Internet media type (RFC 2046)."""
    return len(value) <= 1000 and _MEDIA_TYPE.fullmatch(value) is not None


def is_utf8(data: bytes) -> bool:
    """Return whether the bytes are text in UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
