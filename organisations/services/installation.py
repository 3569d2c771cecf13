"""What is fixed once and for all at first start."""

from datetime import datetime

from organisations.models import Installation
from organisations.queries import iri_base


def fix_iri_base(*, wanted: str, at: datetime) -> str:
    """Fix where our identifiers begin, and return it: ``wanted`` the first time, later what holds.

    Writes: Installation. Safe to repeat.
    """
    row, _made = Installation.objects.get_or_create(
        id=1, defaults={"iri_base": wanted.rstrip("/"), "created_at": at}
    )
    iri_base.cache_clear()
    return row.iri_base
