"""Whether what a store holds keeps to a profile."""

from typing import Any

import orjson
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.models import Profile
from lrs.queries.seen import Choice
from lrs.rules.charts import shares_of
from lrs.rules.profiles import read_profile
from lrs.rules.wording import plain
from lrs.services.profiles import ProfileReport, RuleCount, check_profile
from lrs.views.looking import statement_href
from lrs.views.stores import Store, readable_store, store_page

READ_ON_A_PAGE = 2_000
_FRESH_SECONDS = 60


@never_cache
@require_safe
@login_required
def profiles(request: HttpRequest, store: str) -> HttpResponse:
    """The profiles that are kept, and what one of them says of this store's newest statements."""
    kept = readable_store(request, store)
    known = list(Profile.objects.order_by("name", "pk").defer("document"))
    context: dict[str, Any] = {"profiles": known}
    if "profile" in request.GET:
        chosen = Profile.objects.filter(iri=request.GET["profile"]).first()
        if chosen is None:
            raise Http404
        context.update(_report(kept, chosen))
    return store_page(request, "lrs/profiles.html", kept, context)


def _report(store: Store, profile: Profile) -> dict[str, Any]:
    name = f"lrs-profile-{store.tenant.pk}-{profile.pk}-{profile.imported_at.timestamp()}"
    report: ProfileReport | None = cache.get(name)
    if report is None:
        report = check_profile(tenant=store.tenant, profile=profile, most=READ_ON_A_PAGE)
        cache.set(name, report, timeout=_FRESH_SECONDS)
    document = read_profile(_document(profile))
    names = {template.id: plain(template.name) for template in document.templates}
    matched = [
        (Choice(iri, names.get(iri, plain(iri)), plain(iri, 300)), many, "")
        for iri, many in report.templates.most_common(30)
    ]
    ordered = sorted(report.rules.values(), key=lambda one: (one.is_advice, -one.times))
    return {
        "profile": profile,
        "report": report,
        "templates": shares_of(matched),
        "broken": [_told(store, one, names) for one in ordered[:100]],
    }


def _document(profile: Profile) -> Any:
    return orjson.loads(profile.document)


def _told(store: Store, one: RuleCount, names: dict[str, str]) -> dict[str, Any]:
    wanted = ", ".join(
        plain(value, 80) for value in (one.rule.any or one.rule.all or one.rule.none)
    )
    words = {
        "missing": _("Must be there, but is missing."),
        "present": _("May not be there, and is."),
        "recommended": _("Should be there, but is missing."),
        "not_any": _("Has to be one of: %(wanted)s.") % {"wanted": wanted},
        "not_all": _("Each has to be one of: %(wanted)s.") % {"wanted": wanted},
        "some_none": _("May not be any of: %(wanted)s.") % {"wanted": wanted},
    }
    return {
        "template": names.get(one.template, plain(one.template)),
        "location": plain(
            one.rule.location + (f" {one.rule.selector}" * bool(one.rule.selector)), 300
        ),
        "words": words[one.reason],
        "note": plain(one.rule.note, 300),
        "times": one.times,
        "is_advice": one.is_advice,
        "examples": [statement_href(store, example) for example in one.examples],
    }
