"""Under /oauth/."""

from django.urls import path

from lrs.api.oauth import token_view

urlpatterns = [path("token", token_view, name="oauth-token")]
