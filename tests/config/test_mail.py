"""The page of mails that were written to files says what they say."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from config.mail import filed_mails


@pytest.mark.parametrize(
    "text", ["مرحبًا بك في كيرويف", "“Quiet” – Siân’s river", "plain words", "=E2=80=9C stays"]
)
def test_a_mail_reads_as_it_was_written(tmp_path: Path, text: str) -> None:
    backend = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path)
    )
    backend.send_messages(
        [
            EmailMessage(f"First {text}", f"{text}\nsecond line", to=["siân@example.org"]),
            EmailMessage("Second", text, to=["nia@example.org"]),
        ]
    )

    second, first = filed_mails(folder=tmp_path)

    assert second.subject == "Second"
    assert first.subject == f"First {text}"
    assert first.text.splitlines() == [text, "second line"]
    assert second.text.strip() == text


def test_no_folder_is_no_mail(tmp_path: Path) -> None:
    assert filed_mails(folder=tmp_path / "none") == []
