"""The life cycle of a store: how large it is, what goes, what must stay, and the proof of it."""

import csv
import json
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrs import services, tasks
from lrs.forms.life_cycle import ChangeForm, EndHoldForm, ErasureForm, HoldForm, PolicyForm
from lrs.queries.acts import act_of, acts_of, hold_of, life_cycle_of, policy_of
from lrs.queries.lifecycle import documents_of, hold_on, how_many_name
from lrs.rules.who import Who, in_plain
from lrs.views.stores import Store, kept_store, store_page

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
    page = {"cycle": found, "may_act": _may_act(kept)}
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
        writer.writerow([_harmless(str(cell)) for cell in row])
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase(request: HttpRequest, store: str) -> HttpResponse:
    """Ask for an erasure: first what it would touch, then for good."""
    kept = _acting_store(request, store)
    form = ErasureForm(_sent(request))
    title = _("Erase a person")
    if not form.is_valid():
        return _form_page(request, kept, form, title, _("Show what would be erased"))
    told, now = form.cleaned_data, timezone.now()
    if "confirmed" not in request.POST:
        who = Who.known_as([told["who"]])
        return _confirm_page(
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
            _carry_out_soon()
    except services.ReasonNamesPerson as error:
        form.add_error("reason", str(error))
        return _form_page(request, kept, form, title, _("Show what would be erased"))
    return _back(request, kept, _("The erasure is under way. It is done when the list says so."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, store: str) -> HttpResponse:
    """Ask for a change of identifier: first what it would touch."""
    kept = _acting_store(request, store)
    form = ChangeForm(_sent(request))
    title = _("Change an identifier")
    if not form.is_valid():
        return _form_page(request, kept, form, title, _("Show what would change"))
    told, now = form.cleaned_data, timezone.now()
    if "confirmed" not in request.POST:
        extent = services.extent_of_change(tenant=kept.tenant, old=told["old"], new=told["new"])
        who = Who.known_as([told["old"]])
        return _confirm_page(
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
            _carry_out_soon()
    except (services.HeldBack, services.SameIdentifier, services.ReasonNamesPerson) as error:
        form.add_error(None, str(error))
        return _form_page(request, kept, form, title, _("Show what would change"))
    return _back(request, kept, _("The change is under way. It is done when the list says so."))


@never_cache
@require_POST
@login_required
def decide(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """Say yes or no to an erasure that was offered."""
    kept = _acting_store(request, store)
    act = act_of(tenant=kept.tenant, uuid=uuid)
    agrees = request.POST.get("agrees")
    if act is None or agrees not in ("yes", "no"):
        raise Http404
    try:
        with transaction.atomic():
            services.decide_erasure(
                act=act, by=kept.viewer, agrees=agrees == "yes", at=timezone.now()
            )
            _carry_out_soon()
    except services.NothingToDecide:
        return _back(request, kept, _("This has been decided already."))
    words = _("The erasure is under way.") if agrees == "yes" else _("It stays as it is.")
    return _back(request, kept, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hold(request: HttpRequest, store: str) -> HttpResponse:
    """Place a legal hold on something in the store."""
    kept = kept_store(request, store)
    form = HoldForm(_sent(request))
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
            return _back(request, kept, _("The legal hold stands."))
    lede = _("Without any condition it covers the whole store.")
    return _form_page(request, kept, form, _("Place a legal hold"), _("Place it"), lede=lede)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_hold(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """End a legal hold."""
    kept = kept_store(request, store)
    found = hold_of(tenant=kept.tenant, uuid=uuid)
    if found is None or not found.stands_at(timezone.now()):
        raise Http404
    form = EndHoldForm(_sent(request))
    if form.is_valid():
        with transaction.atomic():
            services.end_hold(
                hold=found,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                by=kept.viewer,
            )
            _carry_out_soon()
        return _back(request, kept, _("The legal hold has ended; what waited for it is done now."))
    title = _("End the legal hold “%(name)s”") % {"name": found.name}
    return _form_page(request, kept, form, title, _("End it"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_policy(request: HttpRequest, store: str) -> HttpResponse:
    """Make a retention policy; it is off until somebody has seen what would go."""
    kept = _acting_store(request, store)
    form = PolicyForm(_sent(request))
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
    return _form_page(request, kept, form, title, _("Show what would go"), lede=lede)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def policy(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """What a policy would take now; switch it on or off, or take it away."""
    kept = _acting_store(request, store)
    found = policy_of(tenant=kept.tenant, uuid=uuid)
    if found is None:
        raise Http404
    now, step = timezone.now(), request.POST.get("step")
    if step in ("on", "off"):
        services.switch_policy(policy=found, is_on=step == "on", at=now, by=kept.viewer)
        words = _("It is applied every night.") if step == "on" else _("It is switched off.")
        return _back(request, kept, words)
    if step == "drop":
        services.drop_policy(policy=found, at=now, by=kept.viewer)
        return _back(request, kept, _("The policy is gone; what it had taken does not come back."))
    terms = services.terms_of(found)
    forecast = services.forecast_retention(tenant=kept.tenant, terms=terms, at=now)
    return store_page(
        request,
        "lrs/policy.html",
        kept,
        {
            "policy": found,
            "forecast": forecast,
            "sample": [_line(one) for one in forecast.sample] if kept.may_read else [],
        },
    )


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _may_act(store: Store) -> bool:
    """Return whether the viewer may erase, change and remove here.

    What an organisation recorded is its own: operators do so in the platform's store only.
    """
    return store.may_read or store.organisation is None


def _acting_store(request: HttpRequest, store: str) -> Store:
    kept = kept_store(request, store)
    if not _may_act(kept):
        raise Http404
    return kept


def _line(payload: str) -> dict[str, str]:
    statement = json.loads(payload)
    return {
        "id": statement["id"],
        "stored": statement["stored"][:10],
        "verb": statement["verb"]["id"],
        "about": statement["object"].get("id", statement["object"].get("objectType", "")),
    }


def _harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _carry_out_soon() -> None:
    transaction.on_commit(lambda: tasks.carry_out_acts.delay(), robust=True)


def _back(request: HttpRequest, store: Store, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("lrs:life-cycle", store.slug)


def _form_page(
    request: HttpRequest, store: Store, form: forms.Form, title: str, button: str, lede: str = ""
) -> HttpResponse:
    page = {"form": form, "title": title, "button": button, "lede": lede, "up": _up(store)}
    return store_page(request, "lrs/life_cycle_form.html", store, page)


def _confirm_page(
    request: HttpRequest, store: Store, form: forms.Form, **page: Any
) -> HttpResponse:
    page["kept"] = [(name, form.data[name]) for name in form.fields if form.data.get(name)]
    return store_page(request, "lrs/life_cycle_confirm.html", store, {**page, "up": _up(store)})


def _up(store: Store) -> str:
    return reverse("lrs:life-cycle", args=[store.slug])
