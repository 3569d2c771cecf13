"""Addresses where people talk."""

from django.urls import path

from discussions.views import following, moderation, posts, spaces, threads

app_name = "discussions"

urlpatterns = [
    path("discussions/", spaces.index, name="index"),
    path("discussions/join/", following.join, name="join"),
    path("discussions/moderation/", moderation.queue, name="moderation"),
    path("discussions/about/", threads.start_about, name="start_about"),
    path("discussions/stop/<str:token>/", following.stop, name="unsubscribe"),
    path("discussions/post/<uuid:post_uuid>/", posts.permalink, name="post"),
    path("discussions/post/<uuid:post_uuid>/edit/", posts.edit, name="edit"),
    path("discussions/post/<uuid:post_uuid>/withdraw/", posts.withdraw, name="withdraw"),
    path("discussions/post/<uuid:post_uuid>/report/", posts.report, name="report"),
    path("discussions/post/<uuid:post_uuid>/hide/", moderation.hide, name="hide"),
    path("discussions/post/<uuid:post_uuid>/restore/", moderation.restore, name="restore"),
    path("discussions/post/<uuid:post_uuid>/dismiss/", moderation.dismiss, name="dismiss"),
    path("discussions/<slug:slug>/", spaces.space, name="space"),
    path("discussions/<slug:slug>/new/", threads.new, name="new"),
    path("discussions/<slug:slug>/follow/", following.follow_space, name="follow_space"),
    path("discussions/<slug:slug>/<uuid:thread_uuid>/", threads.thread, name="thread"),
    path("discussions/<slug:slug>/<uuid:thread_uuid>/reply/", threads.reply, name="reply"),
    path(
        "discussions/<slug:slug>/<uuid:thread_uuid>/follow/",
        following.follow_thread,
        name="follow_thread",
    ),
    path("discussions/<slug:slug>/<uuid:thread_uuid>/close/", moderation.close, name="close"),
    path("discussions/<slug:slug>/<uuid:thread_uuid>/reopen/", moderation.reopen, name="reopen"),
    path("discussions/<slug:slug>/<uuid:thread_uuid>/pin/", moderation.pin, name="pin"),
    path("me/notifications/", following.notifications, name="notifications"),
    path("me/notifications/<uuid:followed_uuid>/", following.change, name="change"),
]
