"""My names and language, and the end of my account."""

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations import queries, services
from organisations.adapters import own_page
from organisations.forms import EraseForm, NamesForm
from organisations.views.signed_in import me

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponseBase:
    """How I am called, the language I read, and the way to the rest of my account."""
    person = me(request)
    form = NamesForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        person = form.save()
        chosen = person.language if "language" in form.changed_data else translation.get_language()
        with translation.override(chosen):
            messages.success(request, _("Saved."))
            return redirect("organisations:account")
    if form.is_bound:
        person.refresh_from_db()
    return render(
        request,
        "organisations/account.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@FORM
@never_cache
@login_required
def welcome(request: HttpRequest) -> HttpResponseBase:
    """What someone new is asked once: names and language."""
    person = me(request)
    wanted = get_next_redirect_url(request)
    form = NamesForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        person = form.save()
        return HttpResponseRedirect(
            translate_url(wanted or own_page(person.language), person.language)
        )
    if form.is_bound:
        person.refresh_from_db()
    return render(
        request,
        "organisations/welcome.html",
        {"form": form, "next": wanted or ""},
        status=422 if form.is_bound else 200,
    )


@FORM
@never_cache
@login_required
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponseBase:
    """Erase my account, after proving once more that it is me and typing a word."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    person = me(request)
    if form.is_valid() and queries.is_last_operator(person=person, on=timezone.localdate()):
        form.add_error(
            None,
            _(
                "Nobody else runs this installation. Give somebody else leave to operate it first, "
                "then erase your account."
            ),
        )
    if form.is_valid():
        logout(request)
        services.erase_person(person=person)
        return redirect("organisations:erased")
    return render(
        request,
        "organisations/erase.html",
        {"form": form, "word": form.wanted()},
        status=422 if form.is_bound else 200,
    )


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """What is left once an account is erased: nothing of it."""
    return render(request, "organisations/erased.html")


@require_safe
def accounts_index(request: HttpRequest) -> HttpResponseBase:
    """`/accounts/` itself: to my account, or to the sign-in."""
    if request.user.is_authenticated:
        return redirect("organisations:account")
    return redirect(reverse("account_login"))
