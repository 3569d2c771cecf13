"""The life cycle of a store: how large it is, what goes, what must stay, and the proof of it."""

from lrs.views.life_cycle.acts import change, decide, erase
from lrs.views.life_cycle.holds import end_hold, hold
from lrs.views.life_cycle.policies import new_policy, policy
from lrs.views.life_cycle.record import acts_file, life_cycle

__all__ = [
    "acts_file",
    "change",
    "decide",
    "end_hold",
    "erase",
    "hold",
    "life_cycle",
    "new_policy",
    "policy",
]
