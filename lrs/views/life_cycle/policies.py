"""Retention policies: made, seen, switched, taken away."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lrs import services
from lrs.forms.life_cycle import PolicyForm
from lrs.queries.acts import policy_of
from lrs.rules.times import parse_instant
from lrs.rules.wording import Words, telling
from lrs.views.life_cycle.parts import acting_store, back, first_of, form_page, sent
from lrs.views.looking import my_languages, statement_href
from lrs.views.stores import Store, store_page
from lrs.views.verbs import verb_words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_policy(request: HttpRequest, store: str) -> HttpResponse:
    """Make a retention policy; it is off until somebody has seen what would go."""
    kept = acting_store(request, store)
    form = PolicyForm(sent(request))
    if form.is_valid():
        try:
            made = services.make_policy(
                tenant=kept.tenant,
                name=form.cleaned_data["name"],
                terms=form.terms(),
                at=timezone.now(),
                made_by=kept.viewer,
            )
        except services.PolicyNameTaken:
            form.add_error("name", _("There is a policy of this name; give another."))
        except services.ReasonNamesPerson as error:
            form.add_error("name", str(error))
        else:
            return redirect("lrs:policy", kept.slug, made.uuid)
    lede = _("What meets all of the conditions goes. Nothing goes before you have seen what.")
    title = _("A retention policy")
    return form_page(request, kept, form, title, _("Show what would go"), lede=lede)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def policy(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """What a policy would take now; switch it on or off, or take it away."""
    kept = acting_store(request, store)
    found = policy_of(tenant=kept.tenant, uuid=uuid)
    if found is None:
        raise Http404
    now, step = timezone.now(), request.POST.get("step")
    if step in ("on", "off"):
        services.switch_policy(policy=found, is_on=step == "on", at=now, by=kept.viewer)
        words = _("It is applied every night.") if step == "on" else _("It is switched off.")
        return back(request, kept, words)
    if step == "drop":
        services.drop_policy(policy=found, at=now, by=kept.viewer)
        return back(request, kept, _("The policy is gone; what it had taken does not come back."))
    terms = services.terms_of(found)
    forecast = services.forecast_retention(tenant=kept.tenant, terms=terms, at=now)
    return store_page(
        request,
        "lrs/policy.html",
        kept,
        {
            "policy": found,
            "forecast": forecast,
            "months": [
                {"month": first_of(one.month), "statements": one.statements, "bytes": one.bytes}
                for one in forecast.months
            ],
            "sample": [_line(kept, one) for one in forecast.sample] if kept.may_read else [],
        },
    )


def _line(store: Store, payload: str) -> dict[str, Any]:
    """Return a statement that would go, without saying whose it is."""
    statement = json.loads(payload)
    told = telling(statement, my_languages())
    return {
        "href": statement_href(store, told.id),
        "stored": parse_instant(statement["stored"]),
        "verb": verb_words(told.verb_iri, told.verb),
        "about": told.what.words if told.what.iri else Words(told.what.kind),
    }
