"""The demo goes in whole, goes in once, is the road's own work, and comes out again."""

import io
import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assessments.enums import RatingKind
from assessments.models import Rating
from assessments.queries.supervision import supervision_list
from competencies.enums import EvidenceKind
from competencies.models import Evidence
from config.demo.loading import load_demo
from config.starter import load_starter
from discussions.models import Post
from organisations.models import (
    AccessNote,
    Consent,
    Organisation,
    Partnership,
    Place,
    Team,
    User,
)
from organisations.queries import access_of, sources_open_to
from records.models import RecordEntry
from records.services import rebuild_records
from tests.factories.organisations import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def run(**options: object) -> dict[str, int]:
    out = io.StringIO()
    call_command("load_demo", stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_demo_goes_in_once_and_comes_out_whole() -> None:
    real = PersonFactory()
    first = run(yes=True)

    assert first["organisations"] >= 6
    assert first["places"] >= 4
    assert first["teams"] >= 5
    assert first["people"] >= 80
    assert first["statements"] > 1500
    assert run() == first
    assert rebuild_records(at=datetime.now(UTC), keep=False).differences == 0

    people_are_rated_by_others_and_by_themselves()
    sam_sees_ratings_beside_his()
    nia_can_read_who_looked_over_the_year()

    gone = run(remove=True)

    assert gone["people"] == first["people"]
    assert list(User.objects.all()) == [real]
    for model in (Organisation, Partnership, Place, Team, RecordEntry, Post, Rating, Consent):
        assert not model.objects.exists(), model


def people_are_rated_by_others_and_by_themselves() -> None:
    kinds = Counter(Evidence.objects.values_list("kind", flat=True))
    assert kinds[EvidenceKind.SELF_RATING] > 500
    assert kinds[EvidenceKind.SUPERVISOR_RATING] > 300
    raters = Rating.objects.filter(kind=RatingKind.SUPERVISOR).values_list("rater_id", flat=True)
    assert len(set(raters)) >= 6
    months = {at.strftime("%Y-%m") for at in Rating.objects.values_list("rated_at", flat=True)}
    assert len(months) >= 9


def sam_sees_ratings_beside_his() -> None:
    now = datetime.now(UTC)
    access = access_of(User.objects.get(username="sam"), on=now.date())
    listed = supervision_list(
        viewer=access,
        visible=sources_open_to(viewer=access, moment=now),
        on=now.date(),
        language="en",
    )
    with_own_view = [one for one in listed if one.own_view_at is not None]
    assert len(listed) * 0.4 < len(with_own_view) < len(listed)
    assert any(one.my_view_at for one in with_own_view)
    assert any(one.waiting for one in listed)


def nia_can_read_who_looked_over_the_year() -> None:
    looks = AccessNote.objects.filter(person__username="nia")
    assert len({look.noted_at.strftime("%Y-%m") for look in looks}) >= 5
    assert len({look.viewer_id for look in looks}) >= 2
    assert len({look.page for look in looks}) >= 3


def test_a_database_in_use_gets_no_demo_unasked() -> None:
    PersonFactory()

    with pytest.raises(CommandError, match="--yes"):
        run()


def test_a_demo_cut_short_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    load_starter(at=datetime.now(UTC))
    monkeypatch.setattr("config.demo.loading.live_the_year", _stumble)

    with pytest.raises(RuntimeError):
        load_demo(now=datetime.now(UTC), progress=lambda line: None)

    assert not Partnership.objects.exists()
    assert not User.objects.exists()


def _stumble(**kwargs: object) -> None:
    raise RuntimeError
