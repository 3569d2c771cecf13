"""Addresses of a learner's own pages and of what they can do in a course."""

from django.urls import path

from learning import views

app_name = "learning"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/record.json", views.my_record_json, name="record-json"),
    path("me/standing/<uuid:uuid>/", views.my_reasons, name="reasons"),
    path("learn/courses/", views.courses, name="courses"),
    path("learn/courses/<uuid:key>/enrol", views.enrol_in_course, name="enrol"),
    path("learn/courses/<uuid:key>/leave", views.leave, name="leave"),
    path("learn/lessons/<uuid:key>/", views.lesson, name="lesson"),
    path("learn/lessons/<uuid:key>/start", views.start_lesson, name="start-lesson"),
    path("learn/lessons/<uuid:key>/complete", views.complete_lesson, name="complete-lesson"),
    path("learn/lessons/<uuid:key>/steps/<str:block_key>", views.answer_step, name="answer-step"),
]
