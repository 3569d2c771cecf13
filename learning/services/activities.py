"""The xAPI activity that a page is."""

from wagtail.models import Page

from lrs import statements


def activity_of(page: Page) -> "statements.Activity":
    """Return the xAPI activity that a course, module or lesson is, in every language."""
    return statements.Activity(
        iri=page.activity_iri,
        kind=page.activity_kind,
        name={page.locale.language_code: page.title},
    )
