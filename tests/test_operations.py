"""docs/operations.md is true: it names every number that is counted, and every switch there is."""

import re
from pathlib import Path

from prometheus_client import REGISTRY

from forum import metrics
from forum.site.switches import Switch

DOCS = (Path(__file__).parent.parent / "docs/operations.md").read_text()


def test_every_number_is_explained_and_every_explained_number_is_counted() -> None:
    ours = {
        metric.name + ("_total" if metric.type == "counter" else "")
        for metric in REGISTRY.collect()
        if metric.name.startswith("forum_")
    }
    assert ours == set(re.findall(r"`(forum_\w+)", DOCS))


def test_every_cause_is_named() -> None:
    for cause in (*metrics.CATCH_UP_CAUSES, *metrics.RELOAD_CAUSES, *metrics.CUT_CAUSES):
        assert f"`{cause}`" in DOCS


def test_every_switch_is_explained() -> None:
    assert {switch.value for switch in Switch} == set(re.findall(r"forum switch ([a-z-]+) on", DOCS))
