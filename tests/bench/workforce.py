"""A heatmap of 200 people × 60 functions, beside reading the same evidence and drawing nothing."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

PEOPLE, FUNCTIONS, EVERY = 200, 60, 5


def run(*, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure the query and the page, and say how many times a raw read of the evidence they take."""
    import time_machine

    from competencies.models import Evidence
    from organisations.queries import access_of
    from tests.bench.measuring import milliseconds
    from tests.factories.workforce import MOMENT, ON, make_large_world, show_everything
    from workforce.queries import team_profile

    tell(f"a team of {PEOPLE} people and {FUNCTIONS} functions")
    with transaction.atomic():
        world = make_large_world(people=PEOPLE, functions=FUNCTIONS)
        show_everything(world, needs_every=EVERY)
    access = access_of(world.lead, on=ON)

    def profile() -> object:
        return team_profile(viewer=access, team=world.team, on=ON, moment=MOMENT, language="en")

    def raw() -> object:
        return list(
            Evidence.objects.values_list(
                "person_id", "competency_id", "level_id", "kind", "observed_at", "expires_on"
            )
        )

    with CaptureQueriesContext(connection) as asked:
        profile()
    queries = len(asked)
    tell("reading the evidence, and nothing else")
    reading = milliseconds(raw)
    tell("the profile")
    query = milliseconds(profile)
    tell("the page")
    with time_machine.travel(MOMENT, tick=True):
        client = Client()
        client.force_login(world.lead)
        address = f"/teams/{world.team.uuid}/"
        page = milliseconds(lambda: client.get(address), times=12)
    return {
        "people": PEOPLE,
        "functions": FUNCTIONS,
        "evidence": Evidence.objects.count(),
        "queries": queries,
        "raw_read": reading,
        "profile": query,
        "page": page,
        "profile_times_raw_read": round(
            query["processor_median_ms"] / reading["processor_median_ms"], 1
        ),
    }
