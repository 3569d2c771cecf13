"""Bringing in a staff list, and taking the list away."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import queries, services
from organisations.exporters import staff_list_csv
from organisations.forms import StaffListForm
from organisations.importers import MAX_FILE_BYTES, FileRefused, FileTooLarge
from organisations.views.signed_in import me
from organisations.views.staff import kept_organisation, way_down


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def import_staff(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Upload a staff list; it is checked, and nothing changes yet."""
    organisation = kept_organisation(request, uuid)
    is_sent = request.method == "POST"
    form = StaffListForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = 422 if is_sent else 200
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = services.check_upload(
                organisation=organisation,
                content=file.read(MAX_FILE_BYTES + 1),
                name=file.name,
                by=me(request),
                at=timezone.now(),
            )
        except FileRefused as error:
            where = "" if error.line == 1 else _("Line %(line)s: ") % {"line": error.line}
            form.add_error("file", f"{where}{error}")
            status = 413 if isinstance(error, FileTooLarge) else 422
        else:
            return redirect("organisations:upload", organisation.uuid, upload.uuid)
    return render(
        request,
        "organisations/import_staff.html",
        {
            "organisation": organisation,
            "form": form,
            "breadcrumbs": way_down(request, organisation),
        },
        status=status,
    )


@require_safe
@never_cache
@login_required
def upload(request: HttpRequest, uuid: UUID, upload_uuid: UUID) -> HttpResponse:
    """What a staff list would do, or what it did."""
    organisation = kept_organisation(request, uuid)
    found = get_object_or_404(organisation.staff_list_uploads.defer("content"), uuid=upload_uuid)
    return render(
        request,
        "organisations/upload.html",
        {
            "organisation": organisation,
            "upload": found,
            "result": found.result,
            "breadcrumbs": way_down(request, organisation),
        },
    )


@require_POST
@login_required
def bring_in(request: HttpRequest, uuid: UUID, upload_uuid: UUID) -> HttpResponseBase:
    """Bring in a staff list that was checked."""
    organisation = kept_organisation(request, uuid)
    found = get_object_or_404(organisation.staff_list_uploads, uuid=upload_uuid)
    try:
        services.bring_in_upload(upload=found, at=timezone.now())
    except services.UploadGone:
        messages.warning(
            request, _("This list was brought in already, or waited too long. Upload it again.")
        )
        return redirect("organisations:import", organisation.uuid)
    messages.success(request, _("The list is in. New people get their invitations by e-mail."))
    return redirect("organisations:upload", organisation.uuid, found.uuid)


@require_safe
@never_cache
@login_required
def export_staff(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The people list as a CSV file that can be brought in again."""
    organisation = kept_organisation(request, uuid)
    found = queries.staff_of(organisation=organisation, on=timezone.localdate())
    name = slugify(organisation.name) or "people"
    return StreamingHttpResponse(
        staff_list_csv(found.iterator(chunk_size=1000)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
