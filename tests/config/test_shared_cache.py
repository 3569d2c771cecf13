"""Counts of tries are one count, however many processes there are."""

import subprocess
import sys
from pathlib import Path

from config.caches import SharedFolderCache

MANY = """
import sys
from django.conf import settings
settings.configure(USE_TZ=True)
from config.caches import SharedFolderCache
cache = SharedFolderCache(sys.argv[1], {})
print(sum(cache.add(f"turn{number}", 1) for number in range(200)))
"""


def folder(path: Path) -> SharedFolderCache:
    return SharedFolderCache(str(path), {"OPTIONS": {"MAX_ENTRIES": 1000}})


def test_another_process_sees_what_was_counted(tmp_path: Path) -> None:
    one, other = folder(tmp_path), folder(tmp_path)

    one.set("tries", [1.0, 2.0], 60)

    assert other.get("tries") == [1.0, 2.0]
    assert other.add("tries", []) is False
    assert other.add("more", 1) is True
    assert one.get("more") == 1


def test_of_several_processes_that_add_one_is_told_yes(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        for _number in range(2)
    ]

    won = [int(process.communicate(timeout=60)[0]) for process in running]

    assert sum(won) == 200


def test_what_has_lapsed_is_cleared_away(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("config.caches.random.randrange", lambda stop: 0)
    cache = folder(tmp_path)
    cache.set("gone", 1, timeout=-1)
    cache.set("stays", 1, timeout=60)

    cache.set("one-more", 1, timeout=60)

    assert len(cache._list_cache_files()) == 2
    assert cache.get("stays") == 1
