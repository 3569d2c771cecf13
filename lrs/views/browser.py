"""The statement browser: a list with filters, one statement, its attachments, and files of it all."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.forms.filters import StatementFilterForm, end_of, start_of
from lrs.models import Credential
from lrs.queries import Filters, authority_of, identifier_of, key_of_identifier
from lrs.queries.browsing import (
    attachment_of,
    browse,
    statement_details,
    statements_for_file,
)
from lrs.queries.seen import (
    Choice,
    activities_like,
    actor_named,
    actors_like,
    verbs_seen,
)
from lrs.rules.formats import is_iri
from lrs.rules.identity import account_identifier
from lrs.rules.json_lines import lines_of
from lrs.rules.paging import Position, read_token, write_token
from lrs.rules.wording import plain, telling
from lrs.views.looking import my_languages, note_look, shown, statement_href
from lrs.views.stores import Store, readable_store, store_page
from organisations.enums import PageSeen

_Answer = TypeVar("_Answer", bound=HttpResponseBase)
A_PAGE: Final = 25
_KINDS: Final = ("mbox::", "account::", "mbox_sha1sum::", "openid::")
_NAMES: Final = ("who", "verb", "activity", "outcome", "since", "until", "registration", "key")
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


@dataclass
class Asked:
    """What the filters of a request ask for, and what is still to be chosen."""

    form: StatementFilterForm
    filters: Filters = field(default_factory=Filters)
    success: bool | None = None
    choices: list[tuple[str, list[Choice]]] = field(default_factory=list)
    """Where a word could mean several: the field's name, and what it could mean."""
    unknown: list[str] = field(default_factory=list)
    """Fields whose word was found nowhere in the store."""
    actor: Choice | None = None

    @property
    def is_settled(self) -> bool:
        """Whether there is a list to show."""
        return self.form.is_valid() and not self.choices and not self.unknown


@never_cache
@require_safe
@login_required
def statements(request: HttpRequest, store: str) -> HttpResponse:
    """What is in a store, newest first, narrowed down by filters."""
    kept = readable_store(request, store)
    asked = _asked(request, kept)
    found, more = [], ""
    looked_through = 0
    if asked.is_settled:
        page = browse(
            tenant=kept.tenant,
            filters=asked.filters,
            success=asked.success,
            limit=A_PAGE,
            after=_position(request),
        )
        found, looked_through = page.statements, page.looked_through
        if page.more is not None:
            more = _address(request, after=write_token({}, page.more))
    answer = store_page(
        request,
        "lrs/statements.html",
        kept,
        {
            "asked": asked,
            "form": asked.form,
            "choices": _choices(request, asked),
            "shown": shown(kept, found, my_languages()),
            "more": more,
            "newest": _address(request, after=None) if "after" in request.GET else "",
            "looked_through": looked_through if asked.success is not None else 0,
            "filters": urlencode({n: request.GET[n] for n in _NAMES if request.GET.get(n)}),
            "now": timezone.now(),
        },
    )
    extra = [asked.actor.value] if asked.actor else []
    extra += [one.value for name, found_ in asked.choices if name == "who" for one in found_]
    note_look(kept, found, PageSeen.STORE_STATEMENTS, more=extra)
    return answer


