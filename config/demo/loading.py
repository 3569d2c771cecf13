"""Load the demo whole or not at all, and take it away again."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from competencies.models import Evidence
from config.demo.accounts import DEMO_PARTNERSHIP, has_demo
from config.demo.feed import tell_of_training
from config.demo.judging import look_over_the_year, rate, share_for_supervision
from config.demo.people import make_cast
from config.demo.talk import hold_conversations
from config.demo.year import live_the_year
from discussions.models import Thread
from lrs.queries import person_identifier, statements_after
from lrs.services import remove_demo_statements
from lrs.signals import statements_stored
from organisations.models import Membership, Organisation, Partnership, Place, User
from records.models import RecordEntry
from records.receivers import on_statements_stored
from records.services import catch_up, link_known_addresses


def load_demo(*, now: datetime, progress: Callable[[str], None]) -> dict[str, int]:
    """Load the demo if it is not there; return what there is of it.

    Everything goes in by one transaction: a start that is cut short leaves nothing half-done.
    """
    if not has_demo():
        chance = random.Random("careweave-demo-1")  # noqa: S311 - the same demo every time
        with transaction.atomic():
            today = timezone.localdate(now)
            cast = make_cast(today=today, chance=chance)
            progress(f"{len(cast.members)} people in {len(cast.teams)} teams")
            sharing = share_for_supervision(cast=cast, today=today, chance=chance)
            progress(f"{sharing} people share with their supervisors")
            with projected_in_bulk():
                live_the_year(cast=cast, now=now, chance=chance, progress=progress)
                told = tell_of_training(cast=cast, now=now, chance=random.Random("careweave-feed"))  # noqa: S311
                progress(f"{told} statements of a training app")
                progress(f"{rate(cast=cast, now=now, chance=chance)} ratings")
                progress(f"{look_over_the_year(cast=cast, now=now, chance=chance)} looks")
                progress(f"{hold_conversations(cast=cast, now=now)} posts")
        link_known_addresses(at=now)
        catch_up(at=now)
    return count_demo()


@contextmanager
def projected_in_bulk() -> Iterator[None]:
    """Leave projection to the cursor, which reads five hundred statements at a time.

    The nudges are sent, in their order, when the outer transaction commits: it is put on again
    after the last of them.
    """
    statements_stored.disconnect(on_statements_stored)
    try:
        yield
    except BaseException:
        statements_stored.connect(on_statements_stored)
        raise
    transaction.on_commit(lambda: statements_stored.connect(on_statements_stored))


def count_demo() -> dict[str, int]:
    """Return how much of the demo there is."""
    partnership = Partnership.objects.filter(name=DEMO_PARTNERSHIP).first()
    organisations = partnership.organisations.all() if partnership else Organisation.objects.none()
    return {
        "organisations": organisations.count(),
        "places": partnership.places.count() if partnership else 0,
        "teams": partnership.teams.count() if partnership else 0,
        "people": User.objects.filter(email__endswith="@demo.example").count(),
        "statements": _count_statements(),
    }


def _count_statements() -> int:
    count, cursor = 0, ""
    while (following := statements_after(cursor, limit=2000)).statements:
        count, cursor = count + len(following.statements), following.cursor
    return count


@transaction.atomic
def remove_demo(*, at: datetime) -> dict[str, int]:
    """Take away everything of the demo; real people and what they did stay.

    What demo people wrote in discussions goes too, and a discussion that is empty then. Returns how
    much went.
    """
    gone = count_demo()
    partnership = Partnership.objects.filter(name=DEMO_PARTNERSHIP).first()
    if partnership is None:
        return gone
    people = User.objects.filter(email__endswith="@demo.example")
    organisations = list(partnership.organisations.all())
    removed = remove_demo_statements(
        actors=[person_identifier(person.uuid) for person in people]
        + [f"mbox::mailto:{person.email}" for person in people],
        organisations=organisations,
    )
    Thread.objects.filter(author__in=people).delete()
    Evidence.objects.filter(person__in=people).delete()
    RecordEntry.objects.filter(person__in=people).delete()
    Membership.objects.filter(
        Q(person__in=people) | Q(organisation__in=organisations) | Q(team__partnership=partnership)
    ).delete()
    for person in people:
        person.delete()
    places = list(partnership.places.all())
    partnership.teams.all().delete()
    partnership.delete()
    Organisation.objects.filter(pk__in=[one.pk for one in organisations]).delete()
    Place.objects.filter(pk__in=[one.pk for one in places], parent__isnull=False).delete()
    Place.objects.filter(pk__in=[one.pk for one in places]).delete()
    return {**gone, "statements": removed}
