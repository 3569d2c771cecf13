"""Addresses of team profiles."""

from django.urls import path

from workforce.views import counts, people, profile, teams

app_name = "workforce"

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/partnerships/<uuid:uuid>/", counts.partnership, name="partnership"),
    path("teams/places/<uuid:uuid>/", counts.place, name="place"),
    path("teams/<uuid:uuid>/", profile.team, name="team"),
    path("teams/<uuid:uuid>/profile.csv", profile.download, name="profile-csv"),
    path("teams/<uuid:uuid>/functions/<str:code>/", profile.function, name="function"),
    path("teams/<uuid:uuid>/people/<uuid:person_uuid>/", people.person, name="person"),
]
