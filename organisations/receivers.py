"""What happens here when something happened."""

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from organisations import services, tasks
from organisations.signals import membership_invited


@receiver(membership_invited)
def on_membership_invited(**kwargs: object) -> None:
    """Send the mails soon; the clock sends them too."""
    tasks.mail_waiting_invitations.delay()


@receiver(email_confirmed)
def on_email_confirmed(email_address: EmailAddress, **kwargs: object) -> None:
    """Whoever proves an address finds the invitations that went there."""
    services.join_waiting_people(person=email_address.user)
