"""Frameworks, their functions and competencies, to read and to take along."""

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.enums import FrameworkStatus
from competencies.exporters.case import CaseWriter, case_root
from competencies.exporters.tables import write_csv, write_xlsx
from competencies.forms import FrameworkFilterForm
from competencies.queries import (
    FrameworkHead,
    framework_cards,
    framework_content,
    framework_head,
    framework_page,
    frameworks_found,
    item_page,
    learning_for,
    roles_in_function,
    who_needs,
)
from competencies.views.reading import access, language_read, viewer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Crumbs = list[dict[str, str]]

MOST_UNFOLDED = 20
"""Competencies: with more, the parts of a framework are folded until somebody wants them."""


@require_safe
def framework_list(request: HttpRequest) -> HttpResponseBase:
    """All frameworks, found by words and status."""
    reader = access(request)
    may_edit = reader.is_educator or reader.is_operator
    form = FrameworkFilterForm(request.GET or None, may_see_drafts=may_edit)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    versions = frameworks_found(
        access=reader,
        text=asked.get("q", ""),
        status=asked.get("status") or FrameworkStatus.PUBLISHED,
    )
    page = Paginator(versions, 20).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "competencies/framework_list.html",
        {
            "form": form,
            "page_obj": page,
            "cards": framework_cards(versions=list(page), language=language_read()),
            "query": f"{query.urlencode()}&" if query else "",
            "is_narrowed": bool(query),
            "may_import": may_edit,
        },
    )


@require_safe
def framework(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A whole framework: levels, functions, competencies, versions."""
    head = _head(request, slug)
    if isinstance(head, HttpResponseBase):
        return head
    page = framework_page(head=head, language=language_read())
    folds = page.competencies > MOST_UNFOLDED
    return render(
        request,
        "competencies/framework.html",
        {
            "page_of": page,
            "folds": folds,
            "is_folded": folds and request.GET.get("unfold") != "yes",
            "fold_query": _asked(request, unfold=""),
            "unfold_query": _asked(request, unfold="yes"),
            "head": head,
            "breadcrumbs": _crumbs(),
            "is_unchecked": page.is_unchecked,
        },
    )


@require_safe
def item(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """One function or competency: what it looks like, who does it, how to learn it."""
    head = _head(request, slug)
    if isinstance(head, HttpResponseBase):
        return head
    page = item_page(head=head, name=name, language=language_read())
    if page is None:
        raise Http404
    reader = access(request)
    levels = [level for level, _descriptor in page.levels]
    needs = who_needs(
        access=reader,
        competency_ids=page.below_ids,
        levels=levels,
        language=language_read(),
    )
    crumbs = _crumbs()
    query = f"?version={head.number_asked}" if head.number_asked else ""
    crumbs.append(
        {
            "title": page.framework_title.value,
            "url": reverse("competencies:framework", args=[slug]) + query,
        }
    )
    crumbs += [
        {
            "title": above.name.value,
            "url": reverse("competencies:item", args=[slug, above.address]) + query,
        }
        for above in page.above
    ]
    return render(
        request,
        "competencies/item.html",
        {
            "page_of": page,
            "head": head,
            "item": page.item,
            "needs": needs.get(page.item.competency_id, []),
            "roles": roles_in_function(needs) if page.item.children else [],
            "learning": learning_for(
                viewer=viewer(request),
                competency_ids=page.below_ids,
                language=language_read(),
            ),
            "levels": page.levels,
            "level_by_rank": {level.rank: level for level in levels},
            "breadcrumbs": crumbs,
            "is_unchecked": page.is_unchecked,
        },
    )


@require_safe
def download(request: HttpRequest, slug: str, number: str, kind: str) -> HttpResponseBase:
    """A version as a file: CASE JSON, CSV or a spreadsheet."""
    head = _head(request, slug, number=int(number))
    if isinstance(head, HttpResponseBase):
        return head
    content = framework_content(version=head.version)
    response: HttpResponse
    if kind == "json":
        response = JsonResponse(
            CaseWriter(content, root=case_root()).package(),
            json_dumps_params={"ensure_ascii": False, "indent": 2},
        )
    elif kind == "csv":
        text = "\ufeff" + write_csv([content])
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(write_xlsx([content]), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{number}.{kind}"'
    return response


def _asked(request: HttpRequest, *, unfold: str) -> str:
    """Return the query of this page with everything unfolded or not."""
    asked = request.GET.copy()
    asked.pop("unfold", None)
    if unfold:
        asked["unfold"] = unfold
    return asked.urlencode()


def _head(
    request: HttpRequest, slug: str, *, number: int | None = None
) -> FrameworkHead | HttpResponseBase:
    """Return the version asked for; an anonymous reader who may not see it is asked to sign in."""
    asked = request.GET.get("version", "")
    if number is None and asked:
        if not asked.isdecimal() or len(asked) > 6:
            raise Http404
        number = int(asked)
    head = framework_head(access=access(request), slug=slug, number=number)
    if head is not None:
        return head
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


def _crumbs() -> Crumbs:
    return [{"title": _("Frameworks"), "url": reverse("competencies:frameworks")}]
