"""What a field says in another language, as a template writes it."""

import uuid

import pytest
from django.template import Context, Template

from cms.models import TranslatedText
from cms.queries import texts_for

pytestmark = pytest.mark.django_db


def test_a_template_marks_what_is_not_in_the_readers_language() -> None:
    subject = uuid.uuid4()
    TranslatedText.objects.create(
        subject_uuid=subject, field="title", language="ar", text="خطة <واحدة>"
    )
    write = Template("{{ said }}|{{ said.value }}")

    arabic = texts_for(subject_uuids=[subject], language="ar").say(subject, "title", "One <plan>")
    welsh = texts_for(subject_uuids=[subject], language="cy").say(subject, "title", "One <plan>")

    assert write.render(Context({"said": arabic})) == "خطة &lt;واحدة&gt;|خطة &lt;واحدة&gt;"
    assert write.render(Context({"said": welsh})) == (
        '<span lang="en" dir="ltr">One &lt;plan&gt;</span>|One &lt;plan&gt;'
    )
