"""Ids of what people make here: lists, listings, accounts, subscriptions."""

import secrets
import string

_LETTERS = string.ascii_letters + string.digits


def new_id() -> str:
    """An id that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))
