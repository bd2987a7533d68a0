"""`forum account create` asks of an account what the registration asks."""

import pytest
from typer.testing import CliRunner, Result

from forum.commands_account import account
from forum.config import Settings
from forum.errors import Refusal
from forum.findings import errors_of
from tests.accounts.site import PASSWORD


@pytest.fixture
def kind() -> str:
    """What is asked does not depend on the database."""
    return "sqlite"


def create(settings: Settings, *words: str, password: str = "") -> Result:
    """Run the command on this site, with a password on its standard input."""
    typed = f"{password}\n" if password else ""
    return CliRunner().invoke(
        account,
        ["create", *words],
        input=typed,
        env={"FORUM_DATA_DIR": str(settings.data_dir), "FORUM_DATABASE_URL": ""},
    )


def test_the_command_makes_an_account_and_prints_the_password_where_none_was_typed(settings: Settings) -> None:
    assert create(settings, "imke", password=PASSWORD).output == "Account imke is made.\n"
    assert "Password: " in create(settings, "admin", "--role", "admin").output


@pytest.mark.parametrize(
    ("words", "password", "field"),
    [
        (["imke"], "imke1", "password"),
        (["imke"], "password1234", "password"),
        (["imke", "--display-name", "a\u202eb"], PASSWORD, "display_name"),
        (["imke", "--email", "nowhere"], PASSWORD, "email"),
        (["i"], PASSWORD, "handle"),
    ],
)
def test_the_command_refuses_what_the_registration_refuses(
    settings: Settings, words: list[str], password: str, field: str
) -> None:
    refusal = create(settings, *words, password=password).exception
    assert isinstance(refusal, Refusal)
    assert field in errors_of(refusal)
    assert create(settings, "imke", password=PASSWORD).exit_code == 0, "nothing was stored"
