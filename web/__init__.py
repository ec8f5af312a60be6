"""The site over the ports: pages and their JSON, rendered by Flask and Jinja2.

`create_app(site)` is the one way in. Views are plain functions from a site and parameters to what a page
shows; routes only render. Everything works without JavaScript.
"""

from web.app import create_app
from web.site import Site

__all__ = ["Site", "create_app"]
