"""Models of courses and of a learner's way through them."""

from learning.models.pages import (
    CourseCompetency,
    CoursePage,
    LearnIndexPage,
    LessonCompetency,
    LessonPage,
    ModulePage,
    StarterPage,
)
from learning.models.progress import Enrolment, LessonProgress, StepAnswer

__all__ = [
    "CourseCompetency",
    "CoursePage",
    "Enrolment",
    "LearnIndexPage",
    "LessonCompetency",
    "LessonPage",
    "LessonProgress",
    "ModulePage",
    "StarterPage",
    "StepAnswer",
]
