"""How one store is doing."""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.models import Credential
from lrs.queries import Filters
from lrs.queries.browsing import browse
from lrs.queries.counting import CountFilters, count_actors, count_all, count_by_time
from lrs.queries.seen import SeenVerb, verbs_seen
from lrs.rules.buckets import Step, days_between
from lrs.rules.charts import columns_of, shares_of
from lrs.views.looking import my_languages, note_look, shown
from lrs.views.starting import start_page
from lrs.views.stores import Store, kept_store, store_page
from lrs.views.verbs import verb_words
from organisations.enums import PageSeen

DAYS: Final = 84
_FRESH_SECONDS: Final = 30
_NEWEST: Final = 5
_VERBS: Final = 6


@never_cache
@require_safe
@login_required
def overview(request: HttpRequest, store: str) -> HttpResponseBase:
    """Numbers, days, verbs and the newest statements; where there are none, how to begin."""
    kept = kept_store(request, store)
    held = f"lrs-overview-{kept.tenant.pk}"
    numbers = cache.get(held)
    if numbers is None:
        numbers = _numbers(kept)
        cache.set(held, numbers, timeout=_FRESH_SECONDS)
    if not numbers["total"] and kept.organisation is not None:
        return start_page(request, kept)
    return _page(request, kept, numbers)


def _page(request: HttpRequest, store: Store, numbers: dict[str, Any]) -> HttpResponse:
    now, languages = timezone.now(), my_languages()
    newest = []
    if store.may_read:
        page = browse(tenant=store.tenant, filters=Filters(), success=None, limit=_NEWEST)
        newest = page.statements
    verbs = verbs_seen(tenant=store.tenant, languages=languages)[:_VERBS]
    keys = Credential.objects.filter(tenant=store.tenant, parent__isnull=True).open_at(now)
    answer = store_page(
        request,
        "lrs/store.html",
        store,
        {
            **numbers,
            "days": columns_of(numbers["by_day"]),
            "verbs": shares_of([(_named(verb), verb.statements, "") for verb in verbs]),
            "keys": list(keys.order_by("-last_used_at", "pk")[:10]),
            "shown": shown(store, newest, languages),
            "now": now,
        },
    )
    note_look(store, newest, PageSeen.STORE_STATEMENTS)
    return answer


def _named(verb: SeenVerb) -> dict[str, str]:
    words = verb_words(verb.iri, verb.words)
    return {"name": words.text, "language": words.language}


def _numbers(store: Store) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=DAYS - 1)
    lines = count_by_time(
        tenant=store.tenant,
        filters=CountFilters(since=first),
        step=Step.DAY,
        zone=timezone.get_current_timezone(),
    )
    by_day = {line.key.date(): line.statements for line in lines}
    days = days_between(first.date(), today.date())
    month_ago = CountFilters(since=now - timedelta(days=30))
    return {
        "total": count_all(tenant=store.tenant, filters=CountFilters()),
        "today": by_day.get(today.date(), 0),
        "week": sum(by_day.get(day, 0) for day in days[-7:]),
        "people": count_actors(tenant=store.tenant, filters=month_ago),
        "by_day": [(day, by_day.get(day, 0)) for day in days],
    }
