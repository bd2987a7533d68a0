"""What checks found, in words: the same for whoever wrote the text and for moderators; and what would help."""

from collections.abc import Mapping
from gettext import gettext as _
from gettext import ngettext
from typing import Any

FAILED = "failed"
"""The fact of a check that could not be made."""


def finding_sentence(check: str, facts: Mapping[str, Any]) -> str:
    """What a check found, as one sentence."""
    if facts.get(FAILED):
        return _("One of the checks could not be made, so a moderator looks.")
    count = int(facts.get("count", 0))
    sentences = {
        "length": ngettext("It is %(count)s character long.", "It is %(count)s characters long.", count),
        "links": ngettext("There is %(count)s link in it.", "There are %(count)s links in it.", count),
        "hosts": _("It links to a site that is on a list here: %(words)s."),
        "banned": _("Words in it are not wanted here: %(words)s."),
        "suspect": _("Words in it are looked at first: %(words)s."),
        "repeated": _("The same text has been posted before."),
        "newcomer": ngettext(
            "It is the first comment of a new account.",
            "It is among the first %(count)s comments of a new account.",
            count,
        ),
        "watched": _("Moderators look at each comment of this account first."),
        "removals": ngettext(
            "Of the last %(of)s comments of this account %(count)s was removed.",
            "Of the last %(of)s comments of this account %(count)s were removed.",
            count,
        ),
        "speed": ngettext(
            "This account has posted %(count)s comment within ten minutes.",
            "This account has posted %(count)s comments within ten minutes.",
            count,
        ),
    }
    return sentences.get(check, _("A check found something.")) % {
        "of": facts.get("of", 0),
        "count": count,
        "words": ", ".join(_("“%(word)s”") % {"word": word} for word in facts.get("words", ())),
    }


def remedy_sentence(check: str, facts: Mapping[str, Any]) -> str:
    """What to change, where a check refuses the text."""
    most = int(facts.get("most", 0))
    sentences = {
        "length": ngettext("Shorten it to %(most)s character.", "Shorten it to %(most)s characters.", most),
        "links": ngettext("Keep to %(most)s link.", "Keep to %(most)s links.", most) if most else _("Take them out."),
        "hosts": _("Take that link out."),
        "banned": _("Take them out, or use others."),
        "suspect": _("Take them out, or use others."),
        "repeated": _("Say something else, or leave it at that."),
        "speed": _("Wait some minutes."),
    }
    return sentences.get(check, _("Change it.")) % {"most": most}
