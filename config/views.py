"""Whether the installation is alive, can serve, and how it is doing."""

import hmac
from pathlib import Path

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from config.mail import filed_mails

NOT_FOR_SEARCH_ENGINES = ("/accounts/", "/me/", "/search/", "/invitations/")
FOR_MACHINES = ("/admin/", "/api/", "/xapi/", "/mail/")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: the process answers."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Can serve: the database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "migrations missing", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, to who holds METRICS_TOKEN; on loopback when none is set."""
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise Http404
    elif not _is_from_here(request):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _is_from_here(request: HttpRequest) -> bool:
    """Asked on the machine itself, and not through a proxy on it."""
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} & set(request.headers)
    return not forwarded and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1", ""}


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture or its rendition; whatever it holds, it can run nothing on our pages."""
    answer = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponseBase:
    """The mark, for what looks for it at the old place."""
    return redirect(static("cms/brand/favicon.ico"))


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone, and where the public pages are listed."""
    lines = ["User-agent: *"]
    for language, _name in settings.LANGUAGES:
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        lines += [f"Disallow: {prefix}{path}" for path in NOT_FOR_SEARCH_ENGINES]
    lines += [f"Disallow: {path}" for path in FOR_MACHINES]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Mails written to files, on a machine of one's own that sends none; nowhere else."""
    is_own_machine = settings.SITE_URL.startswith("http://localhost") and _is_from_here(request)
    if not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") or not is_own_machine:
        raise Http404
    return render(
        request,
        "cms/mail.html",
        {"mails": filed_mails(folder=Path(getattr(settings, "EMAIL_FILE_PATH", "")))},
    )


def admin_login(request: HttpRequest) -> HttpResponseBase:
    """Wagtail's sign-in is ours, or a second factor could be walked around."""
    wanted = request.GET.get("next", "/admin/")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = "/admin/"
    if request.user.is_authenticated:
        if request.user.has_perm("wagtailadmin.access_admin"):
            return redirect(wanted)
        raise Http404
    return redirect_to_login(wanted)
