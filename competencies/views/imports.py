"""Sending a framework file: see what it would do, then confirm."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from competencies.forms import FrameworkUploadForm
from competencies.models import FrameworkUpload
from competencies.services import (
    BrokenTree,
    FrameworkNotReady,
    UnreadableFile,
    confirm_upload,
    drop_upload,
    keep_upload,
    preview_upload,
)
from competencies.views.reading import access, viewer
from organisations.permissions import Access

WRONG_FILE = (UnreadableFile, BrokenTree, FrameworkNotReady)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_framework(request: HttpRequest) -> HttpResponseBase:
    """Send a file."""
    reader = _educator(request)
    person = viewer(request)
    form = FrameworkUploadForm(request.POST or None, request.FILES or None, access=reader)
    status = 200
    if request.method == "POST" and person is not None:
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = keep_upload(
                    person=person,
                    name=file.name,
                    data=file.read(),
                    owner=form.cleaned_data["owner"],
                    as_new=form.cleaned_data["as_new"],
                    at=timezone.now(),
                )
            except WRONG_FILE as error:
                form.add_error("file", str(error))
            else:
                return redirect("competencies:import-preview", upload.uuid)
        status = 413 if form.has_error("file", "too_large") else 400
    return render(
        request,
        "competencies/import.html",
        {"form": form, "breadcrumbs": _crumbs()},
        status=status,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """See what a file would do; then confirm or drop it."""
    _educator(request)
    upload = get_object_or_404(FrameworkUpload, uuid=uuid, person=viewer(request))
    if request.method == "POST":
        if "drop" in request.POST:
            drop_upload(upload=upload)
            messages.info(request, _("The file has been dropped. Nothing was brought in."))
            return redirect("competencies:import")
        return _confirm(request, upload)
    try:
        report = preview_upload(upload=upload, at=timezone.now())
    except WRONG_FILE as error:
        return _sorry(request, upload, str(error))
    return render(
        request,
        "competencies/import_preview.html",
        {"upload": upload, "report": report, "breadcrumbs": _crumbs(import_too=True)},
    )


def _confirm(request: HttpRequest, upload: FrameworkUpload) -> HttpResponseBase:
    try:
        report = confirm_upload(upload=upload, at=timezone.now())
    except WRONG_FILE as error:
        return _sorry(request, upload, str(error))
    items = sum(done.items for done in report.frameworks)
    messages.success(
        request,
        ngettext(
            "%(count)s framework is in, with %(items)s items.",
            "%(count)s frameworks are in, with %(items)s items.",
            len(report.frameworks),
        )
        % {"count": len(report.frameworks), "items": items},
    )
    if len(report.frameworks) != 1:
        return redirect("competencies:frameworks")
    version = report.frameworks[0].version
    address = reverse("competencies:framework", args=[version.framework.slug])
    return redirect(f"{address}?version={version.number}")


def _sorry(request: HttpRequest, upload: FrameworkUpload, reason: str) -> HttpResponseBase:
    drop_upload(upload=upload)
    messages.error(request, reason)
    return redirect("competencies:import")


def _educator(request: HttpRequest) -> Access:
    reader = access(request)
    if not (reader.is_educator or reader.is_operator):
        raise Http404
    return reader


def _crumbs(*, import_too: bool = False) -> list[dict[str, str]]:
    crumbs = [{"title": _("Frameworks"), "url": reverse("competencies:frameworks")}]
    if import_too:
        crumbs.append({"title": _("Bring a framework in"), "url": reverse("competencies:import")})
    return crumbs
