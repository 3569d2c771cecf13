"""What reaches across organisations: the members of a team, and leave that operators give."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organisations import queries, services
from organisations.enums import MembershipStatus
from organisations.forms import InviteForm, LeaveAcrossForm
from organisations.models import Partnership, Place, Team
from organisations.permissions import may_operate
from organisations.services import Invitation
from organisations.views.signed_in import me, my_access

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@never_cache
@login_required
def team_members(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Who is in a team and who is asked; its lead invites others, who may say no."""
    team = _team(request, uuid)
    today = timezone.localdate()
    form = InviteForm(request.POST if request.method == "POST" else None, for_team=True)
    if form.is_valid():
        try:
            services.invite_member(
                invitation=Invitation(**form.cleaned_data),
                team=team,
                starts_on=today,
                at=timezone.now(),
            )
        except services.AlreadyAMember:
            form.add_error("email", _("This person is in the team or has been asked already."))
        else:
            messages.success(request, _("The invitation is on its way. They may say no."))
            return redirect("organisations:team-members", team.uuid)
    return render(
        request,
        "organisations/team_members.html",
        {
            "team": team,
            "memberships": queries.team_memberships(team=team, on=today),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


@FORM
@never_cache
@login_required
def end_team_member(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponseBase:
    """End somebody's membership of a team today, once asked whether that is meant.

    What they shared with the team ends with it.
    """
    team = _team(request, uuid)
    today = timezone.localdate()
    row = queries.team_memberships(team=team, on=today).filter(uuid=membership_uuid).first()
    if row is None:
        raise Http404
    name = row.listed_name
    if request.method != "POST":
        return render(
            request,
            "organisations/end_team_member.html",
            {"team": team, "membership": row, "name": name},
        )
    services.end_membership(membership=row, ends_on=today, on=today)
    if row.status == MembershipStatus.INVITED:
        words = _("%(name)s is no longer asked to join %(team)s.")
    else:
        words = _("Today is the last day of %(name)s in %(team)s.")
    messages.success(request, words % {"name": name, "team": team.name})
    return redirect("organisations:team-members", team.uuid)


@FORM
@never_cache
@login_required
def leave_across(request: HttpRequest) -> HttpResponseBase:
    """Leave to lead teams, places and partnerships, or to run everything: for operators."""
    _operator(request)
    today = timezone.localdate()
    form = LeaveAcrossForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        thing = form.target
        services.grant_leave(
            person=form.cleaned_data["person"],
            kind=form.kind,
            starts_on=today,
            ends_on=form.cleaned_data["ends_on"],
            granted_by=me(request),
            team=thing if isinstance(thing, Team) else None,
            place=thing if isinstance(thing, Place) else None,
            partnership=thing if isinstance(thing, Partnership) else None,
        )
        messages.success(request, _("They may do so from now on."))
        return redirect("organisations:leave-across")
    return render(
        request,
        "organisations/leave_across.html",
        {"form": form, "leave": queries.leave_across(on=today)},
        status=422 if form.is_bound else 200,
    )


@require_POST
@login_required
def end_leave_across(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """End leave that reaches across organisations, from now."""
    grant = queries.grant_across(viewer=my_access(request), uuid=uuid)
    if grant is None:
        raise Http404
    services.end_grant(grant=grant, on=timezone.localdate())
    messages.success(request, _("It is taken back: they may no longer do this."))
    return redirect("organisations:leave-across")


def _team(request: HttpRequest, uuid: UUID) -> Team:
    team = queries.team_led_by(viewer=my_access(request), uuid=uuid)
    if team is None:
        raise Http404
    return team


def _operator(request: HttpRequest) -> None:
    if not may_operate(my_access(request)):
        raise Http404
