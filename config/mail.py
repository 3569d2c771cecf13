"""Mails that were written to files, for a machine that sends none."""

from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


@dataclass(frozen=True)
class FiledMail:
    """A mail that nobody has been sent."""

    to: str
    subject: str
    date: str
    text: str


def filed_mails(*, folder: Path, most: int = 50) -> list[FiledMail]:
    """Return the newest mails in a folder, newest first."""
    if not folder.is_dir():
        return []
    found: list[FiledMail] = []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[:most]:
        parts = file.read_text(encoding="utf-8", errors="replace").split("-" * 79)
        found.extend(_read(part.strip()) for part in reversed(parts) if part.strip())
    return found[:most]


def _read(text: str) -> FiledMail:
    message = message_from_string(text, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy makes it one
    body = message.get_body(preferencelist=("plain",))
    return FiledMail(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        text=body.get_content() if body is not None else "",
    )
