"""Pages travel compressed; what machines read does not change its ETag on the way."""

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import Client, RequestFactory

from config.middleware import CompressPages


@pytest.mark.django_db
def test_pages_are_compressed_for_who_can_read_it(client: Client) -> None:
    packed = client.get("/accounts/login/", headers={"accept-encoding": "gzip"})
    plain = client.get("/accounts/login/")

    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain


def test_json_keeps_its_etag() -> None:
    def answer(request: object) -> HttpResponse:
        return JsonResponse({"long": "word " * 200}, headers={"ETag": '"strong"'})

    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})

    response = CompressPages(answer)(request)

    assert response["ETag"] == '"strong"'
    assert "Content-Encoding" not in response
