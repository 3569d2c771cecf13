"""Starting, publishing and withdrawing versions of frameworks in the editors' area."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from competencies.enums import FrameworkStatus
from competencies.models import FrameworkVersion
from competencies.services import (
    DraftExists,
    FrameworkNotReady,
    publish_framework,
    publishing_problems,
    start_draft,
    withdraw_framework,
)
from competencies.viewsets.views import open_to


def look(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Edit a draft; read what has been published."""
    version = _version(request, pk)
    if version.status == FrameworkStatus.DRAFT:
        return redirect("framework_versions:edit", version.pk)
    address = reverse("competencies:framework", args=[version.framework.slug])
    return redirect(f"{address}?version={version.number}")


def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a draft what the framework says, once nothing is wrong with it."""
    version = _version(request, pk)
    if request.method != "POST":
        return _ask(
            request,
            version,
            question=_("Publish this draft? The version in use now is kept for reference."),
            button=_("Publish"),
            problems=publishing_problems(version),
        )
    try:
        publish_framework(version=version, at=timezone.now())
    except FrameworkNotReady as error:
        for problem in error.problems:
            messages.error(request, problem)
    else:
        log(instance=version, action="wagtail.publish", user=request.user)
        messages.success(request, _("“%(title)s” is published.") % {"title": version})
    return redirect("framework_versions:index")


def begin_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Start a draft from a published version."""
    version = _version(request, pk)
    if request.method != "POST":
        return _ask(
            request,
            version,
            question=_("Start a draft that says what this version says?"),
            button=_("Start a draft"),
        )
    try:
        draft = start_draft(version=version, at=timezone.now())
    except DraftExists as error:
        messages.warning(request, _("There is a draft already: this is it."))
        draft = error.draft
    else:
        log(instance=draft, action="wagtail.create", user=request.user)
    return redirect("framework_versions:edit", draft.pk)


def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a framework out of use."""
    version = _version(request, pk)
    if version.status != FrameworkStatus.PUBLISHED:
        raise Http404
    if request.method != "POST":
        return _ask(
            request,
            version,
            question=_(
                "Withdraw this framework? It can still be read, and evidence that names it stays."
            ),
            button=_("Withdraw"),
        )
    withdraw_framework(version=version, at=timezone.now())
    log(instance=version, action="wagtail.unpublish", user=request.user)
    messages.success(request, _("“%(title)s” is withdrawn.") % {"title": version})
    return redirect("framework_versions:index")


def _version(request: HttpRequest, pk: int) -> FrameworkVersion:
    found = open_to(FrameworkVersion, request, {"view"}).filter(pk=pk).first()
    if not isinstance(found, FrameworkVersion):
        raise Http404
    return found


def _ask(
    request: HttpRequest,
    version: FrameworkVersion,
    *,
    question: str,
    button: str,
    problems: list[str] | None = None,
) -> TemplateResponse:
    return TemplateResponse(
        request,
        "competencies/admin/ask.html",
        {
            "version": version,
            "question": question,
            "button": button,
            "problems": problems or [],
            "back": reverse("framework_versions:index"),
        },
    )
