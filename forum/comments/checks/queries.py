"""What is read of findings: in words, with the places that are meant."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from forum.comments.checks.marking import Piece, excerpt
from forum.comments.checks.models import Finding, Response
from forum.comments.checks.sentences import finding_sentence
from forum.comments.models import Comment
from forum.database import Db


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """What a check found in a comment, in words.

    `marks` are the places in the comment's source, as (start, end) in code points; `excerpt` is the source around them.
    """

    check: str
    response: Response
    sentence: str
    marks: tuple[tuple[int, ...], ...]
    excerpt: tuple[Piece, ...]


def findings_of(db: Db, comment_ids: Collection[int]) -> dict[int, list[ShownFinding]]:
    """What checks found in each of these comments, for moderators; nothing stands for those in which nothing was.

    Their authors may read those of them that hold a comment.
    """
    found: defaultdict[int, list[ShownFinding]] = defaultdict(list)
    if not comment_ids:
        return found
    query = select(Finding, Comment.body).join(Comment, Comment.id == Finding.comment_id)
    for finding, body in db.execute(query.where(Finding.comment_id.in_(comment_ids)).order_by(Finding.id)):
        found[finding.comment_id].append(_shown(finding, body))
    return found


def _shown(finding: Finding, body: str) -> ShownFinding:
    sentence = finding_sentence(finding.check, finding.facts)
    marks = tuple(tuple(mark) for mark in finding.marks)
    return ShownFinding(finding.check, finding.response, sentence, marks, excerpt(body, marks))
