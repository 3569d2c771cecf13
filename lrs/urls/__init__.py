"""Under /xapi/. A slash at the end is neither needed nor minded."""

from django.urls import re_path

from lrs.api import addresses, documents, objects, shared, statements

urlpatterns = [
    re_path(r"^$", objects.root_view, name="xapi"),
    re_path(r"^about/?$", objects.about_view),
    re_path(r"^statements/?$", statements.statements_view, name="xapi-statements"),
    re_path(
        r"^statements/more/(?P<token>[A-Za-z0-9_-]+)/?$", statements.more_view, name="xapi-more"
    ),
    re_path(
        r"^shared/(?P<organisation>[0-9a-fA-F-]{36})/statements/?$",
        shared.statements_view,
        name="xapi-shared",
    ),
    re_path(r"^activities/?$", objects.activities_view),
    re_path(r"^activities/state/?$", documents.STATE.view()),
    re_path(r"^activities/profile/?$", documents.ACTIVITY_PROFILE.view()),
    re_path(r"^agents/?$", objects.agents_view),
    re_path(r"^agents/profile/?$", documents.AGENT_PROFILE.view()),
    re_path(r"^(?P<rest>.*)$", addresses.forgiving_view),
]
