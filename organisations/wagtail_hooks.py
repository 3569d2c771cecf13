"""What people and places add to the editor; registration only."""

from wagtail import hooks

from organisations.viewsets import PlacesViewSetGroup


@hooks.register("register_admin_viewset")
def register_places() -> PlacesViewSetGroup:
    return PlacesViewSetGroup()
