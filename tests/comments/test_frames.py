"""A comment's HTML by its kind's frame is what the partial makes of the comment itself, whatever is written in it."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from forum.comments.checks.marking import Piece
from forum.comments.checks.queries import ShownFinding
from forum.comments.frames import Slot, comment_html, list_html
from forum.comments.models import State
from forum.comments.projection import ShownAuthor, ShownComment
from forum.comments.tree import grow
from forum.templating import fragment

NUMBERS = st.integers(0, 2**40)
TEXTS = st.text(st.sampled_from("%s{}()<>&'\"’é\\" + string.ascii_lowercase), max_size=20)
SOMETIMES = st.sampled_from(("", "since <Monday> & 100 %s"))
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (drawn so)

AUTHORS = st.builds(
    ShownAuthor,
    handle=TEXTS,
    display_name=TEXTS,
    avatar=st.none() | TEXTS.filter(bool),
    hue=TEXTS,
    initial=TEXTS,
    staff=st.booleans(),
    wrote_article=st.booleans(),
)
FINDINGS = st.builds(
    ShownFinding,
    check=st.just("links"),
    response=st.just("hold"),
    sentence=SOMETIMES,
    marks=st.just(((0, 1),)),
    excerpt=st.just((Piece("100 <%s>", marked=True),)),
)
COMMENTS = st.builds(
    ShownComment,
    id=NUMBERS,
    parent_id=st.none() | NUMBERS.filter(bool),
    shown_under_id=st.none() | NUMBERS.filter(bool),
    root_id=NUMBERS,
    depth=st.integers(1, 7),
    ordinal=NUMBERS,
    version=NUMBERS,
    state=st.sampled_from(State),
    reply_count=st.sampled_from((0, 1, 2, 1234)),
    score=st.integers(0, 3),
    created_at=MOMENTS,
    edited_at=st.none() | MOMENTS,
    reason=st.none() | TEXTS,
    in_reply_to=st.none() | TEXTS.filter(bool),
    author=st.none() | AUTHORS,
    html=TEXTS,
    featured=st.booleans(),
    pinned=st.sampled_from((0, 5)),
    closed=SOMETIMES,
    pace=st.sampled_from((0, 60)),
    slow=SOMETIMES,
    shown_to=st.sampled_from((0, 7)),
    more_replies=st.sampled_from((0, 1, 5000)),
    why=st.just(()) | st.tuples(FINDINGS),
    wait=SOMETIMES,
    shadowed=st.booleans(),
)


@given(COMMENTS, TEXTS, st.booleans())
def test_a_comment_by_a_frame_is_what_the_partial_makes_of_it(comment: ShownComment, replies: str, pick: bool) -> None:
    whole = fragment("comments/_comment.html", "comment_item", comment, Markup(replies) if replies else None, pick)
    assert comment_html(comment, replies, pick=pick) == whole


@given(COMMENTS, COMMENTS)
def test_what_stands_beneath_a_comment_is_in_its_list(above: ShownComment, beneath: ShownComment) -> None:
    above = above._replace(id=1, shown_under_id=None, depth=1)
    beneath = beneath._replace(id=2, shown_under_id=1, depth=2)
    assert list_html(grow([above, beneath])) == comment_html(above, comment_html(beneath))


def test_the_partial_cannot_decide_by_what_is_a_comments_own() -> None:
    with pytest.raises(TypeError, match="score"):
        bool(Slot("score"))
