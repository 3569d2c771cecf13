"""Statements to measure with: 1,240 bytes each, made before the clock starts.

2,000 agents, 500 activities, 12 verbs, 20 statements a registration; an account, a verb, an
activity with its definition, a result with a score, a context with three activities, a platform
and two extensions.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

AGENTS, ACTIVITIES, VERBS, A_REGISTRATION = 2_000, 500, 12, 20
SIZE = 1_240

_TEMPLATE = (
    '{"id":"%(id)s","actor":{"objectType":"Agent","name":"Testwell %(agent)d","account":{"homePage"'
    ':"https://hr.aber.example","name":"staff-%(agent)d"}},"verb":{"id":"https://verbs.example/xapi/'
    'verbs/verb-%(verb)d","display":{"en-GB":"did %(verb)d","cy":"gwnaeth %(verb)d"}},"object":{'
    '"objectType":"Activity","id":"https://courses.example/activities/lesson-%(activity)d",'
    '"definition":{"type":"http://adlnet.gov/expapi/activities/lesson","name":{"en-GB":"Lesson '
    '%(activity)d: working as one team"},"description":{"en-GB":"Who else is in the room?"}}},"result":{"score":{'
    '"scaled":%(score).2f,"raw":%(raw)d,"min":0,"max":100},"success":true,"completion":true,'
    '"duration":"PT%(minutes)dM30S"},"context":{"registration":"%(registration)s",'
    '"contextActivities":{"parent":[{"id":"https://courses.example/activities/module-%(module)d"}],'
    '"grouping":[{"id":"https://courses.example/activities/course-%(course)d"}],"category":[{"id":'
    '"https://w3id.org/xapi/cmi5/context/categories/cmi5"}]},"platform":"Testing ground","language"'
    ':"en-GB","extensions":{"https://w3id.org/xapi/cmi5/context/extensions/sessionid":"%(id)s",'
    '"https://courses.example/extensions/note":"%(filling)s"}},"timestamp":"2026-11-%(day)02dT'
    '%(hour)02d:%(minutes)02d:30.000Z"}'
)


@dataclass
class Making:
    """Statements one after another, the same for the same seed."""

    seed: int = 1
    made: int = 0
    registrations: list[str] = field(default_factory=list)
    """Some of those that were made, to ask for."""

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._registration = ""

    def one(self) -> bytes:
        """Return a statement."""
        random = self._random
        number = self.made
        self.made += 1
        if number % A_REGISTRATION == 0:
            self._registration = str(UUID(int=random.getrandbits(128), version=4))
            if number % 1_000 == 0:
                self.registrations.append(self._registration)
        activity = random.randrange(ACTIVITIES)
        values = {
            "id": UUID(int=random.getrandbits(128), version=4),
            "agent": random.randrange(AGENTS),
            "verb": random.randrange(VERBS),
            "activity": activity,
            "module": activity // 5,
            "course": activity // 25,
            "registration": self._registration,
            "score": random.random(),
            "raw": random.randrange(100),
            "minutes": random.randrange(60),
            "hour": random.randrange(24),
            "day": 1 + random.randrange(20),
            "filling": "",
        }
        short = SIZE - len(_TEMPLATE % values)
        values["filling"] = ("Who else is in the room, and what do they need to know? " * 8)[:short]
        return (_TEMPLATE % values).encode()

    def batches(self, count: int, size: int) -> Iterator[bytes]:
        """Yield bodies of so many statements each; of one, as a single statement."""
        for _ in range(count):
            if size == 1:
                yield self.one()
            else:
                yield b"[" + b",".join(self.one() for _ in range(size)) + b"]"


def agent_of(number: int) -> str:
    """Return an agent as the parameter of a request."""
    account = {"homePage": "https://hr.aber.example", "name": f"staff-{number}"}
    return json.dumps({"account": account})


def verb_of(number: int) -> str:
    """Return the IRI of a verb."""
    return f"https://verbs.example/xapi/verbs/verb-{number}"


def activity_of(number: int) -> str:
    """Return the IRI of an activity."""
    return f"https://courses.example/activities/lesson-{number}"
