"""Finding a text in whatever case it is written, the same on every database."""

import json
import re
from typing import Final

from django.db.models import Q

_OWN_CASE_ONLY: Final = re.compile(r"[^\x00-\x7f]")


def with_text(field: str, text: str) -> Q:
    """Return which rows have a text somewhere in a field, in whatever case."""
    return Q(**{f"{field}__icontains": text}) if text.isascii() else _by_pattern(field, text)


def with_whole(field: str, text: str) -> Q:
    """Return which rows have a text as the whole of a field, in whatever case."""
    if text.isascii():
        return Q(**{f"{field}__iexact": text})
    return _by_pattern(field, text, r"\A", r"\Z")


def _by_pattern(field: str, text: str, start: str = "", end: str = "") -> Q:
    """SQLite folds the letters of ASCII only, PostgreSQL those of its locale: we say them all, as JSON escapes them too."""
    pattern = _OWN_CASE_ONLY.sub(lambda letter: _cases_of(letter[0]), re.escape(text))
    return Q(**{f"{field}__iregex": f"{start}{pattern}{end}"})


def _cases_of(letter: str) -> str:
    cases = {letter, letter.lower(), letter.upper(), letter.title()}
    in_json = {json.dumps(case)[1:-1] for case in cases}
    return f"(?:{'|'.join(sorted(re.escape(case) for case in cases | in_json))})"
