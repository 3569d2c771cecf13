"""One include an app; Wagtail's catch-all last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from config import views
from config.api import api
from config.sitemap import PublicPages

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("mail/", views.mail, name="mail"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PublicPages}}),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/login/", views.admin_login),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", views.media),
    path("api/", api.urls),
    path("ims/case/", include("competencies.api.urls")),
    path("xapi/", include("lrs.urls")),
    path("", include("lrs.urls.forgiving")),
    path("oauth/", include("lrs.urls.oauth")),
]

urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("", include("cms.urls")),
    path("", include("assessments.urls")),
    path("", include("learning.urls")),
    path("", include("discussions.urls")),
    path("record-store/", include("lrs.urls.pages")),
    path("", include("organisations.urls")),
    path("", include("search.urls")),
    path("", include("competencies.urls")),
    path("", include("workforce.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

handler400 = "cms.views.bad_request"
