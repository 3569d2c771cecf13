"""What an educator is told beside the fields of a course or lesson."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from records.queries import how_many_finished


class PastCompletionsPanel(Panel):
    """How many people "also for past completions" would touch, before it is chosen."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "learning/panels/past_completions.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Count who has finished the page so far. One query; none for a page not saved yet."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["finished"] = (
                how_many_finished(activity_iri=self.instance.activity_iri)
                if self.instance.pk
                else 0
            )
            return context

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Who has finished this so far"), **kwargs})
