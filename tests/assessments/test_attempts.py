"""Trying a quiz: what changes, what is refused, what is announced."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError

from assessments.models import Attempt, QuestionVersion, QuizQuestion
from assessments.services.attempts import (
    AttemptAlreadyMarked,
    AttemptsUsedUp,
    NotAnAnswer,
    QuizNotOpen,
    Unanswered,
    save_answers,
    start_attempt,
    submit_attempt,
)
from assessments.signals import attempt_marked
from cms.models import TranslatedText
from competencies.models import Evidence
from competencies.services import ShownCompetency, set_activity_mappings
from records.models import RecordEntry
from tests.factories.assessments import (
    AT,
    QuestionFactory,
    QuizFactory,
    answers_of,
    started,
    tried,
)
from tests.factories.competencies import FrameworkFactory
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


def test_start_fixes_what_is_asked() -> None:
    quiz = QuizFactory(pass_percent=60)

    attempt = started(person=PersonFactory(), quiz=quiz)

    quiz.pass_percent = 90
    quiz.save()
    QuizQuestion.objects.filter(quiz=quiz).first().delete()
    assert attempt.pass_percent == 60
    assert attempt.answers.count() == 2
    assert [row.position for row in attempt.answers.order_by("position")] == [1, 2]


def test_start_again_resumes_the_open_attempt() -> None:
    person, quiz = PersonFactory(), QuizFactory()

    first = started(person=person, quiz=quiz)
    second = started(person=person, quiz=quiz, at=LATER)

    assert second == first
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("state", ["unpublished", "empty", "unmarkable"])
def test_start_of_a_quiz_that_is_not_open_is_refused(state: str) -> None:
    quiz = QuizFactory(
        is_published=state != "unpublished", questions=0 if state == "empty" else None
    )
    if state == "unmarkable":
        quiz.questions.first().question.choices.update(is_right=False)

    with pytest.raises(QuizNotOpen):
        started(person=PersonFactory(), quiz=quiz)
    assert Attempt.objects.count() == 0


def test_start_beyond_the_attempts_allowed_is_refused() -> None:
    person, quiz = PersonFactory(), QuizFactory(max_attempts=1)
    tried(person=person, quiz=quiz, right=False)

    with pytest.raises(AttemptsUsedUp):
        started(person=person, quiz=quiz)
    assert started(person=PersonFactory(), quiz=quiz).number == 1


def test_shuffle_is_kept_for_the_attempt() -> None:
    quiz = QuizFactory(shuffle=True, questions=8)

    attempt = start_attempt(person=PersonFactory(), quiz=quiz, at=AT, source=random.Random("mixed"))

    asked = list(attempt.answers.order_by("position").values_list("version__question", flat=True))
    placed = list(quiz.questions.order_by("sort_order").values_list("question", flat=True))
    assert sorted(asked) == sorted(placed)
    assert asked != placed
    assert any(
        row.choice_order != [choice["uuid"] for choice in row.version.content["choices"]]
        for row in attempt.answers.select_related("version")
    )


def test_a_question_placed_twice_is_asked_once() -> None:
    quiz = QuizFactory()
    QuizQuestion.objects.create(quiz=quiz, question=quiz.questions.first().question, sort_order=9)

    assert started(person=PersonFactory(), quiz=quiz).answers.count() == 2


def test_all_right_passes_with_100() -> None:
    attempt = tried(person=PersonFactory(), quiz=QuizFactory())

    assert (attempt.score_percent, attempt.is_passed) == (100, True)
    assert [row.share for row in attempt.answers.all()] == [1.0, 1.0]


def test_all_wrong_does_not_pass() -> None:
    attempt = tried(person=PersonFactory(), quiz=QuizFactory(), right=False)

    assert (attempt.score_percent, attempt.is_passed) == (0, False)


def test_a_mark_stays_explainable_after_the_question_is_edited() -> None:
    quiz = QuizFactory(questions=1)
    question = quiz.questions.get().question
    before = tried(person=PersonFactory(), quiz=quiz)
    right, *_, wrong = question.choices.order_by("sort_order")
    right.is_right, wrong.is_right = False, True
    right.save()
    wrong.save()

    after = tried(person=PersonFactory(), quiz=quiz, right=False)

    assert before.answers.get().version.content["choices"][0]["is_right"] is True
    assert after.answers.get().version.content["choices"][0]["is_right"] is False
    assert after.answers.get().version.number == 2
    assert before.answers.get().share == 1


def test_a_question_that_did_not_change_keeps_its_version() -> None:
    quiz = QuizFactory(questions=3)

    for _ in range(3):
        tried(person=PersonFactory(), quiz=quiz)

    assert QuestionVersion.objects.count() == 3


def test_a_corrected_translation_is_a_new_version() -> None:
    quiz = QuizFactory(questions=1)
    question = quiz.questions.get().question
    tried(person=PersonFactory(), quiz=quiz)
    TranslatedText.objects.create(
        subject_uuid=question.uuid,
        field="text",
        language="cy",
        text="<p>Beth?<script>x</script></p>",
    )

    attempt = tried(person=PersonFactory(), quiz=quiz)

    content = attempt.answers.get().version.content
    assert content["translations"] == {"cy": {str(question.uuid): {"text": "<p>Beth?</p>"}}}
    assert QuestionVersion.objects.count() == 2


def test_versions_cost_the_same_for_one_question_and_three(django_assert_num_queries) -> None:
    people = [PersonFactory(), PersonFactory()]
    for number, person in zip([1, 3], people, strict=True):
        quiz = QuizFactory(questions=number)
        with django_assert_num_queries(16):
            started(person=person, quiz=quiz)


def test_save_keeps_answers_until_handed_in() -> None:
    attempt = started(person=PersonFactory(), quiz=QuizFactory())
    right = answers_of(attempt, right=True)
    wrong = answers_of(attempt, right=False)

    save_answers(attempt=attempt, chosen={1: wrong[1]}, at=AT)
    save_answers(attempt=attempt, chosen={1: right[1], 2: right[2]}, at=LATER)

    assert {row.position: row.chosen for row in attempt.answers.all()} == right


@pytest.mark.parametrize("bad", ["foreign", "two", "position"])
def test_save_refuses_what_is_not_an_answer(bad: str) -> None:
    attempt = started(person=PersonFactory(), quiz=QuizFactory())
    right, wrong = answers_of(attempt, right=True), answers_of(attempt, right=False)
    chosen = {
        "foreign": {2: right[2], 1: right[2]},
        "two": {2: right[2], 1: [*right[1], *wrong[1]]},
        "position": {2: right[2], 9: right[1]},
    }[bad]

    with pytest.raises(NotAnAnswer):
        save_answers(attempt=attempt, chosen=chosen, at=AT)
    assert not attempt.answers.exclude(chosen=[]).exists()


def test_hand_in_with_an_open_question_is_refused_and_names_it() -> None:
    attempt = started(person=PersonFactory(), quiz=QuizFactory(questions=3))
    save_answers(attempt=attempt, chosen={2: answers_of(attempt, right=True)[2]}, at=AT)

    with pytest.raises(Unanswered) as refused:
        submit_attempt(attempt=attempt, at=AT, language="en")

    assert refused.value.positions == [1, 3]
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_hand_in_twice_marks_once(django_capture_on_commit_callbacks) -> None:
    heard = []

    def listen(**what: object) -> None:
        heard.append(what)

    attempt_marked.connect(listen)
    person, quiz = PersonFactory(), QuizFactory()
    with django_capture_on_commit_callbacks(execute=True):
        attempt = tried(person=person, quiz=quiz)
        again = submit_attempt(attempt=attempt, at=LATER, language="en")
    attempt_marked.disconnect(listen)

    assert again.submitted_at == AT
    assert [(one["person_id"], one["quiz_uuid"], one["is_passed"]) for one in heard] == [
        (person.pk, quiz.uuid, True)
    ]
    with pytest.raises(AttemptAlreadyMarked):
        save_answers(attempt=attempt, chosen={1: []}, at=LATER)


def test_hand_in_goes_down_the_road_to_record_and_evidence(
    django_capture_on_commit_callbacks,
) -> None:
    quiz, person, framework = QuizFactory(), PersonFactory(), FrameworkFactory()
    competency = framework.competencies.order_by("pk").last()
    level = framework.levels.get(rank=2)
    set_activity_mappings(
        activity_iri=quiz.activity_iri, shown=[ShownCompetency(competency, level)], at=AT
    )

    with django_capture_on_commit_callbacks(execute=True):
        tried(person=person, quiz=quiz, right=False)
        tried(person=person, quiz=quiz, at=LATER)

    entries = RecordEntry.objects.filter(person=person).order_by("occurred_at", "pk")
    kinds = [(entry.kind, entry.score_scaled) for entry in entries]
    assert sorted(kinds) == sorted(
        (kind, score)
        for score, last in [(0, "failed"), (1, "passed")]
        for kind in ["answered", "answered", last]
    )
    shown = Evidence.objects.get(person=person)
    assert (shown.competency, shown.level, shown.kind) == (competency, level, "assessment")
    assert shown.observed_at == LATER


def test_two_open_attempts_cannot_be_stored() -> None:
    attempt = started(person=PersonFactory(), quiz=QuizFactory())

    with pytest.raises(IntegrityError):
        Attempt.objects.create(
            person=attempt.person, quiz=attempt.quiz, number=2, pass_percent=70, started_at=AT
        )


def test_multiple_choice_earns_a_part() -> None:
    quiz = QuizFactory(questions=0)
    QuizQuestion.objects.create(quiz=quiz, question=QuestionFactory(several=True))
    attempt = started(person=PersonFactory(), quiz=quiz)
    one_right = answers_of(attempt, right=True)[1][:1]
    save_answers(attempt=attempt, chosen={1: one_right}, at=AT)

    marked = submit_attempt(attempt=attempt, at=AT, language="en")

    assert (marked.score_percent, marked.is_passed) == (50, False)
