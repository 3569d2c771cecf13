"""A test client whose requests run what they do on commit, as a real one's do."""

from typing import Any

from django.db import connection
from django.test import Client, TestCase


class CommittingClient(Client):
    """Runs commit hooks before it hands the answer over; needs no committed transaction."""

    def request(self, **request: Any) -> Any:
        assert connection.in_atomic_block
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)
