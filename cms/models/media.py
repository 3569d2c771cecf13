"""Pictures with words for those who cannot see them, and the licence they came under."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class LicensedImage(AbstractImage):
    """A picture; `description` is its default alternative text.

    Personal data: none; people in pictures are made up or have agreed in writing.
    """

    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit", "licence")


class LicensedRendition(AbstractRendition):
    """A picture at one size.

    Personal data: none.
    """

    image = models.ForeignKey(LicensedImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
