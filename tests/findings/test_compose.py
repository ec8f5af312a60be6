"""The compose file, which cannot be run where there is no Docker, is well formed and fits the rest."""

import re
from pathlib import Path

import pytest
import yaml

from findings.settings import PREFIX, load_settings
from index import open_index
from tests.elasticsearch.distribution import DEFAULT_VERSION

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def _filled(text: str) -> str:
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", re.sub(r"\$\{\w+:\?[^}]*\}", "invented", text))


@pytest.mark.parametrize("name", ["findings", "schedule"])
def test_its_settings_are_ours(name, services, tmp_path):
    environment = {key: _filled(value) for key, value in services[name]["environment"].items()}
    assert all(key.startswith(PREFIX) for key in environment)
    settings = load_settings(None, environment)
    assert settings.database.startswith("postgresql+psycopg://")
    open_index(settings.search_url, tmp_path).close()
    assert services[name]["env_file"] == ".env", "no other setting would reach it"


def test_the_search_engine_is_the_one_that_the_tests_run(services):
    assert services["elasticsearch"]["image"].endswith(f"/elasticsearch:{DEFAULT_VERSION}")


def test_no_password_is_written_down_and_only_the_site_is_reached_from_outside(services):
    for name, service in services.items():
        environment = service.get("environment", {})
        secrets = [value for key, value in environment.items() if re.search("PASSWORD|_URL", key)]
        assert all("${" in value for value in secrets if "@" in value or "://" not in value)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert name == "findings" or "ports" not in service


def test_what_is_kept_is_in_volumes_and_servers_are_waited_for(compose, services):
    kept = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]}
    assert kept == set(compose["volumes"])
    for needed in services["findings"]["depends_on"]:
        assert "healthcheck" in services[needed]


def test_the_image_is_built_from_what_is_there():
    copied = re.findall(r"^COPY (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert all((ROOT / name).exists() for name in copied)
    named = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert all((ROOT / name).exists() for name in named)