@never_cache
@require_safe
@login_required
def statement(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """One statement: as a sentence, as it was sent, and what hangs together with it."""
    kept = readable_store(request, store)
    details = statement_details(tenant=kept.tenant, statement_id=uuid)
    if details is None:
        raise Http404
    around = {
        name: [(one, statement_href(kept, one)) for one in ids]
        for name, ids in (
            ("voided_by", details.voided_by),
            ("refers_to", details.refers_to),
            ("referred_by", details.referred_by),
        )
    }
    answer = store_page(
        request,
        "lrs/statement.html",
        kept,
        {
            "details": details,
            "one": shown(kept, [details.statement], my_languages())[0],
            "lines": lines_of(details.payload),
            "around": around,
            "attachments": [
                {
                    "name": plain(next(iter((a.declared.get("display") or {}).values()), "")),
                    "type": plain(a.declared.get("contentType", "")),
                    "length": a.declared.get("length"),
                    "sha2": a.sha2,
                    "is_held": a.is_held,
                }
                for a in details.attachments
            ],
            "now": timezone.now(),
        },
    )
    note_look(kept, [details.statement], PageSeen.STORE_STATEMENT)
    return answer


@never_cache
@require_safe
@login_required
def statement_json(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """One statement as a file, letter by letter as it was sent."""
    kept = readable_store(request, store)
    details = statement_details(tenant=kept.tenant, statement_id=uuid)
    if details is None:
        raise Http404
    note_look(kept, [details.statement], PageSeen.STORE_STATEMENT)
    return _as_file(
        HttpResponse(details.payload.encode(), content_type="application/json"), f"{uuid}.json"
    )


@never_cache
@require_safe
@login_required
def attachment(request: HttpRequest, store: str, uuid: UUID, sha2: str) -> HttpResponse:
    """The content of an attachment, always as a file and never as a page."""
    kept = readable_store(request, store)
    content = attachment_of(tenant=kept.tenant, statement_id=uuid, sha2=sha2.lower())
    details = statement_details(tenant=kept.tenant, statement_id=uuid)
    if content is None or details is None:
        raise Http404
    note_look(kept, [details.statement], PageSeen.STORE_STATEMENT)
    return _as_file(
        HttpResponse(content, content_type="application/octet-stream"), f"{sha2[:16]}.bin"
    )


@never_cache
@require_safe
@login_required
def download(request: HttpRequest, store: str, kind: str) -> HttpResponseBase:
    """Everything that the filters leave, as CSV or JSON, sent while it is read."""
    kept = readable_store(request, store)
    asked = _asked(request, kept)
    if not asked.is_settled:
        raise Http404
    pages = statements_for_file(tenant=kept.tenant, filters=asked.filters, success=asked.success)
    write = _csv_lines if kind == "csv" else _json_lines
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    return _as_file(
        StreamingHttpResponse(write(_noted(kept, pages)), content_type=types[kind]),
        f"statements.{kind}",
    )


def _noted(store: Store, pages: Iterable[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    told: set[str] = set()
    for page in pages:
        fresh = [one for one in page if identifier_of(one["actor"]) not in told]
        told.update(filter(None, (identifier_of(one["actor"]) for one in fresh)))
        note_look(store, fresh, PageSeen.STORE_STATEMENTS_FILE)
        yield page


def _json_lines(pages: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    before = b"[\n"
    for page in pages:
        for one in page:
            yield before + orjson.dumps(one)
            before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _csv_lines(pages: Iterable[list[dict[str, Any]]]) -> Iterator[str]:
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
    """Return a line in which no cell is a formula."""
    texts = [str(value) for value in values]
    line = io.StringIO()
    csv.writer(line).writerow(
        f"'{text}"
        if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text)
        else text
        for text in texts
    )
    return line.getvalue()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_file(answer: _Answer, name: str) -> _Answer:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _asked(request: HttpRequest, store: Store) -> Asked:
    verbs = [
        (seen.iri, f"{seen.words.text} ({seen.statements:,})")
        for seen in verbs_seen(tenant=store.tenant, languages=my_languages())
    ]
    keys = list(
        Credential.objects.filter(tenant=store.tenant, parent__isnull=True).order_by("pk")[:200]
    )
    names = [(str(one.uuid), one.label or one.key) for one in keys]
    asked = Asked(StatementFilterForm(request.GET, verbs=verbs, keys=names))
    if not asked.form.is_valid():
        return asked
    said = asked.form.cleaned_data
    key = next((one for one in keys if str(one.uuid) == said["key"]), None)
    authority = identifier_of(authority_of(key)) if key else None
    asked.filters = Filters(
        verb=said["verb"] or None,
        registration=said["registration"] or None,
        since=start_of(said["since"]) if said["since"] else None,
        until=end_of(said["until"]) if said["until"] else None,
        authority_key=key_of_identifier(authority) if authority else None,
    )
    asked.success = {"yes": True, "no": False}.get(said["outcome"])
    _settle_who(asked, store, said["who"].strip())
    _settle_activity(asked, store, said["activity"].strip())
    return asked


def _settle_who(asked: Asked, store: Store, text: str) -> None:
    if not text:
        return
    identifier = _identifier_in(text)
    if identifier is None:
        found = actors_like(tenant=store.tenant, text=text)
        if len(found) != 1:
            asked.choices += [("who", found)] if found else []
            asked.unknown += [] if found else ["who"]
            return
        identifier = found[0].value
    asked.actor = actor_named(tenant=store.tenant, identifier=identifier)
    asked.filters = replace(asked.filters, agent=identifier)


def _identifier_in(text: str) -> str | None:
    """Return the identifier that someone typed; None if it is some other word."""
    if text.startswith(_KINDS):
        return text
    local, at, domain = text.removeprefix("mailto:").rpartition("@")
    if at and local and "." in domain and " " not in text:
        return f"mbox::mailto:{local}@{domain.lower()}"
    home_page, bar, name = text.partition("|")
    if bar and is_iri(home_page):
        return account_identifier(home_page=home_page, name=name)
    return None


def _settle_activity(asked: Asked, store: Store, text: str) -> None:
    if not text:
        return
    iri: str | None = text if is_iri(text) else None
    if iri is None:
        found = activities_like(tenant=store.tenant, text=text, languages=my_languages())
        if len(found) != 1:
            asked.choices += [("activity", found)] if found else []
            asked.unknown += [] if found else ["activity"]
            return
        iri = found[0].value
    asked.filters = replace(asked.filters, activity=iri, related_activities=True)


def _choices(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    titles = {"who": _("Who do you mean?"), "activity": _("Which one do you mean?")}
    return [
        {
            "title": titles[name],
            "links": [
                {"choice": one, "href": _address(request, **{name: one.value})} for one in found
            ],
        }
        for name, found in asked.choices
    ]


def _address(request: HttpRequest, **changed: str | None) -> str:
    kept: dict[str, str | None] = {
        name: request.GET[name] for name in _NAMES if request.GET.get(name)
    }
    kept.update(changed)
    query = {name: value for name, value in kept.items() if value}
    return f"{request.path}?{urlencode(query, errors='surrogatepass')}"


def _position(request: HttpRequest) -> Position | None:
    token = request.GET.get("after")
    if not token:
        return None
    try:
        return read_token(token)[1]
    except ValueError as error:
        raise Http404 from error
