"""A page about one activity, and one about one actor."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.models import Tenant
from lrs.queries import Filters, definitions
from lrs.queries.browsing import browse
from lrs.queries.counting import CountFilters, by_month
from lrs.queries.seen import Choice, actor_named
from lrs.queries.tops import children_of, top_activities, top_actors, top_verbs
from lrs.rules.charts import columns_of, shares_of
from lrs.rules.formats import is_iri
from lrs.rules.wording import Words, plain, words_of
from lrs.views.looking import (
    activity_href,
    actor_href,
    my_languages,
    note_look,
    shown,
)
from lrs.views.stores import Store, readable_store, store_page
from lrs.views.verbs import verb_words
from organisations.enums import PageSeen

_LATEST = 10


@never_cache
@require_safe
@login_required
def activity(request: HttpRequest, store: str) -> HttpResponse:
    """What an activity is and what was done with it, by whom and when."""
    kept = readable_store(request, store)
    iri = request.GET.get("iri", "")
    if not is_iri(iri):
        raise Http404
    languages = my_languages()
    definition = definitions(tenant=kept.tenant, activities=[iri]).get(iri, {})
    counted = CountFilters(activity=iri)
    latest = _latest(kept.tenant, Filters(activity=iri))
    most = top_actors(tenant=kept.tenant, filters=counted)
    children = children_of(tenant=kept.tenant, iri=iri, languages=languages)
    if not latest and not definition and not children:
        raise Http404
    answer = store_page(
        request,
        "lrs/activity.html",
        kept,
        {
            "iri": plain(iri, 500),
            "name": words_of(definition.get("name"), languages),
            "description": words_of(definition.get("description"), languages),
            "type": plain(definition.get("type", ""), 500),
            "more_info": plain(definition.get("moreInfo", ""), 500),
            "interaction": plain(definition.get("interactionType", "")),
            "children": [(one, activity_href(kept, one.value)) for one in children],
            "people": shares_of([(one, n, actor_href(kept, one.value)) for one, n in most]),
            **_counts(kept, counted, languages),
            **_shown_latest(kept, latest, languages, here=activity_href(kept, iri)),
            "all_field": "activity",
            "all_value": iri,
        },
    )
    note_look(kept, latest, PageSeen.STORE_ACTIVITY, more=[one.value for one, _ in most])
    return answer


@never_cache
@require_safe
@login_required
def actor(request: HttpRequest, store: str) -> HttpResponse:
    """Who an actor is and what they did, as far as this store was told."""
    kept = readable_store(request, store)
    identifier = request.GET.get("agent", "")
    if "::" not in identifier:
        raise Http404
    languages = my_languages()
    latest = _latest(kept.tenant, Filters(agent=identifier))
    if not latest:
        raise Http404
    counted = CountFilters(agent=identifier)
    most = top_activities(tenant=kept.tenant, filters=counted, languages=languages)
    answer = store_page(
        request,
        "lrs/actor.html",
        kept,
        {
            "who": actor_named(tenant=kept.tenant, identifier=identifier),
            "activities": shares_of([(one, n, activity_href(kept, one.value)) for one, n in most]),
            **_counts(kept, counted, languages),
            **_shown_latest(kept, latest, languages, here=actor_href(kept, identifier)),
            "all_field": "who",
            "all_value": identifier,
        },
    )
    note_look(kept, latest, PageSeen.STORE_ACTOR, more=[identifier])
    return answer


def _latest(tenant: Tenant, filters: Filters) -> list[dict[str, Any]]:
    return browse(tenant=tenant, filters=filters, success=None, limit=_LATEST).statements


def _counts(store: Store, counted: CountFilters, languages: list[str]) -> dict[str, Any]:
    verbs = top_verbs(tenant=store.tenant, filters=counted, languages=languages)
    months = by_month(tenant=store.tenant, filters=counted, zone=timezone.get_current_timezone())
    return {
        "verbs": shares_of([(_in_words(one), n, "") for one, n in verbs]),
        "months": columns_of(months),
        "total": sum(n for _, n in months),
    }


def _in_words(verb: Choice) -> Choice:
    words = verb_words(verb.value, Words(verb.name, verb.language))
    return replace(verb, name=words.text, language=words.language)


def _shown_latest(
    store: Store, latest: list[dict[str, Any]], languages: list[str], *, here: str
) -> dict[str, Any]:
    return {
        "shown": shown(store, latest, languages),
        "now": timezone.now(),
        "here": here,
    }
