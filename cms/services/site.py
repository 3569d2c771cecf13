"""Prepare the site, and turn content files into pages' bodies."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.images import ImageFile
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)
from wagtail_localize.models import LocaleSynchronization

from cms.models import HomePage, LicensedImage
from cms.models.base import SOURCE_LANGUAGE
from cms.rules.starter_files import (
    Block,
    UnreadableStarterFile,
)
from organisations.enums import PAGE_EDITORS

PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
# Wagtail asks for the rights of its own models, whatever model we keep pictures in.
FILE_PERMISSIONS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}
HOME_TITLES = {"en": "Careweave", "cy": "Careweave", "ar": "Careweave"}


@transaction.atomic
def prepare_site() -> HomePage:
    """Make the languages, the home page and the site if they are not there; return the home page.

    Writes: Locale, Page, Site, LocaleSynchronization, what page editors may. Safe to repeat.
    """
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0]
        for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES
    }
    source = locales[SOURCE_LANGUAGE]
    home = HomePage.objects.filter(locale=source).order_by("path").first()
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=source)
    if home is None:
        for welcome in root.get_children().filter(content_type__model="page"):
            welcome.delete()
        root = Page.objects.get(pk=root.pk)
        home = HomePage(title=HOME_TITLES["en"], slug="home", locale=source)
        root.add_child(instance=home)
        home.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.root_page_id != home.pk or site.site_name != "Careweave":
        site.hostname = site.hostname or "localhost"
        site.port = site.port or 80
        site.root_page, site.site_name = home, "Careweave"
        site.save()
    for code, locale in locales.items():
        if code != SOURCE_LANGUAGE:
            LocaleSynchronization.objects.get_or_create(
                locale=locale, defaults={"sync_from": source}
            )
    _let_page_editors_in(root)
    return home


def _let_page_editors_in(root: Page) -> None:
    """Let those with leave to write everywhere change pages of all languages, and files."""
    group, _made = Group.objects.get_or_create(name=PAGE_EDITORS)
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    files = Collection.get_first_root_node()
    wanted = Q(pk__in=[])
    for app, codenames in FILE_PERMISSIONS.items():
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    rights = Permission.objects.filter(wanted)
    held = GroupCollectionPermission.objects.filter(group=group, collection=files)
    held.exclude(permission__in=rights).delete()
    for permission in rights:
        held.get_or_create(group=group, collection=files, permission=permission)


def synchronise_trees() -> None:
    """Give every language a page for each source page, showing the source until translated.

    Writes: Page (aliases). Safe to repeat.
    """
    for one in LocaleSynchronization.objects.all():
        one.sync_trees()


def block_id(*, namespace: uuid.UUID, block: Block, part: str = "") -> str:
    """Return the identity of a block in a page's body, the same in every language."""
    return str(uuid.uuid5(namespace, f"{block.kind}/{block.identity}/{part}"))


def stream_data(
    *,
    blocks: Sequence[Block],
    namespace: uuid.UUID,
    image_for: Callable[[str, str], LicensedImage],
    quiz_for: Callable[[str], int] | None = None,
) -> list[dict[str, Any]]:
    """Return blocks as a StreamField keeps them.

    Args:
        blocks: as read from a file.
        namespace: the page's translation key.
        image_for: gives the picture for a file name and its alternative text.
        quiz_for: gives the number of the quiz with a key; None where there are no quizzes.
    """
    return [
        {
            "type": block.kind,
            "id": block_id(namespace=namespace, block=block),
            "value": (
                quiz_for(block.identity)
                if block.kind == "quiz" and quiz_for is not None
                else _value(block, namespace=namespace, image_for=image_for)
            ),
        }
        for block in blocks
    ]


def _value(
    block: Block, *, namespace: uuid.UUID, image_for: Callable[[str, str], LicensedImage]
) -> Any:
    match block.kind:
        case "text":
            return block.html
        case "callout" | "vignette":
            return {"title": block.title, "text": block.html}
        case "reflection":
            return {"prompt": block.html}
        case "check":
            return {
                "question": block.html,
                "options": [
                    {
                        "type": "item",
                        "id": block_id(namespace=namespace, block=block, part=str(place)),
                        "value": {
                            "text": option.text,
                            "is_right": option.is_right,
                            "feedback": option.feedback,
                        },
                    }
                    for place, option in enumerate(block.options)
                ],
            }
        case "image":
            picture_file = image_for(block.source, block.alt)
            return {
                "image": {
                    "image": picture_file.pk,
                    "alt_text": block.alt,
                    "decorative": False,
                },
                "caption": block.caption,
            }
        case "table":
            return {
                "data": [list(row) for row in block.rows],
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_header_choice": "row",
                "table_caption": "",
                "cell": [],
                "mergeCells": [],
            }
        case kind:
            raise UnreadableStarterFile(f"A {kind} block cannot be read from a file yet.")


def picture(*, file: Path, title: str) -> LicensedImage:
    """Return the picture in this file, stored once for its content.

    Raises: UnreadableStarterFile when there is no such file.
    Writes: LicensedImage. Safe to repeat.
    """
    if not file.is_file():
        raise UnreadableStarterFile(f"There is no picture {file.name}.")
    content = file.read_bytes()
    # Wagtail's own hash of a picture's file
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    found = LicensedImage.objects.filter(file_hash=digest).order_by("pk").first()
    if found is not None:
        return found
    return LicensedImage.objects.create(
        title=title[:255],
        description=title[:255],
        licence="CC BY 4.0",
        file=ImageFile(BytesIO(content), name=file.name),
        file_hash=digest,
        file_size=len(content),
    )
