"""Pages about record stores, for those who keep them; under /record-store/."""

from django.urls import path, re_path

from lrs.views import about, browser, stores

app_name = "lrs"

urlpatterns = [
    path("", stores.stores, name="stores"),
    path("<str:store>/", stores.overview, name="store"),
    path("<str:store>/statements/", browser.statements, name="statements"),
    re_path(
        r"^(?P<store>[^/]+)/statements/file\.(?P<kind>csv|json)$",
        browser.download,
        name="statements-file",
    ),
    path("<str:store>/statements/<uuid:uuid>/", browser.statement, name="statement"),
    path("<str:store>/statements/<uuid:uuid>/json", browser.statement_json, name="statement-json"),
    path(
        "<str:store>/statements/<uuid:uuid>/attachments/<str:sha2>",
        browser.attachment,
        name="attachment",
    ),
    path("<str:store>/activities/", about.activity, name="activity"),
    path("<str:store>/actors/", about.actor, name="actor"),
]
