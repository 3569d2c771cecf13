"""What mails about discussions say, each in its reader's language."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussions.enums import ModerationKind, ReportReason
from discussions.models import ModerationAction, Post, Thread
from discussions.queries import News, shown_name
from discussions.services.following import unsubscribe_token
from organisations.models import User


def letter_about_post(*, person: User, address: str, post: Post) -> EmailMessage:
    """Return a mail that tells ``person`` of one post, with a link that stops such mails."""
    with translation.override(person.language):
        context = {
            "name": shown_name(post),
            "title": post.thread.title,
            "words": post.text,
            "address": absolute("post", post.uuid),
        }
        subject = _("%(name)s in “%(title)s”") % context
        stop = unsubscribe_token(person=person, thread=post.thread)
        return _letter(address, subject, "each", context, stop=stop)


def weekly_letter(*, person: User, address: str, news: Sequence[News]) -> EmailMessage:
    """Return a mail that tells ``person`` of a week, with a link that stops every mail."""
    with translation.override(person.language):
        count = sum(line.posts for line in news)
        subject = ngettext(
            "%(count)s new contribution in discussions you follow",
            "%(count)s new contributions in discussions you follow",
            count,
        ) % {"count": count}
        lines = [{"news": one, "address": absolute("post", one.first_post_uuid)} for one in news]
        return _letter(
            address, subject, "weekly", {"lines": lines}, stop=unsubscribe_token(person=person)
        )


def letter_about_action(*, person: User, address: str, action: ModerationAction) -> EmailMessage:
    """Return a mail that tells an author what a moderator did and why. It cannot be stopped."""
    with translation.override(person.language):
        thread: Thread = action.thread
        subject = _action_subject(ModerationKind(action.kind)) % {"title": thread.title}
        context = {
            "subject": subject,
            "reason": ReportReason(action.reason).label if action.reason else "",
            "words": action.words,
            "address": (
                absolute("post", action.post.uuid)
                if action.post
                else absolute("thread", thread.space.slug, thread.uuid)
            ),
        }
        return _letter(address, subject, "moderated", context)


def absolute(name: str, *args: object) -> str:
    """Return the whole address of one of our pages, in the language of now."""
    path = reverse(f"discussions:{name}", args=[str(part) for part in args])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _action_subject(kind: ModerationKind) -> str:
    return {
        ModerationKind.HIDE: _("A moderator has hidden what you wrote in “%(title)s”"),
        ModerationKind.RESTORE: _("What you wrote in “%(title)s” can be read again"),
        ModerationKind.CLOSE: _("Your discussion “%(title)s” has been closed"),
        ModerationKind.REOPEN: _("Your discussion “%(title)s” is open again"),
        ModerationKind.PIN: _("Your discussion “%(title)s” is kept at the top"),
        ModerationKind.UNPIN: _("Your discussion “%(title)s” is no longer kept at the top"),
    }[kind]


def _letter(
    address: str, subject: str, template: str, context: Mapping[str, object], *, stop: str = ""
) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated"}
    stop_address = absolute("unsubscribe", stop) if stop else ""
    if stop_address:
        headers["List-Unsubscribe"] = f"<{stop_address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    body = render_to_string(
        f"discussions/mail/{template}.txt",
        {**context, "stop_address": stop_address, "settings_address": absolute("notifications")},
    )
    return EmailMessage(" ".join(subject.split()), body, to=[address], headers=headers)
