"""How `make run` and every server run."""

from config.settings.base import *  # noqa: F403 - this module is base and what production adds
