"""Why comments are removed and reported: the site's list, by codes that are stored."""

from gettext import gettext as _

from forum.errors import Invalid

REASONS = ("attack", "hate", "off_topic", "spam", "false", "private", "unlawful", "other")


def reasons() -> list[tuple[str, str]]:
    """Codes and words, in the order in which a form offers them."""
    return [(code, removal_sentence(code)) for code in REASONS]


def removal_sentence(code: str) -> str:
    """The words of a reason, as they stand on a tombstone after a colon."""
    return {
        "attack": _("personal attack"),
        "hate": _("contempt for a group of people"),
        "off_topic": _("not about this article"),
        "spam": _("advertising or spam"),
        "false": _("a claim known to be false"),
        "private": _("somebody's private details"),
        "unlawful": _("against the law"),
        "other": _("against the rules"),
    }.get(code, _("against the rules"))


def check_reason(code: str) -> str:
    """The code, if it is on the list; Invalid otherwise."""
    if code not in REASONS:
        raise Invalid(_("Choose a reason from the list."), "reason")
    return code
