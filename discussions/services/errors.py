"""What can stand in the way of talking together."""

from collections.abc import Sequence

from discussions.rules.identifiers import Identifier


class DiscussionError(Exception):
    """Something that the person can be told, and do something about."""


class NotYetTakingPart(DiscussionError):
    """They have not chosen the name others will see."""


class NameNotUsable(DiscussionError):
    """The display name is empty, too long, or would tell others an e-mail address."""


class NothingSaid(DiscussionError):
    """There are no words."""


class TooLong(DiscussionError):
    """There are more characters than one contribution may have."""


class SpaceClosed(DiscussionError):
    """The space can only be read."""


class ThreadClosed(DiscussionError):
    """The discussion has been brought to an end, or taken away."""


class FormOfSomeoneElse(DiscussionError):
    """The form carries the identity of words that somebody else wrote."""


class NotYourRole(DiscussionError):
    """Somebody wants to speak as what they are not, as far as this installation knows."""


class NamesNeeded(DiscussionError):
    """This space does not take contributions without a name."""


class TooFast(DiscussionError):
    """More contributions in a minute than a discussion can take in."""

    def __init__(self, *, seconds_to_wait: int) -> None:
        super().__init__(f"Wait {seconds_to_wait} seconds.")
        self.seconds_to_wait = seconds_to_wait


class MayIdentifySomeone(DiscussionError):
    """The words seem to hold something that tells who they are about; the author has to look."""

    def __init__(self, *, kinds: Sequence[Identifier]) -> None:
        super().__init__(", ".join(kinds))
        self.kinds = list(kinds)


class NotYours(DiscussionError):
    """Only who wrote it may change it."""


class TooLateToEdit(DiscussionError):
    """The time for changing it is over; it can still be withdrawn."""


class AlreadyGone(DiscussionError):
    """It was withdrawn or hidden before."""


class ReasonNeeded(DiscussionError):
    """A moderator has to say why."""


class OutcomeNeeded(DiscussionError):
    """A discussion is closed with a few words on what came of it."""
