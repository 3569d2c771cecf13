"""What a browser calls itself, in the words of the person who uses it."""

from dataclasses import dataclass

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks, the telling before the common: nearly every browser also calls itself Safari."""

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """A browser and what it runs on; either may be empty when it does not say."""

    browser: str
    system: str


def device_of(user_agent: str) -> Device:
    """Return what a User-Agent header names, as far as people would call it by name."""
    return Device(
        browser=next((name for mark, name in BROWSERS if mark in user_agent), ""),
        system=next((name for mark, name in SYSTEMS if mark in user_agent), ""),
    )
