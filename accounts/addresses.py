"""A person's e-mail address as allauth keeps it."""

from allauth.account.models import EmailAddress

from accounts.models import User


def of(user: User) -> EmailAddress:
    """Return allauth's row of a person's address, in small letters as allauth looks it up; make it if need be.

    Somebody whose address is not verified cannot activate TOTP.
    """
    address: EmailAddress
    address, _created = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True, "verified": False}
    )
    return address
