"""One contribution: where it stands, changing it, taking it back, asking a moderator to look."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from discussions import services
from discussions.enums import ReportReason
from discussions.forms import EditForm, ReportForm
from discussions.models import Post
from discussions.queries import page_of, post_to_answer, post_to_read, shown_name, space_in_language
from discussions.views.composing import WHAT_TO_DO, say
from discussions.views.doorway import (
    anchor_of,
    crumbs,
    language_of,
    person_of,
    refuses_kindly,
    viewer_of,
)


@require_safe
@refuses_kindly
def permalink(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Go to where a contribution stands."""
    return redirect(address_of(post_to_read(viewer=viewer_of(request), post_uuid=post_uuid)))


def address_of(post: Post) -> str:
    """Return the address of a contribution on the page of its discussion."""
    base = reverse("discussions:thread", args=[post.thread.space.slug, post.thread.uuid])
    page = page_of(post)
    return f"{base}{f'?page={page}' if page > 1 else ''}#{anchor_of(post)}"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def edit(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Change one's own words, within minutes."""
    post = _own(request, post_uuid)
    given = request.POST if request.method == "POST" else None
    form = EditForm(given, initial={"source": post.source})

    def send() -> HttpResponseBase:
        services.edit_post(
            post=post,
            author=person_of(request),
            source=form.cleaned_data["source"],
            is_checked="checked" in request.POST,
            at=timezone.now(),
        )
        messages.success(
            request, _("Your changes are there for others to read."), extra_tags=anchor_of(post)
        )
        return redirect(address_of(post))

    shown = space_in_language(
        viewer=viewer_of(request), space=post.thread.space, language=language_of()
    )
    return say(
        request,
        form=form,
        send=send,
        template="discussions/compose.html",
        space=shown,
        heading=_("Change your contribution"),
        thread_title=post.thread.title,
        thread_language=post.thread.language,
        send_word=_("Save changes"),
        back_url=address_of(post),
        breadcrumbs=_crumbs(post),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def withdraw(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Take one's own words back."""
    post = _own(request, post_uuid)
    if request.method != "POST":
        context = {"post": post, "back_url": address_of(post), "breadcrumbs": _crumbs(post)}
        return render(request, "discussions/withdraw.html", context)
    try:
        services.withdraw_post(post=post, author=person_of(request), at=timezone.now())
    except services.AlreadyGone as error:
        messages.warning(request, str(WHAT_TO_DO[type(error)][1]), extra_tags=anchor_of(post))
    else:
        messages.success(request, _("Your words have been taken away."), extra_tags=anchor_of(post))
    post.thread.refresh_from_db()
    if post.thread.withdrawn_at:
        return redirect("discussions:space", post.thread.space.slug)
    return redirect(address_of(post))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def report(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Ask a moderator to look."""
    post = post_to_answer(viewer=viewer_of(request), post_uuid=post_uuid)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.report_post(
            post=post,
            reporter=person_of(request),
            reason=ReportReason(form.cleaned_data["reason"]),
            words=form.cleaned_data["words"],
            at=timezone.now(),
        )
        messages.success(
            request,
            _("Thank you. A moderator will look, and the author is not told who asked."),
            extra_tags=anchor_of(post),
        )
        return redirect(address_of(post))
    context = {
        "form": form,
        "post": post,
        "author": shown_name(post),
        "back_url": address_of(post),
        "breadcrumbs": _crumbs(post),
    }
    status = 400 if form.errors else 200
    return render(request, "discussions/report.html", context, status=status)


def _own(request: HttpRequest, post_uuid: UUID) -> Post:
    post = post_to_answer(viewer=viewer_of(request), post_uuid=post_uuid)
    if post.author_id != person_of(request).pk:
        raise Http404
    return post


def _crumbs(post: Post) -> list[dict[str, object]]:
    space = post.thread.space
    return crumbs(
        (space.title, reverse("discussions:space", args=[space.slug])),
        (post.thread.title, address_of(post)),
    )
