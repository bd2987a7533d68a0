"""What is written for Docker, compose and systemd names only what there is; none of them is started here."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from forum.config import Settings
from forum.live.hub import WAVE, WAVE_SECONDS
from forum.server import DRAIN_SECONDS

HOME = Path(__file__).parents[2]
UNIT = HOME / "deploy/forum@.service"
FILES = [HOME / "compose.yaml", HOME / "Dockerfile", UNIT, HOME / "docs/deploying.md"]
SENT_AWAY_SECONDS = Settings().sockets / WAVE * WAVE_SECONDS


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """compose.yaml as a parser reads it, with what its anchors stand for."""
    read: dict[str, Any] = yaml.safe_load((HOME / "compose.yaml").read_text())
    return read


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_a_setting(path: Path) -> None:
    named = set(re.findall(r"\bFORUM_[A-Z_]+\b", path.read_text()))
    assert named
    assert {name.removeprefix("FORUM_").lower() for name in named} <= set(Settings.model_fields)


def test_compose_has_no_password_that_would_work_in_public(compose: dict[str, Any]) -> None:
    secrets = [text for text in strings(compose["services"]) if "PASSWORD" in text]
    assert secrets
    assert all("${POSTGRES_PASSWORD:?" in text for text in secrets)


def test_only_nginx_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert [name for name, service in services.items() if "outer" in service["networks"]] == ["nginx"]
    assert compose["networks"]["inner"]["internal"] is True


def test_the_processes_wait_for_the_migration_and_nginx_waits_for_them(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in ("app1", "app2"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert set(services["nginx"]["depends_on"]) == {"app1", "app2"}
    for name in ("postgres", "valkey", "nginx"):
        assert "healthcheck" in services[name]


def test_the_processes_believe_nginx_alone(compose: dict[str, Any]) -> None:
    nginx = compose["services"]["nginx"]["networks"]["inner"]["ipv4_address"]
    for name in ("app1", "app2"):
        assert compose["services"][name]["environment"]["FORUM_TRUSTED_PROXIES"] == nginx


def test_compose_puts_the_processes_addresses_into_the_file_of_nginx(compose: dict[str, Any], tmp_path: Path) -> None:
    services, adapted = compose["services"], tmp_path / "default.conf"
    first, _and, _rest = services["nginx"]["command"][-1].partition("&&")
    command = first.replace("/etc/forum/nginx.conf", str(HOME / "deploy/nginx.conf"))
    subprocess.run(
        ["sh", "-c", command.replace("/etc/nginx/conf.d/default.conf", str(adapted))], check=True, cwd=tmp_path
    )
    servers = re.findall(r"^ *server (\S+) ", adapted.read_text(), re.MULTILINE)
    addresses = [services[name]["networks"]["inner"]["ipv4_address"] for name in ("app1", "app2")]
    assert servers == [f"{address}:8000" for address in addresses]


def test_a_stop_is_given_the_time_that_it_takes(compose: dict[str, Any]) -> None:
    takes = SENT_AWAY_SECONDS + DRAIN_SECONDS
    grace = [compose["services"][name]["stop_grace_period"] for name in ("app1", "app2")]
    grace += re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert len(grace) == 3
    assert all(int(seconds.removesuffix("s")) >= 2 * takes for seconds in grace)


def test_what_the_image_copies_is_there_and_nothing_else_is_sent_to_the_engine() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (HOME / "Dockerfile").read_text(), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    lines = (HOME / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == sources
    assert all((HOME / source).exists() for source in sources)


def test_the_image_holds_what_the_wheel_holds() -> None:
    wheel = re.findall(r'^(\w+) = "forum/_resources/', (HOME / "pyproject.toml").read_text(), re.MULTILINE)
    dockerfile = (HOME / "Dockerfile").read_text()
    assert wheel
    assert all(f"COPY {folder} /app/{folder}\n" in dockerfile for folder in wheel)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("No systemd-analyze here: the unit was not verified.")
    unit = tmp_path / "forum@8001.service"
    unit.write_text(UNIT.read_text().replace("/opt/forum/.venv/bin/python", "/bin/true"))
    done = subprocess.run([verify, "verify", unit], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def strings(value: object) -> list[str]:
    """Every text in what a parser read."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [str(value)]
