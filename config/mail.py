"""Mails that were written to files, for a machine that sends none."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

BETWEEN_MAILS = b"-" * 79
"""The line that Django's file backend writes after each mail."""


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
        parts = file.read_bytes().split(BETWEEN_MAILS)
        found.extend(_read(part.strip()) for part in reversed(parts) if part.strip())
    return found[:most]


def _read(content: bytes) -> FiledMail:
    """Read one mail as it went out: bytes, since its letters may be of eight bits."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy makes it one
    body = message.get_body(preferencelist=("plain",))
    return FiledMail(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        text=body.get_content() if body is not None else "",
    )
