"""Sending statements on: who gets them, and seeing to it that they arrive."""

from lrs.services.sending.noting import Sent
from lrs.services.sending.round import send_on, targets_with_work
from lrs.services.sending.targets import (
    BadTarget,
    TargetSettings,
    change_target,
    make_target,
    new_webhook_secret,
    pause_target,
    remove_target,
    resend,
    resume_target,
    try_target,
)

__all__ = [
    "BadTarget",
    "Sent",
    "TargetSettings",
    "change_target",
    "make_target",
    "new_webhook_secret",
    "pause_target",
    "remove_target",
    "resend",
    "resume_target",
    "send_on",
    "targets_with_work",
    "try_target",
]
