"""A list with filters, one statement, its attachments, and files of it all."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.queries.browsing import attachment_of, browse, statement_details, statements_for_file
from lrs.rules.json_lines import lines_of
from lrs.rules.paging import write_token
from lrs.rules.wording import plain
from lrs.views.browser.asking import NAMES, address_of, asked_of, choices_of, position_of, said_in
from lrs.views.browser.files import as_file, csv_lines, json_lines, noted
from lrs.views.looking import my_languages, note_look, shown, statement_href
from lrs.views.stores import readable_store, store_page
from organisations.enums import PageSeen

A_PAGE: Final = 25


@never_cache
@require_safe
@login_required
def statements(request: HttpRequest, store: str) -> HttpResponse:
    """What is in a store, newest first, narrowed down by filters."""
    kept = readable_store(request, store)
    asked = asked_of(request, kept)
    found, more = [], ""
    looked_through = 0
    if asked.is_settled:
        page = browse(
            tenant=kept.tenant,
            filters=asked.filters,
            success=asked.success,
            limit=A_PAGE,
            after=position_of(request),
        )
        found, looked_through = page.statements, page.looked_through
        if page.more is not None:
            more = address_of(request, after=write_token({}, page.more))
    answer = store_page(
        request,
        "lrs/statements.html",
        kept,
        {
            "asked": asked,
            "form": asked.form,
            "choices": choices_of(request, asked),
            "said": said_in(request, asked),
            "shown": shown(kept, found, my_languages()),
            "more": more,
            "newest": address_of(request, after=None) if "after" in request.GET else "",
            "looked_through": looked_through if asked.success is not None else 0,
            "filters": urlencode({n: request.GET[n] for n in NAMES if request.GET.get(n)}),
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
    return as_file(
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
    return as_file(
        HttpResponse(content, content_type="application/octet-stream"), f"{sha2[:16]}.bin"
    )


@never_cache
@require_safe
@login_required
def download(request: HttpRequest, store: str, kind: str) -> HttpResponseBase:
    """Everything that the filters leave, as CSV or JSON, sent while it is read."""
    kept = readable_store(request, store)
    asked = asked_of(request, kept)
    if not asked.is_settled:
        raise Http404
    pages = statements_for_file(tenant=kept.tenant, filters=asked.filters, success=asked.success)
    write = csv_lines if kind == "csv" else json_lines
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    return as_file(
        StreamingHttpResponse(write(noted(kept, pages)), content_type=types[kind]),
        f"statements.{kind}",
    )
