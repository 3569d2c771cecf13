"""What we say in statements about answers, marks and ratings."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.html import strip_tags
from django.utils.text import Truncator

from assessments.enums import RatingKind
from assessments.models import Attempt, AttemptAnswer, Quiz, Rating
from cms.models import TranslatedText
from competencies.models import Competency
from lrs import statements
from lrs.services import store_own_statements
from organisations.queries import iri_base

NOT_YET = "not yet"


def quiz_activity(quiz: Quiz) -> statements.Activity:
    """Return the xAPI activity that a quiz is, in every language. One query."""
    names = dict(
        TranslatedText.objects.filter(subject_uuid=quiz.uuid, field="title").values_list(
            "language", "text"
        )
    )
    return statements.Activity(
        iri=quiz.activity_iri, kind="assessment", name={**names, quiz.language: quiz.title}
    )


def question_activity(answer: AttemptAnswer) -> statements.Activity:
    """Return the xAPI activity that a question is, in every language it was asked in."""
    content = answer.version.content
    own = content["uuid"]
    names = {
        language: texts[own]["text"]
        for language, texts in content["translations"].items()
        if texts.get(own, {}).get("text")
    }
    names[content["language"]] = content["text"]
    return statements.Activity(
        iri=f"{iri_base()}/activities/question/{own}",
        kind="question",
        name={language: Truncator(strip_tags(text)).chars(200) for language, text in names.items()},
    )


def competency_activity(rating: Rating) -> statements.Activity:
    """Return a competency as the activity that a rating is about."""
    competency: Competency = rating.competency
    return statements.Activity(
        iri=f"{iri_base()}/activities/competency/{competency.uuid}",
        kind="competency",
        name={rating.item.version.language: rating.item.short_title},
    )


def send_attempt(
    *, attempt: Attempt, answers: Iterable[AttemptAnswer], at: datetime, language: str
) -> None:
    """Say how each question was answered, and whether the quiz was passed.

    The attempt is the registration; every statement's id derives from it.

    Writes: statements. Safe to repeat.
    """
    quiz = quiz_activity(attempt.quiz)
    person_uuid = attempt.person.uuid
    said = [
        statements.answered(
            person_uuid=person_uuid,
            activity=question_activity(answer),
            parent=quiz,
            registration=attempt.uuid,
            timestamp=at,
            language=language,
            success=answer.share == 1,
            score=statements.Score(scaled=round(answer.share or 0, 4)),
            response="[,]".join(answer.chosen),
            statement_id=uuid.uuid5(attempt.uuid, f"answer {answer.position}"),
        )
        for answer in answers
    ]
    tell = statements.passed if attempt.is_passed else statements.failed
    percent = attempt.score_percent or 0
    said.append(
        tell(
            person_uuid=person_uuid,
            activity=quiz,
            registration=attempt.uuid,
            timestamp=at,
            language=language,
            score=statements.Score(scaled=percent / 100, raw=percent, min=0, max=100),
            statement_id=uuid.uuid5(attempt.uuid, "result"),
        )
    )
    store_own_statements(statements=said, received_at=at)


def send_ratings(*, ratings: Sequence[Rating], at: datetime, language: str) -> None:
    """Say which levels were given. The comment is not sent: it is between those two people.

    Writes: statements, which are not read into records: the rating is the truth.
    """
    store_own_statements(
        statements=[_rated(rating, language=language) for rating in ratings], received_at=at
    )


def send_withdrawal(*, rating: Rating, at: datetime) -> None:
    """Void what was said about a rating that is withdrawn.

    Writes: a voiding statement.
    """
    store_own_statements(
        statements=[statements.voided(statement_id=statement_id_of(rating.uuid), timestamp=at)],
        received_at=at,
    )


def statement_id_of(rating_uuid: uuid.UUID) -> uuid.UUID:
    """Return the id of the statement that tells of a rating."""
    return uuid.uuid5(rating_uuid, "statement")


def _rated(rating: Rating, *, language: str) -> statements.Statement:
    level = rating.level.key if rating.level else NOT_YET
    if rating.kind == RatingKind.SELF or rating.rater is None:
        return statements.self_assessed(
            rating_uuid=rating.uuid,
            level=level,
            person_uuid=rating.person.uuid,
            activity=competency_activity(rating),
            timestamp=rating.rated_at,
            language=language,
            statement_id=statement_id_of(rating.uuid),
        )
    return statements.rated(
        rating_uuid=rating.uuid,
        level=level,
        rater_uuid=rating.rater.uuid,
        person_uuid=rating.person.uuid,
        activity=competency_activity(rating),
        timestamp=rating.rated_at,
        language=language,
        statement_id=statement_id_of(rating.uuid),
    )
