"""What the shell adds to Wagtail; registration only."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def admin_colours() -> SafeString:
    """Our colours in the page editor."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin/admin.css"))
