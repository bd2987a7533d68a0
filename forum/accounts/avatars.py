"""Generated avatars: a letter in white on one of eight hues."""

HUES = ("#6b4226", "#0b5a8f", "#7a2f6f", "#1f6b3a", "#8a2f2f", "#4a4fa3", "#0b6470", "#6d5a00")


def hue_of(account_id: int) -> str:
    """The hue of an account, always the same."""
    return HUES[account_id % len(HUES)]
