"""Settings, read once from the environment (FORUM_…) and never changed while running."""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network
LOOPBACK = "127.0.0.0/8,::1/128"


class Settings(BaseSettings):
    """Every setting, its default and its unit. The README has the same table in words."""

    model_config = SettingsConfigDict(env_prefix="FORUM_", frozen=True)

    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    site_url: str = ""
    trusted_proxies: Annotated[list[Network], NoDecode] = []
    metrics_networks: Annotated[list[Network], NoDecode] = [ip_network(n) for n in LOOPBACK.split(",")]
    log: Literal["console", "json"] = "console"

    limits: Literal["on", "off"] = "on"
    comment_length: int = 10_000
    """Code points after NFC."""
    form_bytes: int = 160 * 1024
    comment_pause: float = 5
    """Seconds between two comments of one account."""
    comments_per_ten_minutes: int = 20
    texts_per_minute: int = 60
    """Of one account, to be posted or put in the place of others, whatever becomes of them; 0 is no limit."""
    registrations_per_hour: int = 5
    failed_sign_ins_per_ten_minutes: int = 20
    image_bytes: int = 5_000_000
    edit_minutes: int = 15
    session_days: int = 30
    address_days: int = 30
    socket_message_bytes: int = 4096
    sockets: int = Field(default=20_000, gt=0)
    """Open pages that one process takes; beyond that they are told 1013 and poll."""
    sockets_per_address: int = Field(default=500, gt=0)
    """Many readers may share an address: an office, a school, a provider."""
    sockets_per_account: int = Field(default=50, gt=0)
    ready_pages_bytes: int = 64 * 1024 * 1024
    """Memory for pages that are kept ready for guests; 0 keeps none."""
    typing: Literal["off", "on"] = "off"
    """Whether pages say where somebody writes a reply just now, and learn of it."""

    @field_validator("trusted_proxies", "metrics_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return (
            [ip_network(part.strip()) for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("site_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @cached_property
    def database(self) -> str:
        """The database's URL: SQLite in the data folder unless another is set."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'forum.sqlite3'}"

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.database.startswith("sqlite")

    @property
    def uploads(self) -> Path:
        """The folder of avatars and article pictures."""
        return self.data_dir / "uploads"

    @property
    def secure(self) -> bool:
        """Whether the site is reached by https, as configured; never judged from a request."""
        return self.site_url.startswith("https://")

    @property
    def limited(self) -> bool:
        """Whether rates are limited; FORUM_LIMITS=off is for load tests alone."""
        return self.limits == "on"
