"""Telling the record store that somebody took part."""

from discussions.models import Post, Thread
from lrs import statements
from lrs.services import store_own_statements
from organisations.queries import iri_base


def thread_activity(thread: Thread) -> statements.Activity:
    """Return a discussion as statements name it."""
    return statements.Activity(
        iri=f"{iri_base()}/activities/discussion/{thread.uuid}",
        kind="discussion",
        name={thread.language: thread.title},
    )


def state_post(*, post: Post) -> None:
    """Say that the author commented, or replied to somebody; the words stay here.

    Nothing is said of a post without a name: the time in a record would tell whose it is.

    Writes: one statement with the post's uuid as its id, or none. Safe to repeat.
    """
    if post.is_unnamed or post.author is None:
        return
    build = statements.commented if post.parent_id is None else statements.responded
    about = post.thread.subject_iri
    statement = build(
        person_uuid=post.author.uuid,
        activity=thread_activity(post.thread),
        timestamp=post.created_at,
        language=post.language,
        statement_id=post.uuid,
        parent=statements.Activity(iri=about, kind="lesson") if about else None,
    )
    store_own_statements(statements=[statement])
