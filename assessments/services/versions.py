"""Keeping what a question says at the moment it is asked."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.models import Question, QuestionVersion
from assessments.rules.wording import content_of, fingerprint
from cms.models import TranslatedText


@transaction.atomic
def keep_versions(*, question_ids: Collection[int], at: datetime) -> dict[int, QuestionVersion]:
    """Return a version of each question that says what the question says now.

    A question that has not changed since its newest version keeps that one. A fixed number of
    queries.

    Writes: QuestionVersion. Safe to repeat.
    """
    contents = _contents(question_ids)
    fingerprints = {pk: fingerprint(content) for pk, content in contents.items()}
    newest = _newest(contents)
    changed = [pk for pk, row in newest.items() if row.content_sha256 != fingerprints[pk]]
    missing = sorted({*changed, *(contents.keys() - newest.keys())})
    if not missing:
        return newest
    list(Question.objects.select_for_update().filter(pk__in=missing).order_by("pk"))
    newest |= _newest(missing)
    made = [
        QuestionVersion(
            question_id=pk,
            number=newest[pk].number + 1 if pk in newest else 1,
            content=contents[pk],
            content_sha256=fingerprints[pk],
            made_at=at,
        )
        for pk in missing
        if pk not in newest or newest[pk].content_sha256 != fingerprints[pk]
    ]
    QuestionVersion.objects.bulk_create(made)
    return newest | {row.question_id: row for row in made}


def _newest(question_ids: Collection[int]) -> dict[int, QuestionVersion]:
    rows = QuestionVersion.objects.filter(question_id__in=question_ids).order_by("number")
    return {row.question_id: row for row in rows}


def _contents(question_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    questions = list(Question.objects.filter(pk__in=question_ids).prefetch_related("choices"))
    uuids = [question.uuid for question in questions]
    uuids += [choice.uuid for question in questions for choice in question.choices.all()]
    texts: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in TranslatedText.objects.filter(subject_uuid__in=uuids).order_by("pk"):
        texts[row.language][str(row.subject_uuid)][row.field] = row.text
    return {question.pk: _content(question, texts) for question in questions}


def _content(
    question: Question, texts: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> dict[str, Any]:
    choices = sorted(question.choices.all(), key=lambda choice: (choice.sort_order or 0, choice.pk))
    own = {str(question.uuid), *(str(choice.uuid) for choice in choices)}
    return content_of(
        question_uuid=str(question.uuid),
        kind=question.kind,
        language=question.language,
        text=question.text,
        choices=[
            {
                "uuid": str(choice.uuid),
                "text": choice.text,
                "is_right": choice.is_right,
                "feedback": choice.feedback,
            }
            for choice in choices
        ],
        translations={
            language: {uuid: fields for uuid, fields in by_uuid.items() if uuid in own}
            for language, by_uuid in texts.items()
            if own & by_uuid.keys()
        },
    )
