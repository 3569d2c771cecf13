"""Erasures and changes of identifier: first what they would touch, then for good."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lrs import services
from lrs.forms.life_cycle import ChangeForm, ErasureForm
from lrs.queries.acts import act_of
from lrs.queries.lifecycle import documents_of, hold_on, how_many_name
from lrs.rules.who import Who, in_plain
from lrs.views.life_cycle.parts import (
    acting_store,
    back,
    carry_out_soon,
    confirm_page,
    form_page,
    sent,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase(request: HttpRequest, store: str) -> HttpResponse:
    """Ask for an erasure: first what it would touch, then for good."""
    kept = acting_store(request, store)
    form = ErasureForm(sent(request))
    title = _("Erase a person")
    if not form.is_valid():
        return form_page(request, kept, form, title, _("Show what would be erased"))
    told, now = form.cleaned_data, timezone.now()
    if "confirmed" not in request.POST:
        who = Who.known_as([told["who"]])
        return confirm_page(
            request,
            kept,
            form,
            title=title,
            button=_("Erase this person for good"),
            facts=[
                (_("Who"), in_plain(told["who"])),
                (_("Statements that name them"), how_many_name(tenant=kept.tenant, who=who)),
                (_("State and profiles"), documents_of(tenant=kept.tenant, who=who).count()),
            ],
            hold=hold_on(tenant=kept.tenant, who=who, at=now),
            note=_(
                "Statements that mention them in other text are found while it runs. The "
                "statements stay, and nobody can tell any more whose they were; what records "
                "had read from them goes. This cannot be undone."
            ),
        )
    try:
        with transaction.atomic():
            services.ask_erasure(
                tenant=kept.tenant,
                identifiers=[told["who"]],
                reason=told["reason"],
                at=now,
                asked_by=kept.viewer,
                cuts_extensions=told["extensions"],
            )
            carry_out_soon()
    except services.ReasonNamesPerson as error:
        form.add_error("reason", str(error))
        return form_page(request, kept, form, title, _("Show what would be erased"))
    return back(request, kept, _("The erasure is under way. It is done when the list says so."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, store: str) -> HttpResponse:
    """Ask for a change of identifier: first what it would touch."""
    kept = acting_store(request, store)
    form = ChangeForm(sent(request))
    title = _("Change an identifier")
    if not form.is_valid():
        return form_page(request, kept, form, title, _("Show what would change"))
    told, now = form.cleaned_data, timezone.now()
    if "confirmed" not in request.POST:
        extent = services.extent_of_change(tenant=kept.tenant, old=told["old"], new=told["new"])
        who = Who.known_as([told["old"]])
        return confirm_page(
            request,
            kept,
            form,
            title=title,
            button=_("Change it"),
            facts=[
                (_("Old identifier"), in_plain(told["old"])),
                (_("New identifier"), in_plain(told["new"])),
                (_("Statements that name them"), extent.statements),
                (_("State and profiles"), extent.documents),
                (_("Found under both identifiers; the newer one stays"), extent.conflicts),
            ],
            hold=hold_on(tenant=kept.tenant, who=who, at=now),
            note=_("Signatures of these statements no longer hold and go. This cannot be undone."),
        )
    try:
        with transaction.atomic():
            services.ask_change(
                tenant=kept.tenant,
                old=told["old"],
                new=told["new"],
                reason=told["reason"],
                at=now,
                asked_by=kept.viewer,
            )
            carry_out_soon()
    except (services.HeldBack, services.SameIdentifier, services.ReasonNamesPerson) as error:
        form.add_error(None, str(error))
        return form_page(request, kept, form, title, _("Show what would change"))
    return back(request, kept, _("The change is under way. It is done when the list says so."))


@never_cache
@require_POST
@login_required
def decide(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """Say yes or no to an erasure that was offered."""
    kept = acting_store(request, store)
    act = act_of(tenant=kept.tenant, uuid=uuid)
    agrees = request.POST.get("agrees")
    if act is None or agrees not in ("yes", "no"):
        raise Http404
    try:
        with transaction.atomic():
            services.decide_erasure(
                act=act, by=kept.viewer, agrees=agrees == "yes", at=timezone.now()
            )
            carry_out_soon()
    except services.NothingToDecide:
        return back(request, kept, _("This has been decided already."))
    words = _("The erasure is under way.") if agrees == "yes" else _("It stays as it is.")
    return back(request, kept, words)
