"""What I share, who looked, and where I work."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import queries, services
from organisations.enums import ConsentPurpose, MembershipStatus
from organisations.forms import AnswerForm, ShareForm
from organisations.models import Membership
from organisations.views.signed_in import me

LOOKS_A_PAGE = 25


@require_safe
@never_cache
@login_required
def sharing(request: HttpRequest) -> HttpResponse:
    """What I share, with whom, what for and until when."""
    shared = queries.sharing_of(person=me(request), moment=timezone.now())
    return render(request, "organisations/sharing.html", {"sharing": shared})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def share(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Open something to one team or employer of mine."""
    person, now = me(request), timezone.now()
    membership = _own(request, uuid)
    if membership.status != MembershipStatus.ACTIVE:
        raise Http404
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        is_team=membership.team_id is not None,
        employers=queries.sharing_sources(person=person),
        today=timezone.localdate(now),
    )
    if form.is_valid():
        try:
            services.grant_consent(
                person=person,
                source=form.chosen_source,
                source_organisation=form.chosen_employer,
                purpose=ConsentPurpose(form.cleaned_data["purpose"]),
                organisation=membership.organisation,
                team=membership.team,
                at=now,
                until=form.cleaned_data["until"],
            )
        except services.NotAMember as error:
            raise Http404 from error
        messages.success(request, _("Shared. You can stop sharing at any time on this page."))
        return redirect("organisations:sharing")
    return render(
        request,
        "organisations/share.html",
        {"form": form, "membership": membership, "place": membership.place},
        status=422 if form.is_bound else 200,
    )


@require_POST
@login_required
def stop_sharing(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Withdraw one consent."""
    consent = get_object_or_404(me(request).consents, uuid=uuid)
    services.withdraw_consent(consent=consent, at=timezone.now())
    messages.success(request, _("You no longer share this. It holds from this moment."))
    return redirect("organisations:sharing")


@require_safe
@never_cache
@login_required
def who_looked(request: HttpRequest) -> HttpResponse:
    """Who looked at my record: a line for each person and day, newest first."""
    person = me(request)
    pages = Paginator(queries.days_of_looks(person=person), LOOKS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    looks = queries.looks_on(person=person, days=list(page))
    return render(request, "organisations/who_looked.html", {"looks": looks, "pages": page})


@require_safe
@never_cache
@login_required
def memberships(request: HttpRequest) -> HttpResponse:
    """Invitations that wait for my answer, and where I work."""
    mine = queries.memberships_of(person=me(request), on=timezone.localdate())
    return render(request, "organisations/memberships.html", {"mine": mine, "form": AnswerForm()})


@require_POST
@login_required
def answer_invitation(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say yes or no to an invitation; no reason is asked for."""
    membership = _own(request, uuid)
    form = AnswerForm(request.POST)
    if form.is_valid():
        answer(request, membership, form)
    else:
        messages.error(request, _("Choose yes or no, and what to share."))
    return redirect("organisations:memberships")


@require_POST
@login_required
def leave_team(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Leave a team of mine today; what I shared with it ends with it."""
    membership = _own(request, uuid)
    if membership.team_id is None or membership.status != MembershipStatus.ACTIVE:
        raise Http404
    now = timezone.now()
    services.withdraw_all_consents(person=me(request), team=membership.team, at=now)
    today = timezone.localdate(now)
    services.end_membership(membership=membership, ends_on=today, on=today)
    messages.success(
        request,
        _("Today is your last day in %(team)s. It no longer sees what you shared with it.")
        % {"team": membership.team},
    )
    return redirect("organisations:memberships")


def answer(request: HttpRequest, membership: Membership, form: AnswerForm) -> None:
    """Carry out an answer and say what it did; the form is valid."""
    person, now = me(request), timezone.now()
    try:
        if form.cleaned_data["answer"] == AnswerForm.YES:
            services.confirm_membership(
                membership=membership, by=person, at=now, share=form.chosen_source
            )
            said = _("Welcome to %(place)s.")
        else:
            services.refuse_membership(membership=membership, by=person, at=now)
            said = _("You said no to %(place)s. That is fine, and nobody is told why.")
    except services.NotInvited:
        messages.warning(
            request, _("This invitation no longer waits for an answer. Nothing was changed.")
        )
    else:
        messages.success(request, said % {"place": membership.place})


def _own(request: HttpRequest, uuid: UUID) -> Membership:
    membership = queries.own_membership(person=me(request), uuid=uuid)
    if membership is None:
        raise Http404
    return membership
