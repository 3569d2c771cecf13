"""What can be done with quizzes, attempts and judgements."""

from assessments.importers.starter import StarterQuizWrong
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
from assessments.services.people import erase_assessments, move_assessments
from assessments.services.quizzes import sync_quiz_competencies
from assessments.services.ratings import (
    Judgement,
    NotTheirRating,
    NotTheirSupervisor,
    submit_self_assessment,
    submit_supervisor_ratings,
    withdraw_rating,
)
from assessments.services.starter import (
    LoadedQuizzes,
    load_starter_quizzes,
    starter_quiz_uuid,
)
from assessments.services.supervision import (
    NotSupervised,
    open_supervised_role,
    open_supervision_list,
)
from assessments.services.versions import keep_versions

__all__ = [
    "AttemptAlreadyMarked",
    "AttemptsUsedUp",
    "Judgement",
    "LoadedQuizzes",
    "NotAnAnswer",
    "NotSupervised",
    "NotTheirRating",
    "NotTheirSupervisor",
    "QuizNotOpen",
    "StarterQuizWrong",
    "Unanswered",
    "erase_assessments",
    "keep_versions",
    "load_starter_quizzes",
    "move_assessments",
    "open_supervised_role",
    "open_supervision_list",
    "save_answers",
    "start_attempt",
    "starter_quiz_uuid",
    "submit_attempt",
    "submit_self_assessment",
    "submit_supervisor_ratings",
    "sync_quiz_competencies",
    "withdraw_rating",
]
