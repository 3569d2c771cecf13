"""Talking with other hosts: which we may reach, and one request at a time."""

from lrs.outside.asking import Answer, Ask, Failed, ask
from lrs.outside.reach import ANYWHERE, Forbidden, Reachable, check_address

__all__ = [
    "ANYWHERE",
    "Answer",
    "Ask",
    "Failed",
    "Forbidden",
    "Reachable",
    "ask",
    "check_address",
]
