"""What somebody may do where people talk: yes or no, without a query."""

from organisations.permissions import Access, may_moderate


def may_moderate_space(access: Access, *, owner_id: int | None) -> bool:
    """A moderator of the space's owner, or of everything; an operator. Writing is another leave."""
    return may_moderate(access, organisation_id=owner_id)


def may_write_in(access: Access, *, is_open: bool) -> bool:
    """Signed in, where the space takes contributions. Whether they may read it is asked before."""
    return access.is_signed_in and is_open
