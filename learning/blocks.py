"""Blocks that only a lesson may hold: something to do."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessments.blocks import QuizChooserBlock
from cms.blocks import PLAIN_FEATURES, ContentBlocks

FEWEST_OPTIONS = 2
MOST_OPTIONS = 8


class ReflectionBlock(blocks.StructBlock):
    """A question to think about; the answer is private to the learner."""

    prompt = blocks.RichTextBlock(features=PLAIN_FEATURES, label=_("Question"))

    class Meta:
        icon = "edit"
        label = _("Reflection")
        template = "learning/blocks/reflection.html"


class OptionBlock(blocks.StructBlock):
    """One answer to choose, and what to say to who chose it."""

    text = blocks.CharBlock(max_length=400, label=_("Answer"))
    is_right = blocks.BooleanBlock(required=False, label=_("This answer is right"))
    feedback = blocks.TextBlock(max_length=800, label=_("What to say to who chose it"))


class CheckBlock(blocks.StructBlock):
    """A question with answers to choose from and feedback for each."""

    question = blocks.RichTextBlock(features=PLAIN_FEATURES, label=_("Question"))
    # how few is said when it is saved, not while the first is still being written
    options = blocks.ListBlock(OptionBlock(), max_num=MOST_OPTIONS, label=_("Answers"))

    class Meta:
        icon = "circle-check"
        label = _("Knowledge check")
        template = "learning/blocks/check.html"

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if len(cleaned["options"]) < FEWEST_OPTIONS and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError(
                block_errors={"options": ValidationError(_("Give at least two answers."))}
            )
        if not any(option["is_right"] for option in cleaned["options"]):
            raise blocks.StructBlockValidationError(
                block_errors={"options": ValidationError(_("Mark at least one answer as right."))}
            )
        return cleaned


class LessonBlocks(ContentBlocks):
    """What a lesson's body may hold."""

    reflection = ReflectionBlock()
    check = CheckBlock()
    quiz = QuizChooserBlock()
