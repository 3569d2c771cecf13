"""What is wrong with a form of ratings, as links to where to mend it."""

from assessments.forms.ratings import RatingsForm


def errors_of(form: RatingsForm) -> list[dict[str, str]]:
    """Return each error with its competency's title and the address of its field."""
    if not form.is_bound:
        return []
    return [
        {"text": f"{row.line.title.value}: {error}", "href": f"#{field.auto_id}"}
        for row in form.rows()
        for field in (row.level, row.comment)
        for error in field.errors
    ]
