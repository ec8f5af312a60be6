"""Settings from a file and the environment; wrong ones are told in one line."""

from dataclasses import fields
from pathlib import Path

import pytest

from domain.errors import ConfigError
from findings.settings import Settings, load_settings, to_environment
from findings.wiring import prepared

ROOT = Path(__file__).parents[2]


def test_defaults_need_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings == Settings()
    assert settings.database == f"sqlite:///{tmp_path / 'var' / 'findings.db'}"


def test_a_file_with_the_mark_of_an_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "findings.toml"
    file.write_text("port = 9000\n", "utf-8-sig")
    assert load_settings(file, {}).port == 9000


def test_the_environment_outranks_the_file(tmp_path: Path) -> None:
    file = tmp_path / "findings.toml"
    file.write_text('port = 9000\nsite_name = "Ours"\n', "utf-8")
    settings = load_settings(
        file, {"FINDINGS_PORT": "9001", "OTHER": "x", "FINDINGS_TEST_POSTGRESQL_URL": "x"}
    )
    assert (settings.port, settings.site_name) == (9001, "Ours")


@pytest.mark.parametrize(
    ("text", "environment", "where", "problem"),
    [
        ("prot = 1", {}, "prot", "unknown setting"),
        ("[findings]\nport = 1", {}, "findings", "leave out [findings]"),
        ('data_dir = "~/findings"', {}, "data_dir", "whole path"),
        ("port = true", {}, "port", "whole number"),
        ("port = 0", {}, "port", "between 1 and 65535"),
        ('contact = "a@b.org\\r\\nX: y"', {}, "contact", "one line"),
        ('site_url = "ftp://x"', {}, "site_url", "http"),
        ("site_name = 3", {}, "site_name", "text"),
        ("port =", {}, "findings.toml", "not valid TOML"),
        ("", {"FINDINGS_WORKRES": "2"}, "FINDINGS_WORKRES", "unknown setting; did you mean workers?"),
        ("xyzzy = 1", {}, "xyzzy", "known are data_dir"),
        ("digest_seed = -1", {}, "digest_seed", "between 0"),
        ("", {"FINDINGS_DIGEST_SEED": "-1"}, "FINDINGS_DIGEST_SEED", "between 0"),
        ('site_url = "https://x.org/?a=b"', {}, "site_url", "without user, query or fragment"),
        ('site_url = "https://x y.org"', {}, "site_url", "and a host"),
        ('site_url = "https://x.org:abc"', {}, "site_url", "and a host"),
        ('site_url = "https://me:secret@x.org"', {}, "site_url", "without user"),
        ('contact = "nobody"', {}, "contact", "must be an e-mail address"),
        ('contact = "www.example.org"', {}, "contact", "web address with https://"),
        ('search_url = "embedded:/var/index"', {}, "search_url", "data_dir"),
        ('digest_device = "toaster"', {}, "digest_device", "cuda"),
        ('dkim_selector = "a b"', {}, "dkim_selector", "hyphens"),
        ('dkim_selector = "s1._domainkey"', {}, "dkim_selector", "without ._domainkey"),
        ('smtp_url = "smtp://"\nmail_from = "a@b.org"', {}, "smtp_url", "smtp://user:password@host:587"),
        ('smtp_url = "smtp://u:p@h:x"\nmail_from = "a@b.org"', {}, "smtp_url", "host and port"),
        ('smtp_url = "smtp://[::1"\nmail_from = "a@b.org"', {}, "smtp_url", "host and port"),
        (
            'smtp_url = "smtp://u:p/w@h:25"\nmail_from = "a@b.org"',
            {},
            "smtp_url",
            "password, / is written %2F",
        ),
        ('smtp_url = "smtp://h"', {}, "mail_from", "plain address"),
        ('smtp_url = "smtp://h"\nmail_from = "Us <a@b.org>"', {}, "mail_from", "plain address"),
        ('smtp_url = "smtp://h"\nmail_from = "a@b.org\\nBcc: c@d.org"', {}, "mail_from", "plain address"),
        ("", {"FINDINGS_PORT": "many"}, "FINDINGS_PORT", "whole number"),
        ("", {"FINDINGS_FORMER_SECRET_KEY": "short"}, "FORMER_SECRET_KEY", "32 characters"),
        ("", {"FINDINGS_DATA_DIR": " "}, "FINDINGS_DATA_DIR", "empty"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, text: str, environment: dict[str, str], where: str, problem: str
) -> None:
    file = tmp_path / "findings.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file, environment)
    assert where in caught.value.where
    assert problem in caught.value.problem
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'site_url = "https://[2001:db8::1]:8443/findings/"',
        'site_url = "http://forschung.münchen.example"',
        'contact = "https://node.example.org/about"',
        'contact = "Ann Example <ann@example.org>"',
        'digest_device = "cuda:1"',
        'dkim_selector = "s1.findings-2026"',
        'dkim_selector = "mail_2026"',
        'smtp_url = "smtps://u:p%40ss@mail.example.org"\nmail_from = "news@example.org"',
    ],
)
def test_what_is_right_is_taken(tmp_path: Path, text: str) -> None:
    file = tmp_path / "findings.toml"
    file.write_text(text, "utf-8")
    load_settings(file, {})


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load_settings(tmp_path / "none.toml", {})


def test_the_data_folder_may_be_a_link_to_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "there")
    prepared(Settings(data_dir=str(link)))
    (tmp_path / "there").rmdir()
    with pytest.raises(ConfigError, match="link: is not a folder"):
        prepared(Settings(data_dir=str(link)))


def test_the_readme_tells_every_setting() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for field in fields(Settings):
        default = f"`{field.default}`" if field.default != "" else ""
        row = f"| `{field.name}` | {default} | {field.metadata['help']} |"
        assert row in readme, f"README.md lacks the row:\n{row}"


def test_our_own_commands_have_the_same_settings(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), port=9000, site_name="Ours")
    environment = to_environment(
        settings, {"PATH": "/bin", "FINDINGS_PORT": "1", "FINDINGS_CONFIG": "x.toml"}
    )
    assert environment["PATH"] == "/bin"
    assert "FINDINGS_CONFIG" not in environment
    assert load_settings(None, environment) == settings
