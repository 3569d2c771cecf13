"""The pages that anybody may read, for search engines."""

from django.db.models import QuerySet
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from learning.models import CoursePage
from organisations.enums import Visibility


class PublicPages(Sitemap):
    """Published pages in every language, without those that only some may see.

    A page below one that is not there, is not there either. A page that stands in for a
    translation still to come says what its source says, and is left out.
    """

    def items(self) -> QuerySet[Page]:
        """Return the pages, in the order of the tree."""
        roots = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        tree = Page.objects.none()
        for root in roots:
            tree = tree | Page.objects.descendant_of(root, inclusive=True)
        hidden = set(tree.filter(live=False).values_list("path", flat=True))
        hidden |= set(
            CoursePage.objects.exclude(visibility=Visibility.PUBLIC).values_list("path", flat=True)
        )
        shown = [
            pk
            for pk, path in tree.live().public().filter(alias_of=None).values_list("pk", "path")
            if hidden.isdisjoint(_with_those_above(path))
        ]
        pages: QuerySet[Page] = (
            Page.objects.filter(pk__in=shown).order_by("path").defer_streamfields().specific()
        )
        return pages


def _with_those_above(path: str) -> list[str]:
    return [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]
