"""What a report weighs: how far its reporter's earlier ones were followed by removals.

Laplace's rule of succession (Essai philosophique sur les probabilités, 1814): of n decided reports s were followed by
a removal, so the next one is with the chance (s + 1) / (n + 2). Who never reported before weighs one half; nobody
weighs nothing, and nobody decides alone. A removal that was taken back does not count.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from forum.comments.models import Comment, State
from forum.database import Db
from forum.moderation.models import Report

LATEST = 50
"""Of a reporter's decided reports so many count: people change."""
LEAD = timedelta(hours=8)
"""How long one report of full weight is worth as waiting."""
MOST_LEAD = timedelta(days=1)
"""Whatever is reported, by however many: nothing is overtaken by what was first reported more than a day later."""


def succession(followed: int, decided: int) -> float:
    """The chance that the next one is followed by a removal too, by Laplace's rule."""
    return (followed + 1) / (decided + 2)


def weight_of(db: Db, account_id: int) -> float:
    """What a report of this account weighs now."""
    decided = (
        select(Comment.state)
        .join(Report, Report.comment_id == Comment.id)
        .where(Report.account_id == account_id, Report.solved_at.is_not(None))
    )
    latest = db.execute(decided.order_by(Report.solved_at.desc(), Report.id.desc()).limit(LATEST)).scalars().all()
    return succession(latest.count(State.REMOVED), len(latest))


def due(first: datetime, weights: Sequence[float]) -> datetime:
    """By when a comment takes its place in the queue, that was first reported then, by reports of these weights.

    What is reported waits in the order of this moment: weight counts as waiting, at most so much, so nothing starves.
    """
    return first - min(sum(weights) * LEAD, MOST_LEAD)
