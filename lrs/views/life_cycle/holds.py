"""Legal holds: one is placed, one ends."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lrs import services
from lrs.forms.life_cycle import EndHoldForm, HoldForm
from lrs.queries.acts import hold_of
from lrs.views.life_cycle.parts import back, carry_out_soon, form_page, sent
from lrs.views.stores import kept_store


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hold(request: HttpRequest, store: str) -> HttpResponse:
    """Place a legal hold on something in the store."""
    kept = kept_store(request, store)
    form = HoldForm(sent(request))
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.place_hold(
                tenant=kept.tenant,
                name=told["name"],
                reason=told["reason"],
                at=timezone.now(),
                placed_by=kept.viewer,
                actor=told["who"],
                activity=told["activity"],
                **form.span(),
            )
        except services.NoSuchTime as error:
            form.add_error("until", str(error))
        except services.ReasonNamesPerson as error:
            form.add_error("reason", str(error))
        else:
            return back(request, kept, _("The legal hold stands."))
    lede = _("Without any condition it covers the whole store.")
    return form_page(request, kept, form, _("Place a legal hold"), _("Place it"), lede=lede)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_hold(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """End a legal hold."""
    kept = kept_store(request, store)
    found = hold_of(tenant=kept.tenant, uuid=uuid)
    if found is None or not found.stands_at(timezone.now()):
        raise Http404
    form = EndHoldForm(sent(request))
    if form.is_valid():
        with transaction.atomic():
            services.end_hold(
                hold=found,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                by=kept.viewer,
            )
            carry_out_soon()
        return back(request, kept, _("The legal hold has ended; what waited for it is done now."))
    title = _("End the legal hold “%(name)s”") % {"name": found.name}
    return form_page(request, kept, form, title, _("End it"))
