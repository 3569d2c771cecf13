"""What the docs list is what the code has."""

import re
from pathlib import Path

from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    "organisations",
    "cms",
    "competencies",
    "lrs",
    "records",
    "assessments",
    "discussions",
    "learning",
    "workforce",
    "careweave_search",
}


def test_every_model_says_what_personal_data_it_holds() -> None:
    silent = [
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in OURS and "Personal data:" not in (model.__doc__ or "")
    ]

    assert silent == []


def test_every_setting_from_the_environment_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    code = "".join(
        file.read_text()
        for file in [
            *(ROOT / "config").glob("*.py"),
            ROOT / "config" / "settings" / "base.py",
        ]
    )
    read = set(
        re.findall(
            r'(?:flag|text|names|web_address|service_address|environ\.get)\(\s*"([A-Z_]+)"', code
        )
    )

    assert {"DATABASE_URL", "SECRET_KEY", "IRI_BASE"} <= read
    assert {name for name in read if f"`{name}`" not in page} == set()


def test_every_command_of_ours_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text()
    ours = {name for name, app in get_commands().items() if app in {*OURS, "config", "search"}}

    assert {name for name in ours if f"`{name}" not in page} == set()


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text())

    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).exists()] == []
