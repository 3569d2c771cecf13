"""Blocks that any page may hold: text, picture, video, callout, vignette, table."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

TEXT_FEATURES = [
    "h2",
    "h3",
    "h4",
    "bold",
    "italic",
    "ol",
    "ul",
    "link",
    "document-link",
    "blockquote",
]
PLAIN_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class FigureBlock(blocks.StructBlock):
    """A picture, its words for those who cannot see it, and a caption."""

    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/figure.html"


class VideoBlock(blocks.StructBlock):
    """A video file of ours with captions and a transcript; nothing is asked of another host."""

    title = blocks.CharBlock(max_length=120)
    file = DocumentChooserBlock(help_text=_("An MP4 or WebM file."))
    captions = DocumentChooserBlock(required=False, help_text=_("A WebVTT file."))
    transcript = blocks.RichTextBlock(
        features=PLAIN_FEATURES, help_text=_("All that is spoken, and what can be seen.")
    )

    class Meta:
        icon = "media"
        label = _("Video with transcript")
        template = "cms/blocks/video.html"


class CalloutBlock(blocks.StructBlock):
    """A few sentences set apart."""

    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=PLAIN_FEATURES)

    class Meta:
        icon = "help"
        label = _("Callout")
        template = "cms/blocks/callout.html"


class VignetteBlock(blocks.StructBlock):
    """A made-up person's situation."""

    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "group"
        label = _("Vignette")
        help_text = _("The person must be made up. Never write about a real person here.")
        template = "cms/blocks/vignette.html"


class ContentBlocks(blocks.StreamBlock):
    """What any page's body may hold."""

    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, icon="pilcrow", label=_("Text"), template="cms/blocks/text.html"
    )
    image = FigureBlock()
    video = VideoBlock()
    callout = CalloutBlock()
    vignette = VignetteBlock()
    table = TableBlock(
        label=_("Table"),
        template="cms/blocks/table.html",
        table_options={"renderer": "text", "rowHeaders": False, "colHeaders": True},
    )
