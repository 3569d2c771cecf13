"""The broker without a server: nobody reads half a message."""

import os
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from config.celery import app


def connect(folder: Path) -> Connection:
    assert app.main == "careweave"
    names = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "c"}
    for name in set(names.values()):
        (folder / name).mkdir(exist_ok=True)
    options = {key: str(folder / name) for key, name in names.items()}
    return Connection("filesystem://", transport_options=options)


def test_a_message_comes_out_as_it_went_in(tmp_path: Path) -> None:
    with connect(tmp_path) as connection, connection.SimpleQueue("whole") as queue:
        queue.put({"number": 1})

        assert queue.get(timeout=20).payload == {"number": 1}


def test_a_message_has_no_name_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_first(unfinished: str, final: str) -> None:
        assert not os.path.exists(final)
        assert os.path.getsize(unfinished) > 0
        os.rename(unfinished, final)

    monkeypatch.setattr("config.broker.os.replace", look_first)
    with connect(tmp_path) as connection, connection.SimpleQueue("named") as queue:
        queue.put({"number": 2})

        assert queue.get(timeout=20).payload == {"number": 2}


def test_a_message_that_cannot_be_read_does_not_end_the_worker(tmp_path: Path) -> None:
    with connect(tmp_path) as connection, connection.SimpleQueue("broken") as queue:
        (tmp_path / "messages" / "1_empty.broken.msg").write_bytes(b"")
        with pytest.raises(Empty):
            queue.get(timeout=0.2)
        queue.put({"number": 3})

        assert queue.get(timeout=20).payload == {"number": 3}
