"""Read settings from environment variables; every wrong one is refused in one clear line."""

import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

env = Env()

DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}


def flag(name: str, *, default: bool) -> bool:
    try:
        return bool(env.bool(name, default))
    except EnvError as error:
        raise ImproperlyConfigured(f"{name} must be true or false.") from error


def text(name: str, *, default: str = "") -> str:
    return str(env.str(name, default)).strip()


def names(name: str, *, default: list[str]) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()] or default


def web_address(name: str, *, default: str) -> str:
    """An http(s) address without a slash at the end."""
    value = text(name, default=default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ImproperlyConfigured(
            f"{name} must be a web address such as https://learn.example.org; it is {value!r}."
        )
    return value


def service_address(name: str, *, schemes: set[str]) -> str:
    """The address of a service such as redis://host:6379/0, or nothing when it is unset."""
    value = text(name)
    if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).hostname):
        wanted = " or ".join(f"{scheme}://host" for scheme in sorted(schemes))
        raise ImproperlyConfigured(f"{name} must look like {wanted}.")
    return value


def database(*, default_file: Path) -> dict[str, object]:
    """DATABASES["default"] from DATABASE_URL; SQLite in ``default_file`` when it is unset."""
    address = text("DATABASE_URL")
    if not address:
        default_file.parent.mkdir(parents=True, exist_ok=True)
        return sqlite(default_file)
    scheme = urlsplit(address).scheme
    if scheme not in DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgres:// or sqlite:///; "
            f"it starts with {scheme or 'nothing'}."
        )
    if scheme == "sqlite":
        name = re.sub(r"^sqlite:(//)?/?", "", address)
        if not name:
            raise ImproperlyConfigured(
                "DATABASE_URL names no file: sqlite:////var/careweave.sqlite3"
            )
        return sqlite(Path(unquote(name)))
    settings: dict[str, object] = dict(dj_database_url.parse(address, conn_max_age=60))
    settings["CONN_HEALTH_CHECKS"] = True
    options = dict(settings.get("OPTIONS") or {})  # type: ignore[call-overload]
    # what is asked often, with its values sent apart, is planned by the server once
    settings["OPTIONS"] = {"prepare_threshold": 5, **options}
    if not settings.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user@host/careweave")
    return settings


def sqlite(file: Path) -> dict[str, object]:
    """SQLite for a web server and a worker side by side: write-ahead log, patient writers.

    What is committed outlives every process. With SQLITE_SYNCHRONOUS=FULL it also outlives a power
    cut, and every commit waits for the disk.
    """
    synchronous = text("SQLITE_SYNCHRONOUS", default="NORMAL").upper()
    if synchronous not in {"NORMAL", "FULL"}:
        raise ImproperlyConfigured("SQLITE_SYNCHRONOUS must be NORMAL or FULL.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; "
                "PRAGMA cache_size=-32000; "
                "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def email(*, folder: Path) -> dict[str, object]:
    """E-mail settings from EMAIL_URL; without it every message is a file in ``folder``."""
    address = text("EMAIL_URL")
    if not address:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(folder),
        }
    try:
        parsed = dj_email_url.parse(address)
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@host:587."
        ) from error
    parsed.pop("EMAIL_FILE_PATH", None)
    return {key: value for key, value in parsed.items() if value not in (None, "")}


def secret_key(*, file: Path) -> str:
    """SECRET_KEY; on a machine that has none, one is made and kept in ``file``."""
    value = text("SECRET_KEY")
    if value:
        if len(value) < 32:
            raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters.")
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()
