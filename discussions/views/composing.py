"""A form to say something with: preview, a look before it is posted, and what stood in the way."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discussions import services
from discussions.forms import PostForm
from discussions.models import Post, Space
from discussions.queries import space_in_language
from discussions.rules.formatting import safe_html
from discussions.rules.identifiers import Identifier
from discussions.services import Contribution
from discussions.views.doorway import anchor_of, language_of, person_of, takes_part, viewer_of

WHAT_TO_DO: dict[type[services.DiscussionError], tuple[str | None, str | Promise, int]] = {
    services.NothingSaid: ("source", gettext_lazy("Write something first."), 400),
    services.TooLong: ("source", gettext_lazy("This is too long. Shorten it, or use two."), 400),
    services.NotYourRole: (
        "speaking_as",
        gettext_lazy("We do not know you in this role any longer. Choose another."),
        400,
    ),
    services.NamesNeeded: (None, gettext_lazy("Here everybody writes under their name."), 400),
    services.SpaceClosed: (None, gettext_lazy("This space can only be read."), 409),
    services.ThreadClosed: (
        None,
        gettext_lazy("This discussion is closed. Begin a new one if there is more to say."),
        409,
    ),
    services.TooLateToEdit: (
        None,
        gettext_lazy("Fifteen minutes have passed: it can no longer be changed, only withdrawn."),
        409,
    ),
    services.FormOfSomeoneElse: (
        None,
        gettext_lazy(
            "Go back, reload the page and send it again. If that does not help, allow cookies "
            "for this site."
        ),
        409,
    ),
    services.AlreadyGone: (None, gettext_lazy("It was withdrawn or hidden before."), 409),
}

KIND_NAMES: dict[Identifier, str | Promise] = {
    Identifier.NHS_NUMBER: gettext_lazy("a number that could be an NHS number"),
    Identifier.EMAIL: gettext_lazy("an e-mail address"),
    Identifier.PHONE: gettext_lazy("a telephone number"),
    Identifier.POSTCODE: gettext_lazy("a postcode"),
}


def compose(
    request: HttpRequest,
    *,
    space: Space,
    send: Callable[[Contribution, PostForm], Post],
    has_title: bool,
    context: dict[str, Any],
    initial: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Show the form, or send what is in it and go to where it now stands."""
    if not takes_part(request):
        back = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('discussions:join')}?{back}")
    form = PostForm(
        request.POST if request.method == "POST" else None,
        person=person_of(request),
        on=timezone.localdate(),
        language=language_of(),
        allows_unnamed=space.allows_unnamed,
        has_title=has_title,
        initial=initial or {},
    )
    shown = space_in_language(viewer=viewer_of(request), space=space, language=language_of())
    context = context | {"space": shown}

    def sending() -> HttpResponseBase:
        post = send(contribution_of(request, form), form)
        messages.success(
            request,
            _("Your contribution is there for others to read."),
            extra_tags=anchor_of(post),
        )
        return redirect("discussions:post", post.uuid)

    return say(request, form=form, send=sending, template="discussions/compose.html", **context)


def say(
    request: HttpRequest,
    *,
    form: Form,
    send: Callable[[], HttpResponseBase],
    template: str,
    **context: Any,
) -> HttpResponseBase:
    """Send a form with words in it, or show it again with what to do about it."""
    context = {**context, "form": form}
    if request.method != "POST":
        return render(request, template, context)
    if "preview" in request.POST:
        preview = safe_html(request.POST.get("source", "")[:20000])
        return render(
            request,
            template,
            context | {"preview": mark_safe(preview)},  # noqa: S308 - made by safe_html
        )
    if not form.is_valid():
        return render(request, template, context, status=400)
    try:
        return send()
    except services.MayIdentifySomeone as error:
        found = [str(KIND_NAMES[kind]) for kind in error.kinds]
        return render(request, template, context | {"found_kinds": found})
    except services.TooFast as error:
        return _too_fast(request, template, context, form, error.seconds_to_wait)
    except services.DiscussionError as error:
        field, what_to_do, status = WHAT_TO_DO[type(error)]
        form.add_error(field if field in form.fields else None, str(what_to_do))
        return render(request, template, context, status=status)


def contribution_of(request: HttpRequest, form: PostForm) -> Contribution:
    """Return what a valid form says."""
    given = form.cleaned_data
    return Contribution(
        source=given["source"],
        language=given["language"],
        uuid=given["uuid"],
        speaking=form.speaking(),
        is_unnamed=given.get("is_unnamed", False),
        is_checked="checked" in request.POST,
    )


def _too_fast(
    request: HttpRequest, template: str, context: dict[str, Any], form: Form, seconds: int
) -> HttpResponseBase:
    form.add_error(
        None,
        ngettext(
            "That was a lot at once. Wait %(seconds)s second, then send it again: "
            "your words are kept below.",
            "That was a lot at once. Wait %(seconds)s seconds, then send it again: "
            "your words are kept below.",
            seconds,
        )
        % {"seconds": seconds},
    )
    answer = render(request, template, context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
