"""Who wrote something that comes in without a session: a signed mark in the form."""

from django.core import signing

from organisations.models import User

SALT = "learning.writer"


def writer_mark(person: User) -> str:
    """Return a signed mark of who writes, for a form that may outlive the session."""
    return signing.dumps(str(person.uuid), salt=SALT)


def writer_of(mark: str) -> str | None:
    """Return the uuid of who wrote, or None for a mark that is not ours."""
    try:
        return str(signing.loads(mark, salt=SALT))
    except signing.BadSignature:
        return None
