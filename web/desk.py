"""The reviewers' desk in the browser."""

from flask import Flask

from web.forms import Forms
from web.site import Site


def add_moderation(app: Flask, site: Site, forms: Forms) -> None:
    """Routes of the desk."""
