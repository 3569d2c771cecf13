"""The discussion of something that people learn."""

from dataclasses import dataclass

from django.core import signing

from discussions.models import Space, Thread
from discussions.permissions import may_write_in
from discussions.queries.lines import ThreadLine, for_lines, thread_lines
from discussions.queries.spaces import spaces_open_to, threads_open_to
from organisations.permissions import Access

SUBJECT_SALT = "discussions.subject"


@dataclass(frozen=True)
class Subject:
    """What a discussion is to be about; carried by a form under a signature."""

    iri: str
    title: str
    address: str


@dataclass(frozen=True)
class SubjectDiscussion:
    """What a page about a subject shows of its discussion.

    ``start_token`` is empty when there is a discussion, or the viewer cannot begin one.
    """

    thread: ThreadLine | None
    start_token: str
    can_write: bool


class SubjectNotValid(Exception):
    """The form did not come from a page of ours."""


def thread_for(*, viewer: Access, subject_iri: str) -> Thread | None:
    """Return the discussion of an activity, if there is one that the viewer may read."""
    return threads_open_to(viewer).filter(subject_iri=subject_iri).first()


def subject_discussion(
    *, viewer: Access, subject: Subject, language: str
) -> SubjectDiscussion | None:
    """Return what a page about ``subject`` shows of its discussion; None where there is none to have.

    Only for subjects that everybody who reads the space for lessons may know of: the title of the
    discussion is the subject's. At most three queries.
    """
    space = lesson_space(viewer=viewer)
    if space is None:
        return None
    rows = list(for_lines(threads_open_to(viewer).filter(subject_iri=subject.iri)))
    lines = thread_lines(rows, language=language)
    can_write = may_write_in(viewer, is_open=space.is_open)
    return SubjectDiscussion(
        thread=lines[0] if lines else None,
        start_token=subject_token(subject) if can_write and not lines else "",
        can_write=can_write,
    )


def lesson_space(*, viewer: Access) -> Space | None:
    """Return the space that holds the discussions of lessons, if the viewer may read it."""
    return spaces_open_to(viewer).filter(is_for_lessons=True).first()


def subject_token(subject: Subject) -> str:
    """Return a subject under signature."""
    return signing.dumps([subject.iri, subject.title, subject.address], salt=SUBJECT_SALT)


def subject_of(token: str) -> Subject:
    """Return the subject that a form carried.

    Raises:
        SubjectNotValid: the signature is not ours.
    """
    try:
        iri, title, address = signing.loads(token, salt=SUBJECT_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise SubjectNotValid from error
    return Subject(iri=iri, title=title, address=address)
