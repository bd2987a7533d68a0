"""What each check is called, and looks for, in plain words."""

from dataclasses import dataclass
from gettext import gettext as _


@dataclass(frozen=True, slots=True)
class Title:
    """A check's name, what it finds, and what its number counts; empty where it has none."""

    name: str
    finds: str
    counts: str = ""


def check_title(check: str) -> Title:
    """The words for a check."""
    titles = {
        "banned": Title(_("Banned words"), _("Words of their list, which have no place here.")),
        "suspect": Title(_("Suspect words"), _("Words of their list, which may be meant well.")),
        "links": Title(_("Links"), _("More than"), _("links")),
        "hosts": Title(_("Listed sites"), _("A link to a site of their list, or to what lies beneath it.")),
        "repeated": Title(
            _("Repeated text"), _("The same text within 30 days, by anybody, at least"), _("times before")
        ),
        "length": Title(_("Length"), _("A text longer than"), _("characters")),
        "speed": Title(_("Speed"), _("Within ten minutes the author has posted"), _("others")),
        "newcomer": Title(_("New accounts"), _("Of an account that is new here the first"), _("comments")),
        "watched": Title(
            _("Accounts under watch"), _("Whatever they write. Moderators watch an account on its own page.")
        ),
        "removals": Title(_("Removed before"), _("Of the author’s last 20 comments were removed"), _("percent")),
    }
    return titles.get(check, Title(check, ""))
