"""Twelve months of learning in the demo, through the same services as real learning."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.models import Quiz
from assessments.services import save_answers, start_attempt, submit_attempt
from competencies.models import Competency, Level
from competencies.services import ShownCompetency, set_activity_mappings
from config.demo.people import Cast, Member, demo_uuid
from learning.models import CoursePage, LessonPage
from learning.queries import course_outline, quizzes_in
from learning.services import answer_check, complete_lesson, start_lesson
from lrs.services import store_statements, tenant_of
from lrs.statements import COMPLETED, PASSED

PAUSES = (0, 1, 1, 2, 3, 5, 8, 13)
"""Days between one lesson and the next."""
SHORT_PAUSES = (0, 1, 1, 2, 3)
LANGUAGES = ["en"] * 8 + ["cy", "ar"]


def live_the_year(
    *, cast: Cast, now: datetime, chance: random.Random, progress: Callable[[str], None]
) -> int:
    """Let everyone learn for a year, some more than others; return how many lessons were done."""
    courses = list(CoursePage.objects.live().filter(locale__language_code="en").order_by("path"))
    done = 0
    for number, member in enumerate(cast.members):
        with transaction.atomic():
            done += _learn(member, courses=courses, now=now, chance=chance)
        if number % 10 == 9:
            progress(f"{number + 1} people, {done} lessons")
    _learn_elsewhere(cast, now=now, chance=chance)
    return done


def _learn(
    member: Member, *, courses: list[CoursePage], now: datetime, chance: random.Random
) -> int:
    done = 0
    language = chance.choice(LANGUAGES)
    chosen = [course for course in courses if chance.random() < 0.25 + 0.6 * member.keenness]
    is_named = not member.person.username.startswith("demo")
    if is_named:
        chosen = courses[:3]
    # those one signs in as have done two courses lately and are in the middle of a third
    pause = SHORT_PAUSES if is_named else PAUSES
    moment = now - timedelta(days=45 if is_named else chance.randrange(150, 370))
    for place, course in enumerate(chosen):
        lessons = [
            line.page.specific
            for line in course_outline(viewer=member.person, course=course).lessons
        ]
        if is_named:
            share = 0.4 if place == len(chosen) - 1 else 1.0
        else:
            share = 1.0 if chance.random() < member.keenness else chance.random()
        many = round(len(lessons) * share)
        for lesson in lessons[:many]:
            moment = _later(moment, pause=pause, chance=chance)
            if moment >= now:
                return done
            if is_named or chance.random() < 0.3:
                _answer(member, lesson, at=moment, language=language, chance=chance)
            moment += timedelta(minutes=lesson.minutes)
            start_lesson(person=member.person, lesson=lesson, at=moment, language=language)
            for quiz in quizzes_in(lesson):
                moment = _pass(member, quiz, at=moment, until=now, language=language, chance=chance)
            if moment >= now:
                return done
            complete_lesson(person=member.person, lesson=lesson, at=moment, language=language)
            done += 1
        if many < len(lessons) and moment < now:
            start_lesson(
                person=member.person,
                lesson=lessons[many],
                at=min(_later(moment, pause=pause, chance=chance), now - timedelta(hours=2)),
                language=language,
            )
    return done


def _later(moment: datetime, *, chance: random.Random, pause: Sequence[int] = PAUSES) -> datetime:
    """Some days on, at a time when somebody on a shift has ten minutes."""
    day = (moment + timedelta(days=chance.choice(pause))).date()
    return max(
        timezone.make_aware(
            datetime.combine(
                day, time(chance.choice([6, 10, 13, 15, 19, 22]), chance.randrange(60))
            )
        ),
        moment + timedelta(minutes=12),
    )


def _answer(
    member: Member, lesson: LessonPage, *, at: datetime, language: str, chance: random.Random
) -> None:
    """Answer the first check of the lesson, usually rightly."""
    for block in lesson.body:
        if block.block_type != "check":
            continue
        right = [place for place, option in enumerate(block.value["options"]) if option["is_right"]]
        wrong = [place for place in range(len(block.value["options"])) if place not in right]
        answer_check(
            person=member.person,
            lesson=lesson,
            block_key=block.id,
            chosen=right if chance.random() < 0.75 or not wrong else [chance.choice(wrong)],
            at=at,
            language=language,
        )
        return


def _pass(
    member: Member,
    quiz: Quiz,
    *,
    at: datetime,
    until: datetime,
    language: str,
    chance: random.Random,
) -> datetime:
    """Try a quiz until it is passed, some days between the tries; return when that was."""
    for know in (0.85, 1.0):
        attempt = start_attempt(person=member.person, quiz=quiz, at=at, source=chance)
        answers = attempt.answers.select_related("version").order_by("position")
        save_answers(
            attempt=attempt,
            chosen={
                answer.position: _choices(answer.version.content, know=know, chance=chance)
                for answer in answers
            },
            at=at + timedelta(minutes=3),
        )
        marked = submit_attempt(attempt=attempt, at=at + timedelta(minutes=4), language=language)
        at += timedelta(minutes=5)
        if marked.is_passed:
            break
        at = _later(at, chance=chance)
        if at >= until:
            break
    return at


def _choices(content: dict[str, Any], *, know: float, chance: random.Random) -> list[str]:
    """Choose rightly, or one wrong answer."""
    right = [choice["uuid"] for choice in content["choices"] if choice["is_right"]]
    wrong = [choice["uuid"] for choice in content["choices"] if not choice["is_right"]]
    return right if chance.random() < know or not wrong else [chance.choice(wrong)]


def _learn_elsewhere(cast: Cast, *, now: datetime, chance: random.Random) -> None:
    """Let the hospital's own system report its courses, as an outside system does."""
    elsewhere = cast.plan["elsewhere"]
    hospital = cast.organisations["trust"]
    for course in elsewhere["courses"]:
        competency = Competency.objects.get(
            framework__is_shared=True, source_identifier=course["competency"]
        )
        level = Level.objects.get(framework=competency.framework, key=course["level"])
        set_activity_mappings(
            activity_iri=course["iri"],
            shown=[
                ShownCompetency(competency, level, counts_past=True, months_valid=course["months"])
            ],
            at=now - timedelta(days=800),
        )
    statements = []
    for member in cast.members:
        if member.organisation != hospital:
            continue
        for course in elsewhere["courses"]:
            if chance.random() > 0.75:
                continue
            at = now - timedelta(days=chance.randrange(20, 700), minutes=chance.randrange(900))
            passed = chance.random() < 0.8
            statements.append(
                {
                    "id": str(demo_uuid(f"{member.person.username}/{course['iri']}")),
                    "actor": {
                        "objectType": "Agent",
                        "mbox": f"mailto:{member.person.email}",
                    },
                    "verb": {
                        "id": PASSED if passed else COMPLETED,
                        "display": {"en": "passed" if passed else "completed"},
                    },
                    "object": {
                        "objectType": "Activity",
                        "id": course["iri"],
                        "definition": {
                            "name": {"en": course["name"]},
                            "type": "http://adlnet.gov/expapi/activities/course",
                        },
                    },
                    "result": {
                        "completion": True,
                        "score": {"scaled": chance.randrange(80, 101) / 100},
                    },
                    "timestamp": at.isoformat(),
                }
            )
    authority = {
        "objectType": "Agent",
        "account": {"homePage": elsewhere["home_page"], "name": "demo-hospital-system"},
    }
    for start, end in pairwise([*range(0, len(statements), 50), len(statements)]):
        store_statements(
            tenant=tenant_of(organisation=hospital),
            authority=authority,
            statements=statements[start:end],
        )
