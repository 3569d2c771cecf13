"""Where educators write questions and quizzes."""

from assessments.viewsets.authoring import AssessmentsViewSetGroup

__all__ = ["AssessmentsViewSetGroup"]
