"""What we take from the NHS.UK sheet, and what each of its colours means here.

A colour or a mirrored drawing that is not listed stops the build, so that a new release of the
NHS.UK package cannot slip a strange blue or a wrong arrow onto our pages.
"""

from __future__ import annotations

KEPT_COMPONENTS = frozenset(
    {
        "back-link",
        "body",
        "breadcrumb",
        "button",
        "caption",
        "character-count",
        "checkboxes",
        "date-input",
        "details",
        "error-message",
        "error-summary",
        "fieldset",
        "form-group",
        "heading",
        "hint",
        "input",
        "inset-text",
        "label",
        "lede-text",
        "link",
        "list",
        "notification-banner",
        "pagination",
        "password-input",
        "radios",
        "section-break",
        "select",
        "skip-link",
        "summary-list",
        "table",
        "tabs",
        "task-list",
        "textarea",
        "u-visually-hidden",
    }
)
"""Families of `nhsuk-` classes that our templates use; all others are left behind."""

DROPPED_VARIANTS = (
    "--reverse",
    "--login",
    "--secondary-solid",
    "file-upload",
    "frontend-supported",
    "heading-tab",
    "tabs__panel",
)
"""Parts of class names inside kept families that our templates do not use."""

COLOURS: dict[str, str] = {
    "#212b32": "--ink",
    "#000": "--ink",
    "#fff": "--surface",
    "#ffeb3b": "--focus",
    "#005eb8": "--accent",
    "#002f5c": "--accent-dark",
    "#7c2855": "--accent-dark",
    "#330072": "--visited",
    "#4c6272": "--ink-soft",
    "#d8dde0": "--line",
    "#f0f4f5": "--paper",
    "#aeb7bd": "--line-strong",
    "#768692": "--line-strong",
    "#d5281b": "--error",
    "#aa2016": "--error-dark",
    "#6b140e": "--error-dark",
    "#007f3b": "--accent",
    "#00662f": "--accent-dark",
    "#00401e": "--accent-dark",
    "#d9e7f4": "--linen",
    "#c7dcef": "--line",
    "#dee7e9": "--linen",
    "hsla(0,0%,100%,.99)": "--surface",
    "rgba(33,43,50,.99)": "--ink",
    "rgba(0,0,0,.99)": "--ink",
}
"""The sheet's colours by what they mean to us: custom properties of tokens.css."""

HAND_RULES: dict[tuple[str, str], str] = {
    (".nhsuk-checkboxes__label:after", "transform"): (
        # A tick is a tick in every script: undo the mirroring of its two strokes. By the direction
        # of the label itself, for one may stand in a part of the page that reads the other way.
        ".nhsuk-checkboxes__label:dir(rtl):after{border-inline-width:0 .25rem}"
        ".nhsuk-checkboxes--small .nhsuk-checkboxes__label:dir(rtl):after"
        "{border-inline-width:0 .1875rem}"
    ),
    (".nhsuk-details__summary:before", "clip-path"): (
        ".nhsuk-details:not([open])>.nhsuk-details__summary:dir(rtl):before"
        "{clip-path:polygon(100% 0,0 50%,100% 100%)}"
    ),
    (".nhsuk-details[open]>.nhsuk-details__summary:before", "clip-path"): "",
    (".nhsuk-back-link:before", "clip-path"): "",
    (".nhsuk-back-link:before", "transform"): (
        ".nhsuk-back-link:dir(rtl):before{transform:translateX(-.1052631579em) rotate(45deg)}"
    ),
    (".nhsuk-breadcrumb__list-item:before", "clip-path"): "",
    (".nhsuk-breadcrumb__list-item:before", "transform"): (
        ".nhsuk-breadcrumb__list-item:dir(rtl):before"
        "{transform:translateX(.1401650429em) rotate(225deg)}"
    ),
}
"""Drawings with a left and a right, each with its mirror image (empty: needs none)."""
