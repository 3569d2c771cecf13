"""Words that pages about frameworks need."""

from django import template
from django.utils.translation import gettext, gettext_lazy

register = template.Library()

LINKS = {
    "isPeerOf": (gettext_lazy("stands beside"), gettext_lazy("stands beside")),
    "isPartOf": (gettext_lazy("is part of"), gettext_lazy("has as a part")),
    "exactMatchOf": (gettext_lazy("says the same as"), gettext_lazy("says the same as")),
    "precedes": (gettext_lazy("comes before"), gettext_lazy("comes after")),
    "isRelatedTo": (gettext_lazy("is related to"), gettext_lazy("is related to")),
    "replacedBy": (gettext_lazy("is replaced by"), gettext_lazy("replaces")),
    "exemplar": (gettext_lazy("is shown by"), gettext_lazy("shows")),
    "hasSkillLevel": (gettext_lazy("has the level"), gettext_lazy("is a level of")),
    "isTranslationOf": (gettext_lazy("is a translation of"), gettext_lazy("is translated as")),
}


@register.filter
def link_words(kind: str, is_outgoing: bool) -> str:
    """What a link says, read from this item: "is related to", or the other way round."""
    if kind in LINKS:
        return str(LINKS[kind][0 if is_outgoing else 1])
    return gettext("is linked to (%(kind)s)") % {"kind": kind.removeprefix("ext:")}


@register.filter
def at_rank(levels: dict[int, object], rank: int) -> object:
    """The level with this rank."""
    return levels.get(rank)
