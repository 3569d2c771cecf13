"""Eight senders that remember what they were told was stored, and send again what they were not."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from tests.bench.record_store.sending import Connection, Door

WRITERS = 8
KNOWN = "ffion@aber.example"
"""The address of a person whom the platform knows."""
_LATER = (503, 507)


@dataclass
class Told:
    """What the senders sent, and what they were told."""

    requests: list[list[str]] = field(default_factory=list)
    """The ids of each request that was ever sent."""
    acknowledged: set[str] = field(default_factory=set)
    unanswered: int = 0
    later: int = 0
    """How often they were told to come back later."""
    wrong: list[str] = field(default_factory=list)
    """Answers that a sender must never get."""


class Writers:
    """Senders at work until they are stopped."""

    def __init__(self, door: Door, *, seed: int, pause_seconds: float = 0.01) -> None:
        self.told = Told()
        self._door = door
        self._pause_seconds = pause_seconds
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(Random(seed * 1000 + number),))
            for number in range(WRITERS)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> Told:
        """Let each finish what it is at."""
        self._done.set()
        for thread in self._threads:
            thread.join()
        return self.told

    def _write(self, random: Random) -> None:
        connection: Connection | None = None
        waiting: list[tuple[list[str], bytes]] = []
        while not self._done.is_set():
            if waiting and random.random() < 0.5:
                ids, request = waiting.pop()
            else:
                ids, request = self._request(random)
                self.told.requests.append(ids)
            try:
                connection = connection or Connection(self._door.port)
                status, body = connection.ask(request)
            except (OSError, ValueError):
                connection = None
                self.told.unanswered += 1
                waiting.append((ids, request))
                self._done.wait(0.05)
                continue
            if status in (200, 204):
                self.told.acknowledged.update(ids)
            elif status in _LATER:
                self.told.later += 1
                waiting.append((ids, request))
                self._done.wait(0.2)
            else:
                self.told.wrong.append(f"{status} {body[:300]!r}")
            self._done.wait(random.random() * 2 * self._pause_seconds)
        if connection is not None:
            connection.close()

    def _request(self, random: Random) -> tuple[list[str], bytes]:
        size = random.choice((1, 1, 1, 2, 10, 50))
        ids = [str(UUID(int=random.getrandbits(128), version=4)) for _ in range(size)]
        statements = [statement(random, one) for one in ids]
        if size == 1 and random.random() < 0.3:
            body = json.dumps(statements[0]).encode()
            return ids, self._door.request("PUT", body, statementId=ids[0])
        return ids, self._door.request("POST", json.dumps(_one_or_many(statements)).encode())


def _one_or_many(statements: Sequence[object]) -> object:
    return statements[0] if len(statements) == 1 else statements


def statement(random: Random, statement_id: str) -> dict[str, object]:
    """A statement of a person we know, or of one we do not."""
    who = KNOWN if random.random() < 0.5 else f"stranger-{random.randrange(50)}@aber.example"
    lesson = f"https://courses.example/lesson-{random.randrange(30)}"
    made: dict[str, object] = {
        "id": statement_id,
        "actor": {"mbox": f"mailto:{who}"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{random.choice(('completed', 'passed'))}"},
        "object": {"id": lesson, "definition": {"name": {"en": lesson[-9:]}}},
        "result": {"score": {"scaled": round(random.random(), 3)}, "success": True},
        "context": {"contextActivities": {"parent": [{"id": "https://courses.example/course"}]}},
        "timestamp": f"2026-11-{1 + random.randrange(20):02d}T09:30:00.000Z",
    }
    if random.random() < 0.05:
        made["verb"] = {"id": "http://adlnet.gov/expapi/verbs/voided"}
        made["object"] = {
            "objectType": "StatementRef",
            "id": str(UUID(int=random.getrandbits(128), version=4)),
        }
        del made["result"]
    return made
