"""Puts the figures into docs/performance.md, and a picture of them beside it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.figures import Figure, amount, as_markdown

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = {
    "live": ("fanout.svg", "Processor time for each page that gets a message, µs", "gets a message"),
    "read": ("reading.svg", "Processor time of a page of 200 comments that is made anew, ms", "made anew"),
    "write": ("writing.svg", "Durable posts a second, with every check", "posts a second"),
}
"""For each subject a chart: its file, its title, and the figures that it shows."""


def put_down(subject: str, figures: Sequence[Figure], where: str) -> None:
    """Replace the subject's figures in docs/performance.md, and the picture."""
    page = DOCS / "performance.md"
    begin, end = f"<!-- figures: {subject} -->\n", "<!-- end of figures -->\n"
    before, _begin, rest = page.read_text().partition(begin)
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}{where}.\n\n{as_markdown(figures)}{end}{after}")
    picture, title, what = PICTURES.get(subject, ("", "", ""))
    if shown := [figure for figure in figures if picture and what in figure.what]:
        (DOCS / "pictures" / picture).write_text(bars(title, shown))


def bars(title: str, figures: Sequence[Figure]) -> str:
    """A chart of the figures, each beside what it is compared with."""
    rows: dict[tuple[str, str], float] = {}
    for figure in figures:
        rows[figure.group, "forum"] = figure.value
        if figure.rival:
            rows[figure.group, figure.rival[0]] = figure.rival[1]
    scale = 420 / max(rows.values(), default=1)
    lines, y, above = [f'<text x="10" y="24" class="title">{escape(title)}</text>'], 40, ""
    for (group, who), value in rows.items():
        if group != above:
            above, y = group, y + 24
            lines.append(f'<text x="10" y="{y - 6}">{escape(group)}</text>')
        kind = "ours" if who == "forum" else "theirs"
        lines.append(f'<text x="120" y="{y + 14}" text-anchor="end">{escape(who)}</text>')
        lines.append(f'<rect x="130" y="{y + 2}" width="{value * scale:.0f}" height="15" class="{kind}"/>')
        lines.append(f'<text x="{136 + value * scale:.0f}" y="{y + 14}">{amount(value)}</text>')
        y += 20
    style = (
        "text{font:13px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:15px}"
        ".ours{fill:#0b6e4f}.theirs{fill:#b9b4aa}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {y + 12}" role="img">'
        f"<title>{escape(title)}</title><style>{style}</style>"
        f'<rect width="640" height="{y + 12}" fill="#fff"/>{"".join(lines)}</svg>\n'
    )
