"""The benchmark brings figures out; how good they are is for a quiet machine to say."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lrs.rules.parsing import parse_statements
from lrs.rules.validation import validate_statements
from lrs.rules.versions import XAPI_1_0
from tests.bench.lrs import Plan, measure
from tests.bench.record_store.bodies import SIZE, Making
from tests.migrated_database import kept_file


def test_what_is_sent_is_what_the_page_says() -> None:
    bodies = list(Making().batches(1, 500))
    parsed = parse_statements(bodies[0])

    validate_statements(parsed.statements, book=XAPI_1_0, is_batch=True)
    assert {len(one) for one in parsed.raws} == {SIZE}
    assert len({one["id"] for one in parsed.statements}) == 500
    assert len({one["context"]["registration"] for one in parsed.statements}) == 25
    assert list(Making().batches(1, 500)) == bodies


@pytest.mark.sqlite
@pytest.mark.slow
@pytest.mark.usefixtures("django_db_setup")
def test_a_short_run_serves_and_measures(tmp_path: Path) -> None:
    if connection.vendor != "sqlite" or not kept_file().exists():
        pytest.skip("a migrated database is at hand only where tests run on SQLite")
    shutil.copy(kept_file(), tmp_path / "bench.sqlite3")
    said: list[str] = []

    found: Any = measure(
        "sqlite",
        f"sqlite:///{tmp_path / 'bench.sqlite3'}",
        folder=tmp_path,
        plan=Plan(sizes=[0], databases=["sqlite"], effort=0.001),
        tell=said.append,
    )

    figures = found["at_0"]
    warming = 400 + 8 * 50 + 2 * 500
    assert figures["statements"] == warming + 3 * 2 * 2 * (1 + 50 + 500)
    assert set(figures["post"]) == set(figures["raw_statements_a_second"])
    assert len(figures["post"]) == 6
    for cell in figures["post"].values():
        assert min(cell.values()) > 0
    assert {"agent", "verb", "activity", "registration", "since"} <= set(figures["get_100"])
    assert figures["memory_mib"] > 50
    assert figures["bytes_a_statement"] > SIZE
    assert json.loads(json.dumps(found)) == found
    assert any("batch_500_connections_8" in line for line in said)
