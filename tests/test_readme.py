"""The README's table of settings is the settings, and each of them does something."""

import re
from pathlib import Path

import pytest

from forum.config import LOOPBACK, Settings

HOME = Path(__file__).parent.parent
IN_WORDS = {"": "none", "[]": "none", LOOPBACK: "loopback"}
"""How the table writes a default that is not a value by itself."""


def defaults() -> dict[str, str]:
    """Each setting's variable with its default, as the README has them."""
    texts = {}
    for name, field in Settings.model_fields.items():
        value = field.get_default()
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        texts[f"FORUM_{name.upper()}"] = IN_WORDS.get(text, text)
    return texts | {"FORUM_DATABASE_URL": "SQLite in the data folder"}


def test_the_readme_names_every_setting_with_its_default_and_no_other() -> None:
    rows = re.findall(r"^\| `(FORUM_\w+)` \| `?(.*?)`? \| (.+) \|$", (HOME / "README.md").read_text(), re.MULTILINE)
    assert {name: default for name, default, _meaning in rows} == defaults()
    assert len(rows) == len(defaults()), "a setting stands twice"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_read_somewhere(name: str) -> None:
    read = re.compile(rf"\b(?:settings|self|Settings\(\))\.{name}\b")
    assert any(read.search(path.read_text()) for path in (HOME / "forum").rglob("*.py"))
