"""Models of questions, marks, and judgements by people."""

from assessments.models.attempts import Attempt, AttemptAnswer
from assessments.models.questions import Choice, Question, QuestionVersion
from assessments.models.quizzes import Quiz, QuizCompetency, QuizQuestion
from assessments.models.ratings import Rating

__all__ = [
    "Attempt",
    "AttemptAnswer",
    "Choice",
    "Question",
    "QuestionVersion",
    "Quiz",
    "QuizCompetency",
    "QuizQuestion",
    "Rating",
]
