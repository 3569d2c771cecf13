"""Addresses of the pages about frameworks and roles."""

from django.urls import path, re_path

from competencies.views import frameworks, imports, roles

app_name = "competencies"

urlpatterns = [
    path("frameworks/", frameworks.framework_list, name="frameworks"),
    path("frameworks/import/", imports.import_framework, name="import"),
    path("frameworks/import/<uuid:uuid>/", imports.import_preview, name="import-preview"),
    path("frameworks/<slug:slug>/", frameworks.framework, name="framework"),
    re_path(
        r"^frameworks/(?P<slug>[-\w]+)/download/(?P<number>\d{1,6})\.(?P<kind>json|csv|xlsx)$",
        frameworks.download,
        name="download",
    ),
    path("frameworks/<slug:slug>/<str:name>/", frameworks.item, name="item"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/<slug:slug>/", roles.role, name="role"),
]
