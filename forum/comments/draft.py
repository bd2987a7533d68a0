"""What somebody is writing: kept on the server only while a guest signs in, for those without scripts."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from forum.accounts.sessions import hash_token, new_token
from forum.comments.models import KeptDraft
from forum.database import Db, even_read_only, now

KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """The composer's content: a text, what it answers, its key, and what was wrong with it.

    `nudge` says why the text would be held, where its author may change it or post it all the same.
    """

    key: str
    body: str = ""
    parent_id: int | None = None
    error: str | None = None
    preview: str | None = None
    nudge: str | None = None


def new_draft(parent_id: int | None = None) -> Draft:
    """An empty composer with a key of its own."""
    return Draft(key=secrets.token_urlsafe(16), parent_id=parent_id)


@even_read_only
def keep_draft(db: Db, *, body: str, parent_id: int | None, key: str | None) -> str:
    """Keep a guest's text for an hour; gives the token that brings it back."""
    token = new_token()
    db.add(
        KeptDraft(
            token_hash=hash_token(token),
            body=body,
            parent_id=parent_id,
            key=key or new_token(),
            expires_at=now() + KEPT,
        )
    )
    return token


def read_draft(db: Db, token: str) -> Draft | None:
    """The text that was kept under this token, if its hour is not over."""
    query = select(KeptDraft).where(KeptDraft.token_hash == hash_token(token), KeptDraft.expires_at > now())
    kept = db.execute(query).scalar_one_or_none()
    return Draft(key=kept.key, body=kept.body, parent_id=kept.parent_id) if kept else None
