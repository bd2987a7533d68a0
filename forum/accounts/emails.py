"""E-mail addresses: sound in form, and one per account."""

import unicodedata
from gettext import gettext as _

from email_validator import EmailNotValidError, validate_email

from forum.errors import Invalid

_LONGEST = 254  # characters, RFC 5321


def check_email(text: str) -> str:
    """The address as it is kept and written to: its domain in lower case, the rest as typed; all in NFC.

    Whether mail arrives there is not asked. Raises Invalid (field "email").
    """
    typed = text.strip()
    if len(typed) <= _LONGEST:
        try:
            return validate_email(typed, check_deliverability=False, strict=True).normalized
        except (EmailNotValidError, UnicodeError):
            pass
    raise Invalid(_("Enter an e-mail address such as jane@example.org."), "email")


def fold_email(text: str) -> str:
    """One form for all spellings of an address, for the unique column and for looking accounts up.

    Case goes from the whole address, since no provider in use tells accounts apart by it. Mail is sent to the
    address that the account holds, never to what was typed or folded. Raises Invalid, as check_email does.
    """
    mailbox, _at, domain = check_email(text).rpartition("@")
    return unicodedata.normalize("NFC", mailbox.casefold()) + "@" + domain
