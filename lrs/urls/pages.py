"""Pages about record stores, for those who keep them; under /record-store/."""

from django.urls import path, re_path

from lrs.views import (
    about,
    browser,
    keys,
    life_cycle,
    overview,
    profiles,
    sending,
    sharing,
    starting,
    stores,
)

app_name = "lrs"

urlpatterns = [
    path("", stores.stores, name="stores"),
    path("<str:store>/", overview.overview, name="store"),
    path("<str:store>/statements/", browser.statements, name="statements"),
    re_path(
        r"^(?P<store>[^/]+)/statements/file\.(?P<kind>csv|json)$",
        browser.download,
        name="statements-file",
    ),
    path("<str:store>/statements/<uuid:uuid>/", browser.statement, name="statement"),
    path("<str:store>/statements/<uuid:uuid>/json", browser.statement_json, name="statement-json"),
    path(
        "<str:store>/statements/<uuid:uuid>/attachments/<str:sha2>",
        browser.attachment,
        name="attachment",
    ),
    path("<str:store>/start/", starting.start, name="start"),
    path("<str:store>/start/heard/", starting.heard, name="heard"),
    path("<str:store>/keys/", keys.keys, name="keys"),
    path("<str:store>/keys/issue/", keys.issue, name="keys-issue"),
    path("<str:store>/keys/sharing/", sharing.sharing, name="keys-sharing"),
    path("<str:store>/keys/sharing/make/", sharing.share, name="keys-share"),
    path("<str:store>/keys/sharing/<uuid:uuid>/", sharing.unshare, name="keys-unshare"),
    path("<str:store>/keys/issuers/", sharing.issuers, name="keys-issuers"),
    path("<str:store>/keys/issuers/add/", sharing.add_issuer, name="keys-add-issuer"),
    path("<str:store>/keys/issuers/<uuid:uuid>/", sharing.drop_issuer, name="keys-end-issuer"),
    path("<str:store>/keys/<uuid:uuid>/", keys.key, name="key"),
    path("<str:store>/keys/<uuid:uuid>/secret/", keys.new_secret, name="key-secret"),
    path("<str:store>/keys/<uuid:uuid>/revoke/", keys.revoke, name="key-revoke"),
    path("<str:store>/profiles/", profiles.profiles, name="profiles"),
    path("<str:store>/activities/", about.activity, name="activity"),
    path("<str:store>/actors/", about.actor, name="actor"),
    path("<str:store>/life-cycle/", life_cycle.life_cycle, name="life-cycle"),
    path("<str:store>/life-cycle/acts.csv", life_cycle.acts_file, name="life-cycle-file"),
    path("<str:store>/life-cycle/erase/", life_cycle.erase, name="life-cycle-erase"),
    path("<str:store>/life-cycle/change/", life_cycle.change, name="life-cycle-change"),
    path("<str:store>/life-cycle/asked/<uuid:uuid>/", life_cycle.decide, name="life-cycle-decide"),
    path("<str:store>/life-cycle/holds/", life_cycle.hold, name="hold"),
    path("<str:store>/life-cycle/holds/<uuid:uuid>/", life_cycle.end_hold, name="end-hold"),
    path("<str:store>/life-cycle/policies/", life_cycle.new_policy, name="new-policy"),
    path("<str:store>/life-cycle/policies/<uuid:uuid>/", life_cycle.policy, name="policy"),
    path("<str:store>/sending/", sending.sending, name="sending"),
    path("<str:store>/sending/add/<str:kind>/", sending.add_target, name="sending-add"),
    path("<str:store>/sending/<uuid:uuid>/", sending.target, name="sending-target"),
    path("<str:store>/sending/<uuid:uuid>/change/", sending.change, name="sending-change"),
    path("<str:store>/sending/<uuid:uuid>/act/", sending.act, name="sending-act"),
]
