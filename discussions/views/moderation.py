"""What moderators see and do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discussions import services
from discussions.forms import HideForm, OutcomeForm, WordsForm
from discussions.models import Post
from discussions.queries import (
    moderates_anything,
    moderation_queue,
    post_to_moderate,
    shown_name,
    thread_to_moderate,
)
from discussions.views.composing import WHAT_TO_DO
from discussions.views.doorway import (
    crumbs,
    page_number,
    person_of,
    refuses_kindly,
    safe_next,
    viewer_of,
)
from discussions.views.posts import address_of


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits for a moderator, and what was done last."""
    viewer = viewer_of(request)
    if not moderates_anything(viewer):
        raise Http404
    context = {
        "queue": moderation_queue(viewer=viewer, page=page_number(request)),
        "breadcrumbs": crumbs(),
    }
    return render(request, "discussions/moderation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def hide(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Hide a contribution, for a reason its author reads."""
    post = post_to_moderate(viewer=viewer_of(request), post_uuid=post_uuid)
    return _decide(
        request,
        form=HideForm(request.POST if request.method == "POST" else None),
        do=lambda form: services.hide_post(
            post=post,
            moderator=person_of(request),
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
            at=timezone.now(),
        ),
        done=_("Hidden. The author is told why."),
        back=address_of(post),
        post=post,
        heading=_("Hide this contribution"),
        send_word=_("Hide it"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def restore(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Show a hidden contribution again."""
    post = post_to_moderate(viewer=viewer_of(request), post_uuid=post_uuid)
    return _decide(
        request,
        form=WordsForm(request.POST if request.method == "POST" else None),
        do=lambda form: services.restore_post(
            post=post,
            moderator=person_of(request),
            words=form.cleaned_data["words"],
            at=timezone.now(),
        ),
        done=_("It can be read again. The author is told."),
        back=address_of(post),
        post=post,
        heading=_("Show this contribution again"),
        send_word=_("Show it again"),
    )


@require_POST
@login_required
@refuses_kindly
def dismiss(request: HttpRequest, post_uuid: UUID) -> HttpResponseBase:
    """Decide that nothing needs doing about reports of a contribution."""
    post = post_to_moderate(viewer=viewer_of(request), post_uuid=post_uuid)
    services.dismiss_reports(
        post=post,
        moderator=person_of(request),
        words=request.POST.get("words", "")[:2000],
        at=timezone.now(),
    )
    messages.success(request, _("Left as it is; the reports are settled."))
    return redirect("discussions:moderation")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def close(request: HttpRequest, slug: str, thread_uuid: UUID) -> HttpResponseBase:
    """End a discussion with what came of it."""
    thread = thread_to_moderate(viewer=viewer_of(request), thread_uuid=thread_uuid)
    return _decide(
        request,
        form=OutcomeForm(request.POST if request.method == "POST" else None),
        do=lambda form: services.close_thread(
            thread=thread,
            moderator=person_of(request),
            outcome=form.cleaned_data["words"],
            at=timezone.now(),
        ),
        done=_("Closed. What came of it stands above the discussion."),
        back=reverse("discussions:thread", args=[thread.space.slug, thread.uuid]),
        heading=_("Close “%(title)s”") % {"title": thread.title},
        send_word=_("Close it"),
    )


@require_POST
@login_required
@refuses_kindly
def reopen(request: HttpRequest, slug: str, thread_uuid: UUID) -> HttpResponseBase:
    """Take contributions to a discussion again."""
    thread = thread_to_moderate(viewer=viewer_of(request), thread_uuid=thread_uuid)
    try:
        services.reopen_thread(thread=thread, moderator=person_of(request), at=timezone.now())
    except services.AlreadyGone:
        messages.warning(request, _("It is open already."))
    else:
        messages.success(request, _("Open again."))
    return redirect("discussions:thread", thread.space.slug, thread.uuid)


@require_POST
@login_required
@refuses_kindly
def pin(request: HttpRequest, slug: str, thread_uuid: UUID) -> HttpResponseBase:
    """Keep a discussion at the top of its space, or let it go."""
    thread = thread_to_moderate(viewer=viewer_of(request), thread_uuid=thread_uuid)
    services.pin_thread(
        thread=thread,
        moderator=person_of(request),
        is_pinned=request.POST.get("pinned") == "yes",
        at=timezone.now(),
    )
    return redirect("discussions:thread", thread.space.slug, thread.uuid)


def _decide(
    request: HttpRequest,
    *,
    form: Form,
    do: Callable[[Any], object],
    done: str,
    back: str,
    heading: str,
    send_word: str,
    post: Post | None = None,
) -> HttpResponseBase:
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                do(form)
            except services.DiscussionError as error:
                _field, what_to_do, status = WHAT_TO_DO[type(error)]
                form.add_error(None, str(what_to_do))
            else:
                messages.success(request, done)
                return redirect(safe_next(request, default=back))
    context = {
        "form": form,
        "heading": heading,
        "send_word": send_word,
        "post": post,
        "name": shown_name(post) if post else "",
        "back_url": safe_next(request, default=back),
        "breadcrumbs": crumbs((_("Moderation"), reverse("discussions:moderation"))),
    }
    return render(request, "discussions/decide.html", context, status=status)
