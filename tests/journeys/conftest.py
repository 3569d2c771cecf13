import pytest

from tests.committing import CommittingClient


@pytest.fixture
def client() -> CommittingClient:
    return CommittingClient()
