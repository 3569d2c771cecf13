"""ETags: two writers of one document, and neither undoes the other unseen."""

import hashlib
import re
from typing import Final

_ETAG: Final = re.compile(r'(?:W/)?"([^"]*)"')


def etag_of(content: bytes) -> str:
    """Return the entity tag of a document, in its quotes."""
    return f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'


def _tags(header: str) -> list[str]:
    quoted = _ETAG.findall(header)
    return quoted or [part.strip() for part in header.split(",") if part.strip()]


def preconditions_hold(
    *, etag: str | None, if_match: str | None, if_none_match: str | None
) -> bool:
    """Return whether a write may go ahead.

    Args:
        etag: of the document as it is, in quotes; None where there is none.
        if_match: the header, as sent.
        if_none_match: the header, as sent.
    """
    bare = None if etag is None else etag.strip('"')
    if if_match is not None:
        tags = _tags(if_match)
        if bare is None or ("*" not in tags and bare not in tags):
            return False
    if if_none_match is not None:
        tags = _tags(if_none_match)
        if bare is not None and ("*" in tags or bare in tags):
            return False
    return True
