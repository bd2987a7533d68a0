"""What is read, in these tests, of reports, acts, heads and accounts."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.accounts.models import Account
from forum.articles.models import Article
from forum.comments.models import Comment, State
from forum.comments.recount import find_faults
from forum.database import Database, Db
from forum.events import Event
from forum.moderation.models import Act, Report
from forum.moderation.queues import Filters, Queue, places
from forum.moderation.whereabouts import EVERYTHING


def acts(db: Db) -> Sequence[Act]:
    """The log, oldest first."""
    return db.execute(select(Act).order_by(Act.id)).scalars().all()


def reports(db: Db) -> Sequence[Report]:
    """Every report, oldest first."""
    return db.execute(select(Report).order_by(Report.id)).scalars().all()


def waiting(db: Db, queue: Queue = Queue.REPORTS, filters: Filters = EVERYTHING) -> list[int]:
    """The ids of what a queue holds, in its order."""
    return [place.id for place in places(db, queue, filters)]


def reporters(db: Db) -> list[str]:
    """Whose reports are open, the oldest first."""
    query = select(Account.handle).join(Report, Report.account_id == Account.id).where(Report.solved_at.is_(None))
    return list(db.execute(query.order_by(Report.id)).scalars())


def head(db: Db, slug: str) -> tuple[int, int]:
    """Version and comment count of an article."""
    row = db.execute(select(Article.version, Article.comment_count).where(Article.slug == slug)).one()
    return row.version, row.comment_count


def states(db: Db, author_id: int) -> list[State]:
    """The states of what an account has written, oldest first."""
    return list(db.execute(select(Comment.state).where(Comment.author_id == author_id).order_by(Comment.id)).scalars())


def account(db: Db, account_id: int) -> Account:
    """The row as it is now."""
    return db.get_one(Account, account_id)


async def is_whole(database: Database) -> bool:
    """Whether every comment is in its place and every counter right."""
    return await database.read(find_faults) == []


def published(database: Database) -> list[Event]:
    """A list that gets all events published from now on."""
    heard: list[Event] = []
    database.publish = heard.extend
    return heard
