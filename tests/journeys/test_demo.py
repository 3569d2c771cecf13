"""The demo goes in whole, goes in once, is the road's own work, and comes out again."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.demo.loading import load_demo
from config.starter import load_starter
from discussions.models import Post
from organisations.models import Organisation, Partnership, Place, Team, User
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

    gone = run(remove=True)

    assert gone["people"] == first["people"]
    assert list(User.objects.all()) == [real]
    for model in (Organisation, Partnership, Place, Team, RecordEntry, Post):
        assert not model.objects.exists(), model


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
