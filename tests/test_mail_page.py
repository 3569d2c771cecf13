"""Mails on a machine that sends none can be read there, and nowhere else."""

from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.test import Client


@pytest.mark.django_db
def test_a_filed_mail_can_be_read_on_the_machine_itself(
    client: Client, settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send_mail("Confirm <b>it</b>", "Go to http://localhost:8000/x/ now", None, ["f@example.org"])

    page = client.get("/mail/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "Confirm &lt;b&gt;it&lt;/b&gt;" in text
    assert '<a href="http://localhost:8000/x/"' in text
    assert client.get("/mail/", REMOTE_ADDR="192.0.2.1").status_code == 404
    settings.SITE_URL = "https://learn.example.org"
    assert client.get("/mail/").status_code == 404
