"""Loading the quizzes that come with Careweave."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from assessments.importers.starter import (
    StarterQuestion,
    StarterQuiz,
    StarterQuizWrong,
    StarterTranslation,
    read_quizzes,
)
from assessments.models import Choice, Question, Quiz, QuizCompetency, QuizQuestion
from assessments.services.quizzes import sync_quiz_competencies
from cms.models import TranslatedText
from competencies.models import Competency, Level

STARTER = Path(__file__).resolve().parent.parent / "starter"
NAMESPACE = uuid.UUID("6a0e6c0f-4f0e-4a55-9f6e-0a6c6c1f1b52")
FROM_A_FILE = 5
"""The version of a uuid that is made from a name; those of editors are random."""


@dataclass(frozen=True)
class LoadedQuizzes:
    """How many were read, and how many of them had changed since last time."""

    quizzes: int
    questions: int
    texts: int
    changed: int


def starter_quiz_uuid(key: str) -> uuid.UUID:
    """Return who the quiz with this key is, loaded or not."""
    return uuid.uuid5(NAMESPACE, key)


@transaction.atomic
def load_starter_quizzes(*, at: datetime, folder: Path = STARTER) -> LoadedQuizzes:
    """Make quizzes, their questions and translations say what the files of ``folder`` say.

    A quiz whose files have not changed since they were last read is left as it is, so corrections
    made in the editor stay until a file changes. What was answered keeps the words it was answered
    in. A question that a file no longer has leaves the quiz and is retired.

    Raises:
        StarterQuizWrong: a file cannot be read, or names a competency or level that is not in the
            shared framework; nothing is stored.

    Writes: Question, Choice, Quiz, TranslatedText, ActivityMapping. Safe to repeat.
    """
    quizzes = read_quizzes(folder)
    known = dict(Quiz.objects.values_list("uuid", "source_sha256"))
    due = [quiz for quiz in quizzes if known.get(starter_quiz_uuid(quiz.key)) != quiz.sha256]
    codes = _Codes() if due else None
    texts = 0
    for said in due:
        texts += _load(said, codes=codes or _Codes(), at=at)
    return LoadedQuizzes(
        quizzes=len(quizzes),
        questions=sum(len(quiz.questions) for quiz in quizzes),
        texts=texts,
        changed=len(due),
    )


class _Codes:
    """Competencies and levels of the shared framework, by what files call them."""

    def __init__(self) -> None:
        self._competencies = {
            row.source_identifier: row
            for row in Competency.objects.filter(framework__is_shared=True)
        }
        self._levels = {row.key: row for row in Level.objects.filter(framework__is_shared=True)}

    def competency(self, said: StarterQuiz, code: str) -> Competency:
        if code not in self._competencies:
            raise StarterQuizWrong(
                f"{said.key}: there is no competency {code} in the shared framework; "
                "load the framework first, or mend the code."
            )
        return self._competencies[code]

    def level(self, said: StarterQuiz, key: str) -> Level:
        if key not in self._levels:
            raise StarterQuizWrong(f"{said.key}: there is no level “{key}”.")
        return self._levels[key]


def _load(said: StarterQuiz, *, codes: _Codes, at: datetime) -> int:
    """Store a quiz; return how many translated texts it has."""
    quiz, is_new = Quiz.objects.update_or_create(
        uuid=starter_quiz_uuid(said.key),
        defaults={
            "title": said.title,
            "intro": said.intro,
            "language": said.language,
            "pass_percent": said.pass_percent,
            "max_attempts": said.max_attempts,
            "shuffle": said.shuffle,
            "source_sha256": said.sha256,
        },
    )
    if is_new:
        Quiz.objects.filter(pk=quiz.pk).update(is_published=True)
    questions = {row.key: _store_question(quiz, said, row, codes) for row in said.questions}
    placed = QuizQuestion.objects.filter(quiz=quiz)
    for left in Question.objects.filter(
        pk__in=placed.exclude(question__in=questions.values()).values("question")
    ):
        if left.uuid.version == FROM_A_FILE:
            left.is_retired = True
            left.save(update_fields=["is_retired"])
    placed.delete()
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz=quiz, question=questions[row.key], marks=row.marks, sort_order=place)
        for place, row in enumerate(said.questions)
    )
    QuizCompetency.objects.filter(quiz=quiz).delete()
    QuizCompetency.objects.bulk_create(
        QuizCompetency(
            quiz=quiz,
            competency=codes.competency(said, code),
            level=codes.level(said, key),
            counts_past=True,
            sort_order=place,
        )
        for place, (code, key) in enumerate(said.shows)
    )
    sync_quiz_competencies(quiz=quiz, at=at)
    return _store_texts(quiz, questions, said.translations)


def _store_question(quiz: Quiz, said: StarterQuiz, row: StarterQuestion, codes: _Codes) -> Question:
    question: Question
    question, _is_new = Question.objects.update_or_create(
        uuid=uuid.uuid5(quiz.uuid, row.key),
        defaults={
            "kind": row.kind,
            "text": row.text,
            "language": said.language,
            "is_retired": False,
        },
    )
    question.competencies.set([codes.competency(said, code) for code in row.about])
    question.save()
    kept = []
    for place, choice in enumerate(row.choices):
        stored, _is_new = Choice.objects.update_or_create(
            uuid=_choice_uuid(question, place),
            defaults={
                "question": question,
                "text": choice.text,
                "is_right": choice.is_right,
                "feedback": choice.feedback,
                "sort_order": place,
            },
        )
        kept.append(stored.pk)
    Choice.objects.filter(question=question).exclude(pk__in=kept).delete()
    return question


def _choice_uuid(question: Question, place: int) -> uuid.UUID:
    return uuid.uuid5(question.uuid, str(place))


def _store_texts(
    quiz: Quiz,
    questions: Mapping[str, Question],
    translations: Sequence[StarterTranslation],
) -> int:
    subjects = [quiz.uuid, *(question.uuid for question in questions.values())]
    subjects += Choice.objects.filter(question__in=questions.values()).values_list(
        "uuid", flat=True
    )
    TranslatedText.objects.filter(subject_uuid__in=subjects).exclude(
        language__in=[one.language for one in translations]
    ).delete()
    rows = [
        TranslatedText(
            subject_uuid=subject,
            field=field,
            language=translation.language,
            text=text,
            checked_by=translation.checked_by,
        )
        for translation in translations
        for subject, field, text in _texts(quiz, questions, translation)
        if text
    ]
    TranslatedText.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["subject_uuid", "language", "field"],
        update_fields=["text", "checked_by"],
    )
    return len(rows)


def _texts(
    quiz: Quiz, questions: Mapping[str, Question], translation: StarterTranslation
) -> Iterator[tuple[uuid.UUID, str, str]]:
    yield quiz.uuid, "title", translation.title
    yield quiz.uuid, "intro", translation.intro
    for key, (text, choices) in translation.questions.items():
        question = questions[key]
        yield question.uuid, "text", text
        for place, (answer, feedback) in enumerate(choices):
            yield _choice_uuid(question, place), "text", answer
            yield _choice_uuid(question, place), "feedback", feedback
