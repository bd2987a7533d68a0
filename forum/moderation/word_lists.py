"""The lists of words and sites that comments are searched for, as admins write them: one a line."""

import unicodedata
from collections.abc import Sequence
from gettext import gettext as _
from hashlib import sha256
from itertools import takewhile
from typing import Any

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.comments.checks.addresses import plain_host
from forum.comments.checks.lists import NAMES
from forum.comments.checks.matching import Matcher
from forum.comments.checks.models import WordList
from forum.database import Db, now
from forum.errors import Invalid, NotFound
from forum.moderation.acts import Undoing, log_act
from forum.moderation.check_rules import admin_standing, need_admin
from forum.moderation.models import ActKind
from forum.site.models import Site

MOST_LINES, LONGEST_LINE = 10_000, 100
NAMED_LINES = 5
"""So many wrong lines are named; whoever has put those right is told of the next."""


def read_lists(db: Db) -> dict[str, str]:
    """The entries of each list; one that nobody has written yet is empty."""
    there = {row.name: row.entries for row in db.execute(select(WordList.name, WordList.entries))}
    return {name: there.get(name, "") for name in NAMES}


def check_entries(name: str, typed: str) -> str:
    """The lines as they are stored, each once, without empty ones. Raises Invalid, naming those that are wrong."""
    if name not in NAMES:
        raise NotFound(_("There is no such list."))
    lines = typed.splitlines()
    if len(lines) > MOST_LINES:
        sentence = _("These are %(num)d lines; %(most)d at most. Shorten the list.")
        raise Invalid(sentence % {"num": len(lines), "most": MOST_LINES}, "entries")
    entries = [" ".join(unicodedata.normalize("NFC", line).split()) for line in lines]
    wrong = [f"{number}: {why}" for number, entry in enumerate(entries, 1) if (why := _why_wrong(name, entry))]
    if wrong:
        more = [_("and more")] if len(wrong) > NAMED_LINES else []
        raise Invalid(_("Look at line %(lines)s.") % {"lines": "; ".join(wrong[:NAMED_LINES] + more)}, "entries")
    return "\n".join(dict.fromkeys(entry for entry in entries if entry))


def set_words(db: Db, *, admin: Actor, name: str, entries: str) -> None:
    """Put entries, as checked, in the place of a list. Raises Forbidden."""
    person = admin_standing(db, admin)
    db.execute(select(Site.id).with_for_update())
    words = db.get(WordList, name)
    if words is None:
        words = WordList(name=name, entries="")
        db.add(words)
    if words.entries == entries:
        return
    before, after = _parting(words.entries, entries)
    words.entries, words.changed_at = entries, now()
    log_act(db, ActKind.WORDS, by=person, detail=name, before=before, after=after)


def undo_words(db: Db, undoing: Undoing) -> bool:
    """Give a list the lines back that it had. Raises Forbidden for whoever may not change it."""
    need_admin(undoing.by)
    db.execute(select(Site.id).with_for_update())
    words = db.get_one(WordList, undoing.act.detail)
    if _digest(words.entries) != undoing.after.get("digest"):
        return False
    lines, at = words.entries.splitlines(), undoing.after["at"]
    lines[at : at + len(undoing.after["lines"])] = undoing.before["lines"]
    words.entries, words.changed_at = "\n".join(lines), now()
    db.flush()
    return True


def count_lines(entries: str) -> int:
    """How many entries a list has."""
    return len(entries.splitlines())


def _parting(before: str, after: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the log keeps of both: from the first line to the last in which they differ, and what tells them apart.

    A list may have a megabyte, and the log is for good.
    """
    old, new = before.splitlines(), after.splitlines()
    at = _alike(old, new)
    tail = _alike(old[at:][::-1], new[at:][::-1])
    return (
        {"at": at, "lines": old[at : len(old) - tail], "digest": _digest(before)},
        {"at": at, "lines": new[at : len(new) - tail], "digest": _digest(after)},
    )


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _digest(entries: str) -> str:
    return sha256(entries.encode()).hexdigest()


def _why_wrong(name: str, entry: str) -> str:
    """What is wrong with an entry; empty where nothing is, or it is empty."""
    if not entry:
        return ""
    if len(entry) > LONGEST_LINE:
        return _("longer than %(most)d characters") % {"most": LONGEST_LINE}
    if name != "hosts" and not Matcher(entry).size:
        return _("“%(entry)s” is too short to be looked for") % {"entry": entry}
    if name == "hosts" and not _is_host(plain_host(entry)):
        return _("“%(entry)s” is no site’s name such as example.org") % {"entry": entry}
    return ""


def _is_host(host: str) -> bool:
    parts: Sequence[str] = host.split(".")
    return len(parts) > 1 and all(part and all(char.isalnum() or char == "-" for char in part) for part in parts)
