"""An author asks the moderators to look at a comment again that they held or removed: once for each comment.

An appeal waits as long as nobody has answered it and its comment is not to be seen; nothing else need settle it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext

from sqlalchemy import bindparam, select

from forum.accounts.actor import Actor, standing
from forum.comments.locking import lock_comment
from forum.comments.models import Comment, State
from forum.database import Db
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.moderation.models import Appeal
from forum.permissions import Person, Written, can_appeal
from forum.reading.queries import OWN, Own, own_in

APPEAL_LENGTH = 2000
_OWN_AND_APPEAL = OWN.add_columns(Appeal).outerjoin(Appeal, Appeal.comment_id == bindparam("comment_id"))


@dataclass(frozen=True, slots=True)
class OwnAppeal:
    """What an author may do about a comment of theirs, and what became of it: `state` is a word of `appeal_state`."""

    can_appeal: bool
    appeal: Appeal | None = None
    state: str = ""


def appeal_comment(db: Db, *, author: Actor, comment_id: int, text: str) -> Appeal:
    """Ask the moderators to look at one's own comment again. The same text twice is one appeal.

    Raises Forbidden for another's comment, NotFound, Invalid, or Conflict where there is nothing to be appealed
    against, or there is an appeal already.
    """
    person, text = standing(db, author), check_appeal(text, _("Say why the decision is wrong, or what has changed."))
    comment = lock_comment(db, comment_id, person)
    if comment.author_id != person.id:
        raise Forbidden(_("Only its author can appeal about a comment."))
    if comment.state == State.DELETED:
        raise NotFound(_("This comment is not here any more."))
    earlier = _appeal(db, comment_id)
    if earlier is not None and earlier.text != text:
        raise Conflict(_("You have appealed about this comment already. The moderators have what you wrote then."))
    if earlier is not None:
        return earlier
    if not can_appeal(person, comment):
        raise Conflict(_("This comment is to be seen by everybody. There is nothing to appeal against."))
    appeal = Appeal(account_id=person.id, comment_id=comment_id, text=text)
    db.add(appeal)
    db.flush()
    return appeal


def own_about(db: Db, comment_id: int, person: Person | None, shown: Collection[int]) -> tuple[OwnAppeal, Own]:
    """What this person may know of an appeal about the comment with this id; and what of its page is theirs alone.

    One question: a page has eight.
    """
    comment = db.get(Comment, comment_id) if person else None
    if person is None or comment is None:
        return OwnAppeal(can_appeal=False), Own()
    asked = {"account_id": person.id, "article_id": comment.article_id, "comment_id": comment_id, "shown": list(shown)}
    rows = db.execute(_OWN_AND_APPEAL, asked).all()
    is_own = comment.author_id == person.id
    appeal = own_appeal(comment, rows[0].Appeal, person) if is_own else OwnAppeal(can_appeal=False)
    return appeal, own_in(rows)


def own_appeal(comment: Written, appeal: Appeal | None, person: Person) -> OwnAppeal:
    """What its author may know of an appeal about a comment: not that it is in the shadow."""
    if appeal is None:
        return OwnAppeal(can_appeal(person, comment))
    state = State.VISIBLE if comment.shadowed else State(comment.state)
    return OwnAppeal(can_appeal=False, appeal=appeal, state=appeal_state(appeal, state))


def appeal_state(appeal: Appeal, state: State) -> str:
    """What became of an appeal about a comment in that state: granted, declined, or it waits."""
    if appeal.granted or (appeal.granted is None and state == State.VISIBLE):
        return "granted"
    return "waiting" if appeal.granted is None else "declined"


def check_appeal(text: str, missing: str) -> str:
    """The text of an appeal. Raises Invalid where there is none, with the sentence `missing`, or too much."""
    text = text.strip()
    if not text:
        raise Invalid(missing, "text")
    if (excess := len(text) - APPEAL_LENGTH) > 0:
        sentence = ngettext(
            "The text is %(num)s character too long. Shorten it and send it again.",
            "The text is %(num)s characters too long. Shorten it and send it again.",
            excess,
        )
        raise Invalid(sentence % {"num": excess}, "text")
    return text


def _appeal(db: Db, comment_id: int) -> Appeal | None:
    return db.execute(select(Appeal).where(Appeal.comment_id == comment_id)).scalar_one_or_none()
