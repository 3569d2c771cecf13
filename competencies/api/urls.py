"""Addresses of the CASE provider; they do not move."""

from django.urls import path, re_path, register_converter

from competencies.api import case


class ReleaseConverter:
    """A release of CASE that we answer as."""

    regex = "v1p[01]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ReleaseConverter, "case_release")

app_name = "case"
urlpatterns = [
    path("<case_release:release>/CFDocuments", case.documents, name="documents"),
    path("<case_release:release>/CFDocuments/<str:identifier>", case.document, name="document"),
    path("<case_release:release>/CFPackages/<str:identifier>", case.package, name="package"),
    path("<case_release:release>/CFItems/<str:identifier>", case.item, name="item"),
    path(
        "<case_release:release>/CFItemAssociations/<str:identifier>",
        case.item_associations,
        name="item_associations",
    ),
    path(
        "<case_release:release>/CFAssociations/<str:identifier>",
        case.association,
        name="association",
    ),
    *(
        path(
            f"<case_release:release>/{part}/<str:identifier>",
            case.definition,
            {"part": part},
            name=part,
        )
        for part in (
            "CFAssociationGroupings",
            "CFConcepts",
            "CFItemTypes",
            "CFLicenses",
            "CFRubrics",
            "CFSubjects",
        )
    ),
    re_path(
        r"^(?P<release>v1p[01])/discovery/imscasev1p[01]_openapi3_v1p0\.json$",
        case.discovery,
        name="discovery",
    ),
    re_path("", case.nothing),
]
