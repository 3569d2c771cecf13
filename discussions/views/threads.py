"""Beginning a discussion, reading one, and answering."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from discussions import services
from discussions.enums import Delivery
from discussions.forms import DeliveryForm, PostForm
from discussions.models import Post
from discussions.queries import (
    SubjectNotValid,
    ThreadShown,
    lesson_space,
    post_to_answer,
    shown_name,
    space_to_read,
    subject_of,
    thread_page,
    thread_to_read,
)
from discussions.rules.formatting import quoted
from discussions.services import Contribution
from discussions.views.composing import compose
from discussions.views.doorway import (
    crumbs,
    language_of,
    page_number,
    person_of,
    refuses_kindly,
    takes_part,
    viewer_of,
)


@require_safe
@refuses_kindly
def thread(request: HttpRequest, slug: str, thread_uuid: UUID) -> HttpResponseBase:
    """A discussion, with a form to answer it for who may."""
    found = thread_page(
        viewer=viewer_of(request),
        slug=slug,
        thread_uuid=thread_uuid,
        language=language_of(),
        at=timezone.now(),
        page=page_number(request),
    )
    return render(request, "discussions/thread.html", _thread_context(request, found))


def _messages(
    request: HttpRequest, found: ThreadShown
) -> tuple[list[Message], dict[int, list[Message]]]:
    """Return what is to be told above the page, and what at a contribution it is about.

    Somebody who comes to a contribution does not see the top of the page.
    """
    anchors = {f"post-{post.number}": post.number for post in found.posts}
    at_top: list[Message] = []
    at_posts: dict[int, list[Message]] = {}
    for message in get_messages(request):
        number = anchors.get(message.extra_tags or "")
        (at_top if number is None else at_posts.setdefault(number, [])).append(message)
    return at_top, at_posts


def _thread_context(request: HttpRequest, found: ThreadShown) -> dict[str, Any]:
    ready = found.can_reply and takes_part(request)
    address = reverse("discussions:thread", args=[found.space.slug, found.uuid])
    form = (
        PostForm(
            person=person_of(request),
            on=timezone.localdate(),
            language=language_of(),
            allows_unnamed=found.space.allows_unnamed,
            has_title=False,
        )
        if ready
        else None
    )
    at_top, at_posts = _messages(request, found)
    return {
        "messages": at_top,
        "posts": [(post, at_posts.get(post.number, [])) for post in found.posts],
        "found": found,
        "space": found.space,
        "form": form,
        "must_join": found.can_reply and not ready,
        "must_sign_in": not request.user.is_authenticated and not found.is_closed,
        "address": address,
        "reply_url": reverse("discussions:reply", args=[found.space.slug, found.uuid]),
        "following": DeliveryForm(initial={"delivery": found.delivery or Delivery.NONE}),
        "follow_url": reverse("discussions:follow_thread", args=[found.space.slug, found.uuid]),
        "breadcrumbs": crumbs(
            (found.space.title, reverse("discussions:space", args=[found.space.slug]))
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def new(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Begin a discussion in a space."""
    space = space_to_read(viewer=viewer_of(request), slug=slug)

    def send(contribution: Contribution, form: PostForm) -> Post:
        begun = services.start_thread(
            space=space,
            author=person_of(request),
            title=form.cleaned_data["title"],
            contribution=contribution,
            at=timezone.now(),
        )
        return begun.posts.get(number=1)

    address = reverse("discussions:space", args=[slug])
    return compose(
        request,
        space=space,
        send=send,
        has_title=True,
        context={
            "heading": _("Start a discussion"),
            "send_word": _("Post it"),
            "back_url": address,
            "breadcrumbs": crumbs((space.title, address)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def start_about(request: HttpRequest) -> HttpResponseBase:
    """Begin the discussion of a lesson, from the lesson's own page."""
    token = request.POST.get("subject") or request.GET.get("subject") or ""
    space = lesson_space(viewer=viewer_of(request))
    try:
        subject = subject_of(token)
    except SubjectNotValid as error:
        raise Http404 from error
    if space is None:
        raise Http404

    def send(contribution: Contribution, form: PostForm) -> Post:
        begun = services.start_thread(
            space=space,
            author=person_of(request),
            title=subject.title,
            contribution=contribution,
            at=timezone.now(),
            subject_iri=subject.iri,
        )
        return begun.posts.order_by("-number")[0]

    return compose(
        request,
        space=space,
        send=send,
        has_title=False,
        context={
            "heading": _("Discuss “%(title)s”") % {"title": subject.title},
            "send_word": _("Post it"),
            "subject_token": token,
            "back_url": subject.address,
            "breadcrumbs": crumbs(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuses_kindly
def reply(request: HttpRequest, slug: str, thread_uuid: UUID) -> HttpResponseBase:
    """Answer a discussion, or one contribution in it."""
    viewer = viewer_of(request)
    answered = thread_to_read(viewer=viewer, thread_uuid=thread_uuid, slug=slug)
    parent = _parent(request, thread_uuid)

    def send(contribution: Contribution, form: PostForm) -> Post:
        return services.reply(
            thread=answered,
            author=person_of(request),
            contribution=contribution,
            parent=parent,
            at=timezone.now(),
        )

    space = answered.space
    address = reverse("discussions:thread", args=[slug, thread_uuid])
    return compose(
        request,
        space=space,
        send=send,
        has_title=False,
        initial=_reply_initial(request, parent),
        context={
            "heading": _("Answer"),
            "thread_title": answered.title,
            "thread_language": answered.language,
            "answered": parent,
            "answered_name": shown_name(parent) if parent else "",
            "send_word": _("Post my answer"),
            "back_url": address,
            "breadcrumbs": crumbs(
                (space.title, reverse("discussions:space", args=[slug])),
                (answered.title, address),
            ),
        },
    )


def _parent(request: HttpRequest, thread_uuid: UUID) -> Post | None:
    given = request.POST.get("parent") or request.GET.get("to") or ""
    if not given:
        return None
    try:
        post = post_to_answer(viewer=viewer_of(request), post_uuid=UUID(given))
    except ValueError as error:
        raise Http404 from error
    if post.thread.uuid != thread_uuid:
        raise Http404
    return post


def _reply_initial(request: HttpRequest, parent: Post | None) -> dict[str, Any]:
    if parent is None:
        return {}
    wants_quote = "quote" in request.GET
    source = quoted(parent.source, name=shown_name(parent)) if wants_quote else ""
    return {"parent": parent.uuid, "source": source}
