"""Whether a text seems to name somebody who could then be found.

It warns, it never forbids: about 7 in 100 numbers of ten digits pass the check of an NHS number by
chance, and a telephone number may be a helpline's.
"""

import re
import unicodedata
from enum import StrEnum


class Identifier(StrEnum):
    """What sort of thing could tell who a text is about."""

    NHS_NUMBER = "nhs_number"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"


_GAP = r"[\s.\-\u2010-\u2015]?"
_NHS_NUMBER = re.compile(rf"(?<![\d+])\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)")
_EMAIL = re.compile(r"[\w.+%'\-]+@[\w\-]+(?:\.[\w\-]+)+")
_PHONE = re.compile(rf"(?<![\d])(?:\+\d{{1,3}}|00\d{{2}}|0)(?:{_GAP}\(?\d\)?){{8,12}}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}\b")


def identifiers_in(text: str) -> list[Identifier]:
    """Return the kinds of identifier that ``text`` seems to hold, each once, in a fixed order.

    Digits of any script count as digits.
    """
    plain = _with_plain_digits(text)
    found = {
        Identifier.NHS_NUMBER: any(
            is_nhs_number(match.group()) for match in _NHS_NUMBER.finditer(plain)
        ),
        Identifier.EMAIL: _EMAIL.search(plain) is not None,
        Identifier.PHONE: _PHONE.search(plain) is not None,
        Identifier.POSTCODE: _POSTCODE.search(plain) is not None,
    }
    return [kind for kind, is_there in found.items() if is_there]


def is_nhs_number(text: str) -> bool:
    """Whether the digits in ``text`` are ten and the last is their check digit (modulus 11).

    Source: NHS Data Dictionary, NHS number.
    """
    digits = [int(character) for character in text if character.isdecimal()]
    if len(digits) != 10:
        return False
    rest = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[9] == (0 if rest == 11 else rest)


def _with_plain_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )
