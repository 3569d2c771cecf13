"""The statements our own apps send: their vocabulary and how they are built.

An actor is a person's uuid as an account under the installation's IRI base, never an e-mail
address. Verbs are ADL's and the Total Learning Architecture's. The whole list is in
docs/reference/statements-we-send.md, held true by a test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NotRequired, TypedDict, Unpack
from uuid import UUID

from organisations.queries import iri_base

PLATFORM: Final = "Careweave"
_ADL: Final = "http://adlnet.gov/expapi/verbs/"
_TLA: Final = "https://w3id.org/xapi/tla/verbs/"
_ADL_TYPE: Final = "http://adlnet.gov/expapi/activities/"

REGISTERED: Final = f"{_ADL}registered"
LAUNCHED: Final = f"{_ADL}launched"
INITIALIZED: Final = f"{_ADL}initialized"
PROGRESSED: Final = f"{_ADL}progressed"
COMPLETED: Final = f"{_ADL}completed"
PASSED: Final = f"{_ADL}passed"
FAILED: Final = f"{_ADL}failed"
ANSWERED: Final = f"{_ADL}answered"
EXPERIENCED: Final = f"{_ADL}experienced"
COMMENTED: Final = f"{_ADL}commented"
RESPONDED: Final = f"{_ADL}responded"
ATTENDED: Final = f"{_TLA}attended"
SELF_ASSESSED: Final = f"{_TLA}asserted"
RATED: Final = f"{_TLA}verified"
VOIDED: Final = f"{_ADL}voided"

DISPLAY: Final[Mapping[str, Mapping[str, str]]] = {
    REGISTERED: {"en": "enrolled on", "cy": "ymrestrodd ar", "ar": "سجّل في"},
    LAUNCHED: {"en": "opened", "cy": "agorodd", "ar": "فتح"},
    INITIALIZED: {"en": "started", "cy": "dechreuodd", "ar": "بدأ"},
    PROGRESSED: {"en": "got further with", "cy": "aeth ymhellach gyda", "ar": "تقدّم في"},
    COMPLETED: {"en": "completed", "cy": "cwblhaodd", "ar": "أكمل"},
    PASSED: {"en": "passed", "cy": "llwyddodd yn", "ar": "اجتاز"},
    FAILED: {"en": "tried", "cy": "rhoddodd gynnig ar", "ar": "حاول"},
    ANSWERED: {"en": "answered", "cy": "atebodd", "ar": "أجاب عن"},
    EXPERIENCED: {"en": "read", "cy": "darllenodd", "ar": "قرأ"},
    COMMENTED: {"en": "commented on", "cy": "rhoddodd sylw ar", "ar": "علّق على"},
    RESPONDED: {"en": "replied to", "cy": "atebodd i", "ar": "ردّ على"},
    ATTENDED: {"en": "took part in", "cy": "cymerodd ran yn", "ar": "شارك في"},
    SELF_ASSESSED: {
        "en": "assessed their own level in",
        "cy": "asesodd ei lefel ei hun yn",
        "ar": "قيّم مستواه في",
    },
    RATED: {
        "en": "had their level confirmed in",
        "cy": "cafodd gadarnhad o'i lefel yn",
        "ar": "أُكّد مستواه في",
    },
    VOIDED: {"en": "withdrew", "cy": "tynnodd yn ôl", "ar": "سحب"},
}

ACTIVITY_TYPES: Final[Mapping[str, str]] = {
    "course": f"{_ADL_TYPE}course",
    "module": f"{_ADL_TYPE}module",
    "lesson": f"{_ADL_TYPE}lesson",
    "assessment": f"{_ADL_TYPE}assessment",
    "question": f"{_ADL_TYPE}question",
    "reflection": f"{_ADL_TYPE}interaction",
    "meeting": f"{_ADL_TYPE}meeting",
    "discussion": "http://id.tincanapi.com/activitytype/discussion",
    "page": "http://activitystrea.ms/schema/1.0/page",
    "video": "https://w3id.org/xapi/video/activity-type/video",
    "competency": "https://w3id.org/xapi/tla/activity-types/competency",
    "role": "https://w3id.org/xapi/tla/activity-types/job_duty_gig",
}

PROGRESS: Final = "https://w3id.org/xapi/cmi5/result/extensions/progress"


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a person can do, as statements name it."""

    iri: str
    kind: str
    """A key of ``ACTIVITY_TYPES``."""
    name: Mapping[str, str] = field(default_factory=dict)
    """By language; the languages it exists in."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well it went."""

    scaled: float
    """-1 to 1."""
    raw: float | None = None
    min: float | None = None
    max: float | None = None


Around = Activity | Sequence[Activity] | None
Statement = dict[str, Any]


class About(TypedDict):
    """What every builder takes."""

    person_uuid: UUID
    activity: Activity
    timestamp: datetime
    language: str
    """In which it was done."""
    registration: NotRequired[UUID | None]
    """The enrolment's uuid."""
    parent: NotRequired[Around]
    """What it is a part of: the lesson of a question, the course of a lesson."""
    grouping: NotRequired[Around]
    """What it belongs to less directly."""
    extensions: NotRequired[Mapping[str, Any]]
    """Of the context, by IRI."""
    statement_id: NotRequired[UUID | None]
    """Given where the same deed could be told twice; otherwise the store makes one."""


def person(person_uuid: UUID) -> dict[str, Any]:
    """Return a person as an actor: an account here, by uuid."""
    return {
        "objectType": "Agent",
        "account": {"homePage": iri_base(), "name": str(person_uuid)},
    }


def extension_iri(name: str) -> str:
    """Return the IRI of an extension of our own: ``rating`` or ``level``."""
    return f"{iri_base()}/xapi/extensions/{name}"


