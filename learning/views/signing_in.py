"""A session that ends before something is sent: sign in, go on where one was, lose nothing."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypedDict
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from learning.permissions import writer_of
from organisations.models import User

KEPT = "learning_kept_answer"
KEPT_SECONDS = 60 * 60
MOST_KEPT = 40_000

View = Callable[..., HttpResponseBase]


class Answer(TypedDict):
    """What was sent to a step: words, or the places of what was chosen."""

    text: str | None
    chosen: list[str]


def only_posted(*, page: str) -> Callable[[View], View]:
    """Keep an address for what is sent to it: reading it leads to the page it is sent from.

    Who is not signed in is asked to sign in, and goes on at that page.

    Args:
        page: the name of that page's address; it takes the same ``key``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponseBase:
            address = reverse(page, args=[key])
            if request.method in {"GET", "HEAD"}:
                return redirect(address)
            if request.method != "POST":
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            if not request.user.is_authenticated:
                messages.info(
                    request,
                    _("You had been signed out. Sign in, then press the button once more."),
                )
                return redirect_to_login(address)
            return view(request, key=key, **kwargs)

        return wrapped

    return decorate


def keep_answer(
    request: HttpRequest, *, step: str, answer: Answer, writer: str, at: datetime
) -> bool:
    """Keep an answer for who wrote it until they have signed in; return whether it is kept.

    Only with the mark of a signed-in writer, so that nobody else meets the words on a shared
    computer, and only for an hour.
    """
    person_uuid = writer_of(writer)
    if person_uuid is None:
        return False
    if len(answer["text"] or "") > MOST_KEPT or len(answer["chosen"]) > MOST_KEPT // 100:
        return False
    request.session[KEPT] = {
        "step": step,
        "person": person_uuid,
        "answer": answer,
        "until": at.timestamp() + KEPT_SECONDS,
    }
    request.session.set_expiry(KEPT_SECONDS)
    return True


def take_kept_answer(request: HttpRequest, *, step: str, at: datetime) -> Answer | None:
    """Return, once, what the person wrote before they had to sign in; None if there is nothing."""
    if KEPT not in request.session or not isinstance(request.user, User):
        return None
    kept = request.session.pop(KEPT)
    if request.session.get("_session_expiry") == KEPT_SECONDS:  # a passkey keeps it as it was
        request.session.set_expiry(None)
    is_theirs = str(request.user.uuid) == kept["person"] and kept["step"] == step
    if not is_theirs or kept["until"] < at.timestamp():
        return None
    answer: Answer = kept["answer"]
    return answer
