"""Addresses of a learner's own pages and of what they can do in a course."""

from django.urls import path

from learning.views import courses, lessons, record

app_name = "learning"

urlpatterns = [
    path("me/", record.me, name="me"),
    path("me/record/", record.my_record, name="record"),
    path("me/record/history/", record.history, name="history"),
    path("me/record.json", record.my_record_json, name="record-json"),
    path("me/standing/<uuid:uuid>/", record.my_reasons, name="reasons"),
    path("learn/courses/", courses.courses, name="courses"),
    path("learn/courses/<uuid:key>/", courses.course, name="course"),
    path("learn/courses/<uuid:key>/finished/", courses.finished, name="finished"),
    path("learn/courses/<uuid:key>/enrol", courses.enrol_in_course, name="enrol"),
    path("learn/courses/<uuid:key>/leave", courses.leave, name="leave"),
    path("learn/lessons/<uuid:key>/", lessons.lesson, name="lesson"),
    path("learn/lessons/<uuid:key>/start", lessons.start_lesson, name="start-lesson"),
    path("learn/lessons/<uuid:key>/complete", lessons.complete_lesson, name="complete-lesson"),
    path("learn/lessons/<uuid:key>/steps/<str:block_key>", lessons.answer_step, name="answer-step"),
]
