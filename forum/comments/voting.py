"""Recommending a comment."""

from gettext import gettext as _

from sqlalchemy import bindparam, update

from forum.accounts.actor import Actor, writer_standing
from forum.articles.models import Article
from forum.comments.locking import lock_comment
from forum.comments.models import Vote
from forum.database import Db, run, table_of
from forum.errors import Forbidden, NotFound
from forum.events import VotesChanged, record
from forum.permissions import Right, can_vote, is_shadowed

articles = table_of(Article)
_NOTE_VOTE = (
    update(articles).where(articles.c.id == bindparam("article_id")).values(vote_changes=articles.c.vote_changes + 1)
)


def vote(db: Db, *, voter: Actor, comment_id: int, value: bool) -> int:
    """Recommend a comment, or take that back; gives the new score. Doing it twice does nothing.

    Who is in the shadow is answered like anybody else, and nobody else's score counts it.
    """
    person = writer_standing(db, voter, Right.VOTE)
    comment = lock_comment(db, comment_id, person)
    if not can_vote(person, comment):
        if not comment.is_visible_to(person.id):
            raise NotFound(_("This comment is not here any more."))
        raise Forbidden(_("You cannot recommend your own comment."))

    row = db.get(Vote, (person.id, comment_id))
    shadowed = row.shadowed if row else is_shadowed(person)
    seen, step = comment.score + bool(row and shadowed), value - bool(row)
    if not step:
        return seen
    if row:
        db.delete(row)
    else:
        db.add(Vote(account_id=person.id, comment_id=comment_id, shadowed=shadowed))
    if not shadowed:
        comment.score += step
        run(db, _NOTE_VOTE, article_id=comment.article_id)
    db.flush()
    # Told in the shadow too: the voter's other pages hear of the score as they see it, everybody's as it was.
    record(db, VotesChanged(comment.article_id, comment.id, comment.score))
    return seen + step
