"""The people list of an organisation, for those who keep it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import queries, services
from organisations.enums import GrantKind
from organisations.forms import CorrectionForm, EndForm, InviteForm, LeaveForm
from organisations.models import Membership, Organisation
from organisations.permissions import may_give_leave
from organisations.services import Invitation
from organisations.views.signed_in import me, my_access

PEOPLE_A_PAGE = 50
FORM = require_http_methods(["GET", "HEAD", "POST"])


def kept_organisation(request: HttpRequest, uuid: UUID) -> Organisation:
    """Return an organisation whose list the person keeps; 404 for anyone else."""
    found = queries.organisation_kept_by(viewer=my_access(request), uuid=uuid)
    if found is None:
        raise Http404
    return found


def way_down(
    request: HttpRequest, organisation: Organisation, *, is_below: bool = True
) -> list[dict[str, str]]:
    """Breadcrumbs of a page of one organisation; with the list of them for who keeps several."""
    access = my_access(request)
    found = [{"title": _("Home"), "url": "/"}]
    if access.is_operator or len(access.administered_ids) > 1:
        found.append({"title": _("Organisations"), "url": reverse("organisations:organisations")})
    if is_below:
        url = reverse("organisations:staff", args=[organisation.uuid])
        found.append({"title": organisation.name, "url": url})
    return found


@require_safe
@never_cache
@login_required
def organisations(request: HttpRequest) -> HttpResponseBase:
    """The organisations whose people lists one keeps; straight to it when there is one."""
    access = my_access(request)
    if not access.is_administrator:
        raise Http404
    kept = queries.organisations_kept_by(viewer=access)
    if not access.is_operator and len(access.administered_ids) == 1:
        return redirect("organisations:staff", kept.get().uuid)
    return render(
        request,
        "organisations/organisations.html",
        {"organisations": kept, "is_operator": access.is_operator},
    )


@require_safe
@never_cache
@login_required
def staff(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """People of an organisation, searched and paged."""
    organisation = kept_organisation(request, uuid)
    search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = queries.staff_of(organisation=organisation, on=timezone.localdate(), search=search)
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "organisations/staff.html",
        {
            "organisation": organisation,
            "pages": page,
            "search": search,
            "breadcrumbs": way_down(request, organisation, is_below=False),
        },
    )


@FORM
@never_cache
@login_required
def invite(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Invite one person."""
    organisation = kept_organisation(request, uuid)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        try:
            membership = services.invite_member(
                invitation=Invitation(**form.cleaned_data),
                organisation=organisation,
                starts_on=timezone.localdate(now),
                at=now,
            )
        except services.AlreadyAMember:
            form.add_error(
                "email", _("This person is on your list already. Search for them there.")
            )
        except services.StaffNumberTaken:
            form.add_error("staff_number", _("Someone else on your list has this staff number."))
        else:
            messages.success(
                request,
                _("The invitation goes to %(email)s.") % {"email": membership.invited_email},
            )
            return redirect("organisations:staff", organisation.uuid)
    return render(
        request,
        "organisations/invite.html",
        {
            "organisation": organisation,
            "form": form,
            "breadcrumbs": way_down(request, organisation),
        },
        status=422 if form.is_bound else 200,
    )


