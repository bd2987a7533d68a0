"""The demo's words and pictures are sound: what refers to something finds it, and nothing comes twice."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from forum.demo.content import DemoArticle, articles, people
from forum.demo.load import lines_of
from forum.demo.pictures import DRAWINGS, draw
from forum.demo.talk import GeneratedComment, more_comments

DISCUSSED = [article for article in articles() if article.comments != "off"]
SECTIONS = {"News", "Culture", "Opinion", "Science", "Food"}
EDITORS = {person.display_name for person in people() if person.role == "editor"}


def name_of(article: DemoArticle) -> str:
    return article.slug


def about_each(among: list[DemoArticle]) -> Callable[[Any], Any]:
    return pytest.mark.parametrize("article", among, ids=name_of)


def generated(article: DemoArticle, seed: int = 7) -> list[GeneratedComment]:
    return made_for(article.slug, seed)


@cache
def made_for(slug: str, seed: int) -> list[GeneratedComment]:
    article = next(article for article in articles() if article.slug == slug)
    return list(more_comments(article, Random(seed), 1500 if article is articles()[0] else 150))


def test_there_are_two_hundred_people_with_handles_of_their_own() -> None:
    assert len({person.handle for person in people()}) == len(people()) == 200
    assert len({person.display_name for person in people()}) == 200
    assert Counter(person.role for person in people()) == {"reader": 193, "editor": 4, "moderator": 3}


def test_some_names_are_as_long_as_names_may_be_and_none_is_longer() -> None:
    lengths = sorted(len(person.display_name) for person in people())
    assert 50 < lengths[-3] <= lengths[-1] <= 60


def test_twelve_articles_come_newest_first() -> None:
    hours = [article.published for article in articles()]
    assert len(hours) == 12
    assert hours == sorted(hours)


@about_each(articles())
def test_an_article_is_complete(article: DemoArticle) -> None:
    assert all((article.headline, article.standfirst, article.caption, article.credit))
    assert article.alt not in ("", article.caption)
    assert article.byline is None or article.byline in EDITORS
    assert 1 <= len(article.sections) <= 3
    assert SECTIONS.issuperset(article.sections)
    assert 2 <= len(set(article.tags)) == len(article.tags) <= 4


@about_each(articles())
def test_an_article_is_of_a_length_to_be_read_in_one_sitting(article: DemoArticle) -> None:
    assert 350 <= len(article.body.split()) <= 700
    assert 2 <= article.body.count("\n## ") <= 4


def test_one_discussion_is_readonly_and_one_is_off() -> None:
    assert Counter(article.comments for article in articles()) == {"open": 10, "readonly": 1, "off": 1}
    assert all(not article.discussion for article in articles() if article.comments == "off")


def test_more_than_three_hundred_comments_are_written_by_hand_and_no_two_are_equal() -> None:
    bodies = [comment.body for article in articles() for comment in article.discussion]
    assert len(bodies) >= 300
    assert len(set(bodies)) == len(bodies)


@about_each(DISCUSSED)
def test_who_writes_a_comment_has_an_account(article: DemoArticle) -> None:
    handles = {person.handle for person in people()}
    assert handles.issuperset(comment.by for comment in article.discussion)
    assert handles.issuperset(comment.by for comment in generated(article))


@about_each(DISCUSSED)
def test_a_reply_stands_below_its_parent_and_is_later(article: DemoArticle) -> None:
    minutes: dict[str, int] = {}
    for comment in article.discussion:
        assert comment.ref not in minutes
        assert comment.parent is None or minutes[comment.parent] < comment.minutes
        minutes[comment.ref] = comment.minutes


@about_each(DISCUSSED)
def test_no_comment_is_of_the_future(article: DemoArticle) -> None:
    minutes: list[float] = [comment.minutes for comment in article.discussion]
    minutes += [comment.minutes for comment in generated(article)]
    assert min(minutes) > 0
    assert max(minutes) < article.published * 60


@about_each(DISCUSSED)
def test_comments_by_hand_have_a_body_and_a_plausible_score(article: DemoArticle) -> None:
    for comment in article.discussion:
        assert 10 < len(comment.body) < 2000
        assert 0 <= comment.votes <= 60


def test_replies_by_hand_go_seven_levels_deep() -> None:
    depths = []
    for article in DISCUSSED:
        depth: dict[str | None, int] = {None: -1}
        for comment in article.discussion:
            depth[comment.ref] = depth[comment.parent] + 1
        depths.append(max(depth.values()))
    assert max(depths) == 7


@about_each(DISCUSSED)
def test_made_comments_form_a_tree_in_the_order_of_time(article: DemoArticle) -> None:
    made = generated(article)
    minutes: dict[int, float] = {}
    for comment in made:
        assert comment.parent is None or minutes[comment.parent] < comment.minutes
        assert comment.minutes > max(minutes.values(), default=0)
        minutes[comment.ref] = comment.minutes
    assert len(minutes) == len(made)


@about_each(DISCUSSED)
def test_nobody_answers_themselves_in_made_comments(article: DemoArticle) -> None:
    by: dict[int | None, str] = {}
    for comment in generated(article):
        assert comment.by != by.get(comment.parent)
        by[comment.ref] = comment.by


@about_each(DISCUSSED)
def test_no_two_comments_of_an_article_are_equal(article: DemoArticle) -> None:
    bodies = [comment.body for comment in article.discussion]
    bodies += [comment.body for comment in generated(article)]
    assert len(set(bodies)) == len(bodies)


@about_each(DISCUSSED)
def test_no_phrase_is_left_half_filled(article: DemoArticle) -> None:
    for seed in range(3):
        for comment in generated(article, seed):
            assert not re.search(r"[{}|]|\.\.|[?.]\.|  | ,", comment.body), comment.body


def test_the_same_seed_makes_the_same_comments_and_another_one_others() -> None:
    article = articles()[1]
    first, again, other = (list(more_comments(article, Random(seed), 100)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_largest_discussion_has_chains_deeper_than_ten() -> None:
    depth: dict[int | None, int] = {None: -1}
    for comment in generated(articles()[0]):
        depth[comment.ref] = depth[comment.parent] + 1
    assert max(depth.values()) > 10


def test_asking_for_more_than_the_words_can_say_is_refused() -> None:
    with pytest.raises(ValueError, match="do not suffice"):
        list(more_comments(articles()[-2], Random(1), 50))


def test_every_article_has_a_drawing_and_every_drawing_an_article() -> None:
    assert set(DRAWINGS) == {article.slug for article in articles()}


def test_a_picture_has_the_size_that_was_asked_for() -> None:
    with Image.open(BytesIO(draw(articles()[0].slug, (600, 400)))) as picture:
        assert (picture.format, picture.size) == ("WEBP", (600, 400))


def test_no_two_pictures_are_equal_and_each_comes_out_the_same_twice() -> None:
    pictures = [draw(article.slug, (300, 200)) for article in articles()]
    assert len(set(pictures)) == 12
    assert pictures == [draw(article.slug, (300, 200)) for article in articles()]


@about_each(DISCUSSED)
def test_what_is_written_by_hand_leads_a_discussion_sorted_by_newest(article: DemoArticle) -> None:
    begun = [line for line in lines_of(article, Random(1851), 60) if line.parent is None]
    first = sorted(begun, key=lambda line: line.at, reverse=True)
    by_hand = [comment.ref for comment in article.discussion if comment.parent is None]
    assert sorted(line.ref for line in first[: len(by_hand)]) == sorted(by_hand)
