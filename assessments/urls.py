"""Addresses of quizzes, of one's own view, and of supervision."""

from django.urls import path

from assessments.views import quizzes, self_assessment, supervision

app_name = "assessments"

urlpatterns = [
    path("learn/quizzes/<uuid:uuid>/", quizzes.quiz, name="quiz"),
    path("learn/quizzes/<uuid:uuid>/start", quizzes.start, name="start"),
    path("learn/quizzes/<uuid:uuid>/questions/<int:position>/", quizzes.question, name="question"),
    path("learn/quizzes/<uuid:uuid>/check/", quizzes.check, name="check"),
    path("learn/quizzes/<uuid:uuid>/results/<int:number>/", quizzes.result, name="result"),
    path("me/self-assessment/", self_assessment.roles, name="self-assessment"),
    path(
        "me/self-assessment/<slug:role_slug>/", self_assessment.tasks, name="self-assessment-tasks"
    ),
    path(
        "me/self-assessment/<slug:role_slug>/review/",
        self_assessment.review,
        name="self-assessment-review",
    ),
    path(
        "me/self-assessment/<slug:role_slug>/<str:code>/",
        self_assessment.function,
        name="self-assessment-function",
    ),
    path("supervision/", supervision.people, name="supervision"),
    path("supervision/<uuid:uuid>/", supervision.person, name="supervision-person"),
    path(
        "supervision/ratings/<uuid:uuid>/withdraw/",
        supervision.withdraw,
        name="withdraw-rating",
    ),
]