@FORM
@never_cache
@login_required
def member(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponseBase:
    """One person of an organisation: dates, leave to act, and the end of the membership."""
    organisation, row = _member(request, uuid, membership_uuid)
    today = timezone.localdate()
    form = LeaveForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid():
        kind = GrantKind(form.cleaned_data["kind"])
        if not may_give_leave(my_access(request), kind=kind, organisation_id=organisation.pk):
            raise Http404
        services.grant_leave(
            person=row.person,
            kind=kind,
            organisation=organisation,
            starts_on=today,
            ends_on=form.cleaned_data["ends_on"],
            granted_by=me(request),
        )
        messages.success(request, _("They may do so from now on."))
        return redirect("organisations:member", organisation.uuid, row.uuid)
    context = {
        "organisation": organisation,
        "membership": row,
        "leave": queries.leave_held(person=row.person, organisation=organisation, on=today),
        "form": form,
        "end_form": EndForm(initial={"ends_on": row.ends_on or today}, auto_id="end_%s"),
        "can_correct": row.ends_on is None or row.ends_on >= today,
        "can_mail": row.status == "invited" and bool(row.invited_email),
        "breadcrumbs": way_down(request, organisation),
    }
    status = 422 if form.is_bound else 200
    return render(request, "organisations/member.html", context, status=status)


@FORM
@never_cache
@login_required
def correct(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponseBase:
    """Put right what the list says of one person: title, role, share, team and supervisor."""
    organisation, row = _member(request, uuid, membership_uuid)
    now = timezone.now()
    today = timezone.localdate(now)
    if row.ends_on is not None and row.ends_on < today:
        raise Http404
    language = get_language() or settings.LANGUAGE_CODE
    found = queries.correctable(membership=row, on=today, language=language)
    given = request.POST if request.method == "POST" else None
    form = CorrectionForm(given, found=found, on=today)
    if form.is_valid():
        services.correct_member(
            membership=row,
            correction=services.Correction(**form.cleaned_data),
            on=today,
            at=now,
        )
        messages.success(
            request, _("What the list says of %(name)s is saved.") % {"name": row.listed_name}
        )
        return redirect("organisations:member", organisation.uuid, row.uuid)
    person_url = reverse("organisations:member", args=[organisation.uuid, row.uuid])
    context = {
        "organisation": organisation,
        "membership": row,
        "form": form,
        "breadcrumbs": [
            *way_down(request, organisation),
            {"title": row.listed_name, "url": person_url},
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "organisations/correct.html", context, status=status)


@require_POST
@login_required
def end_member(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponseBase:
    """Set the last day of a membership; what was shared with the employer ends with it."""
    organisation, row = _member(request, uuid, membership_uuid)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the last day like this: 2027-03-31."))
        return redirect("organisations:member", organisation.uuid, row.uuid)
    last_day = form.cleaned_data["ends_on"]
    try:
        services.end_membership(membership=row, ends_on=last_day, on=timezone.localdate())
    except services.EndsBeforeItBegan:
        said = _("The last day, %(value)s, is before the first.") % {"value": last_day.isoformat()}
        messages.error(request, said)
        return redirect("organisations:member", organisation.uuid, row.uuid)
    messages.success(request, _("The membership ends on the day you gave."))
    return redirect("organisations:staff", organisation.uuid)


@require_POST
@login_required
def mail_member(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponseBase:
    """Send the invitation again."""
    organisation, row = _member(request, uuid, membership_uuid)
    try:
        services.mail_again(membership=row, at=timezone.now())
    except services.MailedJustNow:
        messages.info(request, _("It went out minutes ago. Try again a little later."))
    except services.NotInvited:
        messages.info(request, _("The person has answered already."))
    else:
        messages.success(request, _("The invitation is on its way again."))
    return redirect("organisations:member", organisation.uuid, row.uuid)


@require_POST
@login_required
def end_leave(request: HttpRequest, uuid: UUID, grant_uuid: UUID) -> HttpResponseBase:
    """End leave to act for an organisation, from now."""
    organisation = kept_organisation(request, uuid)
    grant = queries.grant_of_organisation(organisation=organisation, uuid=grant_uuid)
    if grant is None or not may_give_leave(
        my_access(request), kind=grant.kind, organisation_id=organisation.pk
    ):
        raise Http404
    services.end_grant(grant=grant, on=timezone.localdate())
    messages.success(request, _("It is taken back: they may no longer do this."))
    return redirect("organisations:staff", organisation.uuid)


def _member(
    request: HttpRequest, uuid: UUID, membership_uuid: UUID
) -> tuple[Organisation, Membership]:
    organisation = kept_organisation(request, uuid)
    row = queries.staff_member(organisation=organisation, uuid=membership_uuid)
    if row is None:
        raise Http404
    return organisation, row
