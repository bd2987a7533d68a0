"""The table of docs/permissions.md, read."""

from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent.parent / "docs/permissions.md"
WHO = ["guest", "reader", "moderator", "editor", "admin", "banned"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a request, what it concerns, and the answer to everybody."""

    request: str
    what: str
    cells: dict[str, str]

    @property
    def method(self) -> str:
        """GET, POST, or WS for a socket."""
        return self.request.partition(" ")[0]


def rows() -> list[Row]:
    """Every row."""
    lines = [[cell.strip() for cell in line.strip(" |").split("|")] for line in _lines()]
    assert lines[0] == ["request", "what", *WHO]
    return [Row(line[0], line[1], dict(zip(WHO, line[2:], strict=True))) for line in lines[2:]]


def requests(method: str) -> list[str]:
    """Every request of that method, each once."""
    return sorted({row.request for row in rows() if row.method == method})


def allowed(request: str) -> Row:
    """The first row by which an admin may send this request."""
    return next(row for row in rows() if row.request == request and row.cells["admin"] in ("yes", "15 min", "on"))


def _lines() -> list[str]:
    text = TABLE.read_text()
    return [line for line in text[text.index("| request |") :].splitlines() if line.startswith("|")]
