"""Addresses of pages about people."""

from django.urls import path

from organisations.views import account, across, invitations, mine, staff, staff_list

app_name = "organisations"

urlpatterns = [
    path("me/sharing/", mine.sharing, name="sharing"),
    path("me/sharing/<uuid:uuid>/", mine.share, name="share"),
    path("me/sharing/<uuid:uuid>/stop", mine.stop_sharing, name="stop-sharing"),
    path("me/who-looked/", mine.who_looked, name="who-looked"),
    path("me/memberships/", mine.memberships, name="memberships"),
    path("me/memberships/<uuid:uuid>/answer", mine.answer_invitation, name="answer"),
    path("me/memberships/<uuid:uuid>/leave", mine.leave_team, name="leave-team"),
    path("me/account/", account.account, name="account"),
    path("me/account/erase/", account.erase, name="erase"),
    path("me/welcome/", account.welcome, name="welcome"),
    path("accounts/", account.accounts_index, name="accounts-index"),
    path("accounts/erased/", account.erased, name="erased"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/again", invitations.send_again, name="invitation-again"),
    path("organisations/", staff.organisations, name="organisations"),
    path("organisations/leave/", across.leave_across, name="leave-across"),
    path("organisations/leave/<uuid:uuid>/end", across.end_leave_across, name="end-leave-across"),
    path("organisations/<uuid:uuid>/", staff.staff, name="staff"),
    path("organisations/<uuid:uuid>/invite/", staff.invite, name="invite"),
    path("organisations/<uuid:uuid>/import/", staff_list.import_staff, name="import"),
    path("organisations/<uuid:uuid>/import/<uuid:upload_uuid>/", staff_list.upload, name="upload"),
    path(
        "organisations/<uuid:uuid>/import/<uuid:upload_uuid>/bring-in",
        staff_list.bring_in,
        name="bring-in",
    ),
    path("organisations/<uuid:uuid>/people.csv", staff_list.export_staff, name="export"),
    path("organisations/<uuid:uuid>/people/<uuid:membership_uuid>/", staff.member, name="member"),
    path(
        "organisations/<uuid:uuid>/people/<uuid:membership_uuid>/correct/",
        staff.correct,
        name="correct-member",
    ),
    path(
        "organisations/<uuid:uuid>/people/<uuid:membership_uuid>/end",
        staff.end_member,
        name="end-member",
    ),
    path(
        "organisations/<uuid:uuid>/people/<uuid:membership_uuid>/mail",
        staff.mail_member,
        name="mail-member",
    ),
    path(
        "organisations/<uuid:uuid>/leave/<uuid:grant_uuid>/end", staff.end_leave, name="end-leave"
    ),
    path("teams/<uuid:uuid>/members/", across.team_members, name="team-members"),
    path(
        "teams/<uuid:uuid>/members/<uuid:membership_uuid>/end",
        across.end_team_member,
        name="end-team-member",
    ),
]
