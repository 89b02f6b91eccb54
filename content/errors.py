"""What can go wrong when somebody asks for an article."""


class NotHere(LookupError):
    """There is no such article for this reader: unknown, withdrawn, held back by the clinic, or not for them."""
