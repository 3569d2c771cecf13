"""What the link in an invitation opens."""

from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from organisations import services
from organisations.enums import MembershipStatus
from organisations.forms import AnswerForm, NewAccountForm
from organisations.models import Membership, User
from organisations.services import Answering, NewAccount
from organisations.views.mine import answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say yes or no; someone new makes their account on the way."""
    now = timezone.now()
    try:
        membership = services.read_invitation(token=token, at=now)
    except services.InvitationUnknown:
        return render(request, "organisations/invitation_unknown.html", status=404)
    except services.InvitationExpired as expired:
        return _gone(request, expired.membership, token)
    today = timezone.localdate(now)
    if membership.ends_on is not None and membership.ends_on < today:
        return _gone(request, membership, token)
    if membership.status != MembershipStatus.INVITED:
        return render(request, "organisations/invitation_answered.html", {"membership": membership})
    viewer = request.user if isinstance(request.user, User) else None
    how = services.ways_to_answer(membership=membership, viewer=viewer)
    if request.method == "POST":
        return _answered(request, membership, how)
    return _page(request, membership, how)


@require_POST
def send_again(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a fresh link to the address the old one went to."""
    now = timezone.now()
    try:
        membership = services.read_invitation(token=token, at=now)
    except services.InvitationExpired as expired:
        membership = expired.membership
    except services.InvitationUnknown:
        return render(request, "organisations/invitation_unknown.html", status=404)
    try:
        services.mail_again(membership=membership, at=now)
    except services.NotInvited:
        return render(request, "organisations/invitation_answered.html", {"membership": membership})
    except services.MailedJustNow:
        messages.info(request, _("A new link went out minutes ago. Please look at your e-mail."))
    else:
        messages.success(request, _("A new link is on its way to the address we invited."))
    return render(request, "organisations/invitation_sent.html", {"membership": membership})


def _page(
    request: HttpRequest,
    membership: Membership,
    how: Answering,
    *,
    account: NewAccountForm | None = None,
) -> HttpResponse:
    here = request.get_full_path()
    context = {
        "membership": membership,
        "how": how.value,
        "form": AnswerForm(),
        "account": account or NewAccountForm(instance=membership.person),
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': here})}",
    }
    status = 422 if account is not None else 200
    return render(request, "organisations/invitation.html", context, status=status)


def _answered(request: HttpRequest, membership: Membership, how: Answering) -> HttpResponseBase:
    form = AnswerForm(request.POST)
    says_no = form.is_valid() and form.cleaned_data["answer"] == AnswerForm.NO
    if says_no and how in (Answering.NEW_ACCOUNT, Answering.JOIN_TO_MY_ACCOUNT):
        services.refuse_membership(membership=membership, by=membership.person, at=timezone.now())
        return render(request, "organisations/invitation_answered.html", {"membership": membership})
    if how == Answering.NEW_ACCOUNT:
        return _new_account(request, membership)
    if how == Answering.JOIN_TO_MY_ACCOUNT and form.is_valid() and isinstance(request.user, User):
        services.claim_by_account(membership=membership, by=request.user)
        how = Answering.AS_MYSELF
    if how == Answering.AS_MYSELF and form.is_valid():
        answer(request, membership, form)
        return redirect("organisations:memberships")
    return _page(request, membership, how)


def _new_account(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    form = NewAccountForm(request.POST, instance=membership.person)
    if not form.is_valid():
        return _page(request, membership, Answering.NEW_ACCOUNT, account=form)
    chosen = form.cleaned_data
    try:
        person = services.claim_by_new_account(
            membership=membership,
            account=NewAccount(
                given_name=chosen["first_name"],
                family_name=chosen["last_name"],
                display_name=chosen["display_name"],
                language=chosen["language"],
                password=chosen["password"],
            ),
        )
    except services.NotInvited:
        messages.warning(
            request, _("Somebody has answered this invitation already. Please sign in.")
        )
        return redirect("account_login")
    response: HttpResponseBase = perform_login(
        request,
        person,
        email_verification="none",
        redirect_url=request.get_full_path(),
        signup=True,
    )
    return response


def _gone(request: HttpRequest, membership: Membership, token: str) -> HttpResponse:
    can_send = membership.status == MembershipStatus.INVITED and bool(membership.invited_email)
    context = {"membership": membership, "token": token, "can_send": can_send}
    return render(request, "organisations/invitation_expired.html", context, status=410)
