"""Roles: what each needs, alone or beside another."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.forms import CompareForm, RoleFilterForm
from competencies.queries import role_page, roles_found
from competencies.views.reading import access, language_read


@require_safe
def role_list(request: HttpRequest) -> HttpResponseBase:
    """All roles, found by words."""
    form = RoleFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    roles = roles_found(access=access(request), text=asked.get("q", ""), language=language_read())
    return render(
        request,
        "competencies/role_list.html",
        {
            "form": form,
            "roles": roles,
            "is_narrowed": bool(asked.get("q")),
            "is_unchecked": any(role.title.is_unchecked for role in roles),
        },
    )


@require_safe
def role(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What a role needs of each function, and what another needs beside it."""
    page = role_page(
        access=access(request),
        slug=slug,
        language=language_read(),
        beside=request.GET.get("with", ""),
    )
    if page is None:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    other = page.roles[1].slug if len(page.roles) > 1 else ""
    return render(
        request,
        "competencies/role.html",
        {
            "page_of": page,
            "role": page.roles[0],
            "other": page.roles[1] if other else None,
            "form": CompareForm(initial={"with": other}, others=page.others),
            "breadcrumbs": [{"title": _("Roles"), "url": reverse("competencies:roles")}],
            "is_unchecked": page.is_unchecked,
        },
    )
