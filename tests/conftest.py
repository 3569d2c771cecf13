"""What every test may ask for; nothing here builds data."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("careweave", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("careweave")

pytest_plugins = ["tests.migrated_database"]

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files that developers and CI have beside the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data files is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A request in another language must not change the language of the next test."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    from django.core.cache import cache

    from lrs.services import forget_definitions
    from organisations.queries import iri_base

    cache.clear()
    forget_definitions()
    iri_base.cache_clear()
