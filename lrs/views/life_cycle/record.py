"""What was done to a store, and the proof of it as a file."""

import csv
import json
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.queries.acts import acts_of, life_cycle_of
from lrs.rules.cells import harmless
from lrs.views.life_cycle.parts import first_of, may_act
from lrs.views.stores import kept_store, store_page

LATEST: Final = 30
_COLUMNS: Final = (
    "act",
    "kind",
    "status",
    "asked_at",
    "asked_by",
    "ended_at",
    "reason",
    "statements",
    "documents",
    "attachments",
    "bytes",
    "fingerprints",
    "scope",
)


@never_cache
@require_safe
@login_required
def life_cycle(request: HttpRequest, store: str) -> HttpResponse:
    """All of it on one page."""
    kept = kept_store(request, store)
    found = life_cycle_of(tenant=kept.tenant, at=timezone.now(), most=LATEST)
    counted = found.size.months if found.size else []
    months = [{**one, "month": first_of(one["month"])} for one in counted]
    page = {"cycle": found, "months": months, "may_act": may_act(kept)}
    return store_page(request, "lrs/life_cycle.html", kept, page)


@never_cache
@require_safe
@login_required
def acts_file(request: HttpRequest, store: str) -> HttpResponse:
    """Every act on the store as CSV: the proof, without anybody's identifier."""
    kept = kept_store(request, store)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="acts.csv"'
    writer = csv.writer(answer)
    writer.writerow(_COLUMNS)
    for act in acts_of(tenant=kept.tenant).iterator(chunk_size=500):
        row = [
            act.uuid,
            act.kind,
            act.status,
            act.asked_at.isoformat(),
            act.asked_by.full_name if act.asked_by else "",
            act.ended_at.isoformat() if act.ended_at else "",
            act.reason,
            act.statements,
            act.documents,
            act.attachments,
            act.bytes,
            " ".join(act.fingerprints),
            json.dumps(act.scope),
        ]
        writer.writerow([harmless(str(cell)) for cell in row])
    return answer
