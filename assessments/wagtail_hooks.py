"""What assessments add to the editor; registration only."""

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from assessments.models import Question, Quiz
from assessments.viewsets import AssessmentsViewSetGroup
from assessments.viewsets.policy import EducatorPolicy

for model in (Question, Quiz):
    register_permission_policy(model, EducatorPolicy(model), exact_class=True)

register_snippet(AssessmentsViewSetGroup)
