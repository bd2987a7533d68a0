"""Styles and scripts as they are sent mean what their source says."""

from pathlib import Path

from forum.resources import STATIC
from forum.static import static
from tests.journeys.conftest import Visit
from tests.journeys.stage import Stage

RULES = """(source) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(source);
  return [...sheet.cssRules].map((rule) => rule.cssText);
}"""
FETCH = "(path) => fetch(path).then((answer) => answer.text())"
LOAD = "(path) => import(new URL(path, location.href)).then(() => true)"


def test_every_style_sheet_has_the_rules_of_its_source(stage: Stage, visit: Visit) -> None:
    page = visit(stage.article()).page
    for path in files("css"):
        sent = page.evaluate(FETCH, static(f"css/{path.name}"))
        assert page.evaluate(RULES, sent) == page.evaluate(RULES, path.read_text()), path.name


def test_every_module_loads(stage: Stage, visit: Visit) -> None:
    page = visit(stage.article()).page
    for path in files("js"):
        assert page.evaluate(LOAD, static(f"js/{path.name}")), path.name


def files(folder: str) -> list[Path]:
    """The files that are served from there."""
    found = sorted((STATIC / folder).glob(f"*.{folder}"))
    assert found
    return found
