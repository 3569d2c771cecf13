"""What is small to send and dear to judge: each has to be answered in a moment."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from lrs.rules.equivalence import SIGNATURE
from lrs.rules.presentation import one_language, preferred_languages
from tests.lrs.conftest import Store
from tests.lrs.samples import statement

MULTIPART = "multipart/mixed; boundary=b"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


@pytest.mark.parametrize("end", ["\n", "\x0b\n", "\x00\n"])
def test_spaces_in_a_header_of_a_part_cost_no_more_than_their_number(
    store: Store, end: str
) -> None:
    body = f"--b\r\nContent-Type:{' ' * 16_000}{end}\r\n\r\n[]\r\n--b--\r\n".encode()

    with within(1):
        answer = store.send("POST", "statements", body=body, content_type=MULTIPART)

    assert answer.status_code == 400


def test_a_key_that_is_repeated_at_the_end_of_many_is_found_at_once(store: Store) -> None:
    keys = ",".join(f'"k{number}":0' for number in range(200_000))
    body = f'{{{keys},"z":0,"z":0}}'.encode()

    with within(3):
        answer = store.send("POST", "statements", body=body)

    assert answer.status_code == 400
    assert "'z' twice" in answer.json()["message"]


def test_a_text_in_very_many_languages_is_chosen_from_quickly() -> None:
    texts = {f"x-{number:06d}": "text" for number in range(50_000)}
    wanted = [f"de-at-x-{number}" for number in range(50)]

    with within(2):
        assert one_language(texts, wanted) == {"x-000000": "text"}
    with within(0.2):
        assert preferred_languages(f"en{' ' * 8_000}!") == []


@pytest.mark.parametrize(
    ("tags", "wanted", "found"),
    [
        (["en-GB", "en-US"], "en", "en-GB"),
        (["zh-Hant-TW", "zh-Hans"], "zh-hant", "zh-Hant-TW"),
        (["cy", "en"], "cy-GB", "cy"),
        (["en-GB", "en"], "en-US", "en"),
        (["enm", "fr"], "en", "enm"),
        (["fr", "de"], "*", "fr"),
        (["fr", "und"], "-", "und"),
    ],
)
def test_the_nearest_language_is_taken(tags: list[str], wanted: str, found: str) -> None:
    chosen = one_language({tag: tag for tag in tags}, preferred_languages(wanted))

    assert list(chosen) == [found]


def test_a_certificate_with_a_key_of_an_unknown_kind_is_400(store: Store) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    of_rsa, of_nothing = (bytes.fromhex(f"06092a864886f70d0101{last}") for last in ("01", "7e"))
    chain = [base64.b64encode(certificate.replace(of_rsa, of_nothing)).decode()]
    said = statement()
    parts = (json.dumps({"alg": "RS256", "x5c": chain}).encode(), json.dumps(said).encode(), b"no")
    signature = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    sum_ = hashlib.sha256(signature).hexdigest()
    attachment = {
        "usageType": SIGNATURE,
        "display": {"en": "Signature"},
        "contentType": "application/octet-stream",
        "length": len(signature),
        "sha2": sum_,
    }
    body = (
        b"--b\r\nContent-Type: application/json\r\n\r\n"
        + json.dumps({**said, "attachments": [attachment]}).encode()
        + b"\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        + f"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sum_}\r\n\r\n".encode()
        + signature
        + b"\r\n--b--\r\n"
    )

    answer = store.send("POST", "statements", body=body, content_type=MULTIPART)

    assert answer.status_code == 400
    assert "x5c" in answer.json()["message"]


@pytest.mark.parametrize("resource", ["statements", "about", "activities/state", "nothing"])
def test_no_answer_is_a_page_of_ours_to_a_browser(store: Store, resource: str) -> None:
    parameters = {
        "activityId": "https://courses.example/a",
        "agent": json.dumps({"mbox": "mailto:a@b.example"}),
        "stateId": "page",
    }
    place = parameters if resource == "activities/state" else None
    if place:
        page = b"<script>document.title = 'ran'</script>"
        store.send("POST", resource, place, page, content_type="text/html")

    answer = store.send("GET", resource, place)

    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
