"""A file handed in and a page watched, on a phone without JavaScript. All invented."""

import os
from pathlib import Path

import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.account import Permission
from tests.web.organizers import Post
from tests.web.test_web_imports import calendar
from tests.web.test_web_organizer_life import (
    Phone,
    address,  # noqa: F401
    fetching_site,  # noqa: F401
    link_of,
    phone,  # noqa: F401
    sites,  # noqa: F401
    society,  # noqa: F401
)

pytestmark = pytest.mark.browser


def keep(phone: Phone, name: str) -> None:  # noqa: F811
    """Keep a picture of the page, where somebody wants to look at it."""
    if folder := os.environ.get("FINDINGS_TEST_PICTURES"):
        phone.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("phone", ["dark"], indirect=True)
@pytest.mark.parametrize("sites", ["fetching_site"])
def test_a_file_a_page_and_a_code(
    phone: Phone,  # noqa: F811
    society: int,  # noqa: F811
    catalog: SqlCatalog,
    post: Post,
    tmp_path: Path,
) -> None:
    phone.open("/organize/new")
    phone.fill(email="ada@society.example")
    phone.press("Send me a link")
    phone.open(link_of(post))
    phone.press("Sign in")

    phone.press("Or have you a file of it?")
    file = tmp_path / "meetings.ics"
    file.write_bytes(calendar(3))
    phone.page.set_input_files("#file", file)
    phone.press("Fill in from that file")
    assert phone.page.input_value("#title") == "Invented Congress 1 of 2099"
    phone.press("The others that we found there")
    keep(phone, "others")
    phone.press("Take this one")
    assert phone.page.input_value("#title") == "Invented Congress 2 of 2099"
    phone.press("Hand in")
    assert "Handed in" in phone.text

    phone.open("/organize/new")
    phone.fill(address=f"http://127.0.0.1:{society}/2027")
    phone.press("Fill in from that address")
    assert phone.page.is_checked("input[name=watch]")
    keep(phone, "filled")
    phone.press("Hand in")
    assert "Watched for changes" in phone.text
    keep(phone, "watched")
    phone.press("Read it no longer")
    assert "We read that page no longer." in phone.text

    phone.open("/account/codes")
    assert phone.page.locator("main svg").bounding_box()["width"] > 150
    keep(phone, "codes")
    ada = catalog.accounts.by_email("ada@society.example")
    assert ada
    catalog.accounts.grant(ada.id, Permission.MODERATE, "test")
    phone.open("/organize")
    phone.press("Reviewers’ desk")
    assert "listings wait for a reviewer" in phone.text
