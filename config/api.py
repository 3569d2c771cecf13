"""Our own API at /api/, with its OpenAPI page."""

from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from competencies.api.own import router as frameworks
from lrs.api.counts import router as counts
from lrs.api.following import router as following
from lrs.api.keys import router as record_store_keys
from lrs.api.outages import answer_to_outage


class PlainPage(DocsBase):
    """The OpenAPI description as a page of ours: nothing to run, nothing from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        operations = [
            {
                "method": method.upper(),
                "path": path,
                "summary": said["summary"],
                "id": said["operationId"],
                "parameters": [
                    {
                        "name": one["name"],
                        "place": one["in"],
                        "is_required": one["required"],
                        "text": one["schema"].get("description", one["schema"]["title"]),
                    }
                    for one in said["parameters"]
                ],
            }
            for path, methods in schema["paths"].items()
            for method, said in methods.items()
        ]
        with translation.override("en"):
            return render(
                request,
                "config/api.html",
                {
                    "schema": schema,
                    "operations": operations,
                    "openapi_url": self.get_openapi_url(api, kwargs),
                },
            )


api = NinjaAPI(
    title="Careweave",
    version="1",
    description="What other programs may read. Statements go to /xapi/, whole frameworks come "
    "from /ims/case/.",
    docs=PlainPage(),
    docs_url="/",
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("", frameworks)
api.add_router("record-store", following)
api.add_router("record-store", counts)
api.add_router("record-store/keys", record_store_keys)


@api.exception_handler(Error)
def on_database_error(request: HttpRequest, error: Error) -> HttpResponse:
    """Answer 507 or 503 for the record store as /xapi/ does; what is no outage rises."""
    is_of_store = request.path_info.startswith("/api/record-store/")
    answer = answer_to_outage(error, named="detail") if is_of_store else None
    if answer is None:
        raise error
    return answer
