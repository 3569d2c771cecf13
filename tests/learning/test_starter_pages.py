"""Starter courses as pages: translations have their own words and their own pictures."""

from datetime import UTC, datetime

import pytest
from wagtail_localize.models import Translation

from config.starter import load_starter
from learning.models import LessonPage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_translated_lesson_has_the_picture_of_its_language() -> None:
    load_starter(at=datetime(2026, 9, 1, tzinfo=UTC))

    pictures = {
        page.locale.language_code: [
            (block.value["image"].title, block.value["image"].contextual_alt_text)
            for block in page.body
            if block.block_type == "image"
        ]
        for page in LessonPage.objects.filter(
            translation_key=LessonPage.objects.get(
                slug="map-one-situation", locale__language_code="en"
            ).translation_key
        ).select_related("locale")
    }
    files = {
        page.locale.language_code: next(
            block.value["image"].file.name for block in page.body if block.block_type == "image"
        )
        for page in LessonPage.objects.filter(slug="map-one-situation").select_related("locale")
    }

    assert set(pictures) == {"en", "cy", "ar"}
    assert len({alt for [(_, alt)] in pictures.values()}) == 3
    assert len(set(files.values())) == 3
    unfinished = [
        str(translation)
        for translation in Translation.objects.filter(enabled=True)
        if len(set(translation.get_progress())) > 1
    ]
    assert unfinished == []
