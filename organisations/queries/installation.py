"""What was fixed at first start."""

from functools import cache

from django.conf import settings

from organisations.models import Installation


@cache
def iri_base() -> str:
    """Return where our identifiers begin, without a slash at the end: fixed at first start.

    Before the first start has fixed it, the setting holds.
    """
    row = Installation.objects.filter(id=1).first()
    return row.iri_base if row else settings.IRI_BASE_AT_FIRST_START