def registered(**about: Unpack[About]) -> Statement:
    """Someone enrolled on a course."""
    return _statement(REGISTERED, about)


def launched(**about: Unpack[About]) -> Statement:
    """Someone opened something that keeps its own record."""
    return _statement(LAUNCHED, about)


def initialized(**about: Unpack[About]) -> Statement:
    """Someone started something."""
    return _statement(INITIALIZED, about)


def progressed(*, progress_percent: int, **about: Unpack[About]) -> Statement:
    """Someone got further; ``progress_percent`` is how far they now are, 0–100."""
    return _statement(PROGRESSED, about, {"extensions": {PROGRESS: progress_percent}})


def completed(*, score: Score | None = None, **about: Unpack[About]) -> Statement:
    """Someone finished something."""
    return _statement(COMPLETED, about, {"completion": True, **_score(score)})


def passed(*, score: Score | None = None, **about: Unpack[About]) -> Statement:
    """Someone reached the pass mark."""
    return _statement(PASSED, about, {"success": True, "completion": True, **_score(score)})


def failed(*, score: Score | None = None, **about: Unpack[About]) -> Statement:
    """Someone tried and did not reach the pass mark."""
    return _statement(FAILED, about, {"success": False, "completion": True, **_score(score)})


def answered(
    *,
    success: bool | None = None,
    response: str | None = None,
    score: Score | None = None,
    **about: Unpack[About],
) -> Statement:
    """Someone answered a question; ``success`` is None where there is no right answer."""
    result: dict[str, Any] = _score(score)
    if success is not None:
        result["success"] = success
    if response is not None:
        result["response"] = response
    return _statement(ANSWERED, about, result)


def experienced(**about: Unpack[About]) -> Statement:
    """Someone read or watched something that is not finished or passed."""
    return _statement(EXPERIENCED, about)


def commented(**about: Unpack[About]) -> Statement:
    """Someone started a thread or commented; the words themselves are not sent."""
    return _statement(COMMENTED, about)


def responded(**about: Unpack[About]) -> Statement:
    """Someone replied to another person; the words themselves are not sent."""
    return _statement(RESPONDED, about)


def attended(**about: Unpack[About]) -> Statement:
    """Someone took part in a meeting: a fishbowl or a case discussion."""
    return _statement(ATTENDED, about)


def self_assessed(*, rating_uuid: UUID, level: str, **about: Unpack[About]) -> Statement:
    """Someone judged their own level in a competency.

    Args:
        rating_uuid: of the rating, which is the truth; this statement only tells of it.
        level: the name of the level.
        **about: with the competency as the activity.
    """
    return _rating(SELF_ASSESSED, rating_uuid, level, about)


def rated(*, rating_uuid: UUID, level: str, rater_uuid: UUID, **about: Unpack[About]) -> Statement:
    """Someone's level in a competency was judged by another person, who is the instructor.

    Args:
        rating_uuid: of the rating, which is the truth; this statement only tells of it.
        level: the name of the level.
        rater_uuid: who judged.
        **about: with the competency as the activity, and the person judged.
    """
    statement = _rating(RATED, rating_uuid, level, about)
    statement["context"]["instructor"] = person(rater_uuid)
    return statement


def voided(*, statement_id: UUID, timestamp: datetime) -> Statement:
    """The platform takes back a statement it made."""
    return {
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": iri_base(), "name": "platform"},
        },
        "verb": {"id": VOIDED, "display": dict(DISPLAY[VOIDED])},
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
        "timestamp": _instant(timestamp),
    }


def _rating(verb: str, rating_uuid: UUID, level: str, about: About) -> Statement:
    statement = _statement(verb, about, {"extensions": {extension_iri("level"): level}})
    extensions = statement["context"].setdefault("extensions", {})
    extensions[extension_iri("rating")] = str(rating_uuid)
    return statement


def _score(score: Score | None) -> dict[str, Any]:
    if score is None:
        return {}
    parts = {"scaled": score.scaled, "raw": score.raw, "min": score.min, "max": score.max}
    return {"score": {name: value for name, value in parts.items() if value is not None}}


def _instant(timestamp: datetime) -> str:
    return timestamp.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _activity(activity: Activity) -> dict[str, Any]:
    definition: dict[str, Any] = {"type": ACTIVITY_TYPES[activity.kind]}
    if activity.name:
        definition["name"] = dict(activity.name)
    return {"objectType": "Activity", "id": activity.iri, "definition": definition}


def _around(around: Around) -> list[dict[str, Any]]:
    if around is None:
        return []
    return [_activity(one) for one in ((around,) if isinstance(around, Activity) else around)]


def _statement(verb: str, about: About, result: Mapping[str, Any] | None = None) -> Statement:
    context: dict[str, Any] = {"platform": PLATFORM, "language": about["language"]}
    registration = about.get("registration")
    if registration is not None:
        context["registration"] = str(registration)
    around = {
        "parent": _around(about.get("parent")),
        "grouping": _around(about.get("grouping")),
    }
    if any(around.values()):
        context["contextActivities"] = {name: found for name, found in around.items() if found}
    extensions = about.get("extensions")
    if extensions:
        context["extensions"] = dict(extensions)
    statement: Statement = {
        "actor": person(about["person_uuid"]),
        "verb": {"id": verb, "display": dict(DISPLAY[verb])},
        "object": _activity(about["activity"]),
        "context": context,
        "timestamp": _instant(about["timestamp"]),
    }
    if result:
        statement["result"] = dict(result)
    statement_id = about.get("statement_id")
    if statement_id is not None:
        statement["id"] = str(statement_id)
    return statement
