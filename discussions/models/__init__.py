"""Models of people talking together."""

from discussions.models.moderation import ModerationAction, Report
from discussions.models.spaces import Space
from discussions.models.taking_part import Mailing, Participant, Subscription
from discussions.models.threads import Post, Thread

__all__ = [
    "Mailing",
    "ModerationAction",
    "Participant",
    "Post",
    "Report",
    "Space",
    "Subscription",
    "Thread",
]
