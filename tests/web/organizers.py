"""People with browsers and mail, for tests of what they list. All invented."""

import re
from dataclasses import dataclass, field

import lxml.html
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.strict import StrictPage

HOST = "https://findings.example"


@dataclass
class Post:
    """Keeps letters, as a mail server would."""

    letters: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, to: str, subject: str, text: str) -> None:
        """Keep one."""
        self.letters.append((to, subject, text))

    def link(self) -> str:
        """The path of the link in the last letter."""
        return re.findall(rf"{HOST}(\S+)", self.letters[-1][2])[-1]


@dataclass
class Browser:
    """Somebody with a browser, who sends forms as a page gives them."""

    client: FlaskClient
    post: Post

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, base_url=HOST)

    def send(self, page: str, action: str, /, **values: str | list[str]) -> TestResponse:
        return self.fill(self.get(page), action, **values)

    def fill(self, answer: TestResponse, action: str, /, **values: str | list[str]) -> TestResponse:
        """Send the form of a page that goes to `action`, with some values put in."""
        html = lxml.html.fromstring(answer.text)
        own = answer.request.path
        forms = [f for f in html.forms if (f.action or own).endswith(action) and f.method == "POST"]
        assert forms, f"no form to {action}: {[f.action for f in html.forms]}"
        given: dict[str, object] = {}
        for name, value in forms[0].form_values():
            given.setdefault(name, value)
        given |= {name.replace("__", "."): value for name, value in values.items()}
        return self.client.post(forms[0].action or own, data=given, base_url=HOST, headers={"Origin": HOST})

    def sign_in(self, email: str) -> "Browser":
        assert self.send("/account", "/link", email=email).status_code == 200
        link = self.post.link()
        assert self.fill(self.get(link), "/sign-in").status_code == 303
        return self


def words(answer: TestResponse) -> str:
    page = StrictPage(answer.text)
    assert page.complaints == []
    assert len(answer.data) < 50_000
    return " ".join(page.text.split())
