"""Reports are settled by the act that decides about their comments."""

from collections.abc import Sequence

from sqlalchemy import update

from forum.database import Db, now
from forum.moderation.models import Act, Report


def solve_reports(db: Db, comment_ids: Sequence[int], *, act: Act) -> None:
    """Note that an act has dealt with the open reports of these comments."""
    are_open = Report.comment_id.in_(comment_ids) & Report.solved_at.is_(None)
    db.execute(update(Report).where(are_open).values(solved_at=now(), solved_by_id=act.by_id, act_id=act.id))
