"""What the filters leave, as a file that is sent while it is read."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

import orjson
from django.http import HttpResponseBase

from lrs.queries import identifier_of
from lrs.rules.cells import harmless
from lrs.rules.wording import telling
from lrs.views.looking import my_languages, note_look
from lrs.views.stores import Store
from organisations.enums import PageSeen

_Answer = TypeVar("_Answer", bound=HttpResponseBase)
_CSV_HEAD: Final = (
    "id",
    "stored",
    "timestamp",
    "actor",
    "actor identifier",
    "verb",
    "verb IRI",
    "object",
    "object IRI",
    "success",
    "completion",
    "score scaled",
    "registration",
)


def noted(store: Store, pages: Iterable[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    """Return the pages as they come, and tell who was shown, each actor once a file."""
    told: set[str] = set()
    for page in pages:
        fresh = [one for one in page if identifier_of(one["actor"]) not in told]
        told.update(filter(None, (identifier_of(one["actor"]) for one in fresh)))
        note_look(store, fresh, PageSeen.STORE_STATEMENTS_FILE)
        yield page


def json_lines(pages: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    """Return one array of statements, piece by piece."""
    before = b"[\n"
    for page in pages:
        for one in page:
            yield before + orjson.dumps(one)
            before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def csv_lines(pages: Iterable[list[dict[str, Any]]]) -> Iterator[str]:
    """Return a table of statements, a line a piece, the heads first."""
    yield _csv_line(_CSV_HEAD)
    languages = my_languages()
    for page in pages:
        for one in page:
            told, result = telling(one, languages), one.get("result") or {}
            yield _csv_line(
                (
                    told.id,
                    one["stored"],
                    told.timestamp,
                    told.who.name,
                    told.who.identifier,
                    told.verb.text,
                    told.verb_iri,
                    told.what.words.text,
                    told.what.iri,
                    result.get("success", ""),
                    result.get("completion", ""),
                    (result.get("score") or {}).get("scaled", ""),
                    (one.get("context") or {}).get("registration", ""),
                )
            )


def _csv_line(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(harmless(str(value)) for value in values)
    return line.getvalue()


def as_file(answer: _Answer, name: str) -> _Answer:
    """Return the answer as something to keep, which no browser shows or runs."""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
