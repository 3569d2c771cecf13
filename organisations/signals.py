"""What `organisations` announces; apps above listen."""

from django.dispatch import Signal

consent_changed = Signal()
"""Sent on commit with ``person_id``."""

membership_invited = Signal()
"""Sent on commit, without arguments: there are invitations to mail."""

membership_confirmed = Signal()
"""Sent on commit with ``membership_id``."""

role_names_asked = Signal()
"""Sent with ``names``, a set of roles in the words of a staff list; receivers return those known."""

roles_asked = Signal()
"""Sent with ``language``, ``membership_id``, ``organisation_id`` and ``on``, a day; receivers return
(choices, chosen).

``choices`` are the roles there are, as (slug, title); ``chosen`` the slug of the one that the
membership fills on that day, or empty.
"""

roles_given = Signal()
"""Sent inside the transaction with ``roles``: {membership id: (role in words, first day)}.

Each of those memberships fills that role from that day, and no other. Receivers return the ids of
the memberships for which that is new.
"""

person_erased = Signal()
"""Sent inside the transaction with ``person_id`` and ``person_uuid``; receivers erase their part."""

people_merged = Signal()
"""Sent inside the transaction with ``kept_id``, ``gone_id`` and ``memberships``.

``memberships`` says which membership of the one who goes became which of the one who stays, where
both had the same; they are deleted afterwards. Receivers move their rows.
"""
