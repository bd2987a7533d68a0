"""The one row that describes the publication."""

from sqlalchemy import JSON, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base


class Site(Base):
    """The publication: one row, made by the first migration.

    `revision` goes up by one when anything that pages show beside articles and comments changes. `epoch` is a
    random id of the database's life: pages that know another one load their discussion afresh. So many reports of
    different accounts (`hold_reports`, 0 for never), each of at least that weight in hundredths, hold a comment.
    """

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="Forum")
    logo: Mapped[str | None]
    action_colour: Mapped[str | None]
    action_colour_dark: Mapped[str | None]
    appeal_text: Mapped[str] = mapped_column(Text, default="")
    appeal_button: Mapped[str] = mapped_column(default="")
    appeal_link: Mapped[str] = mapped_column(default="")
    rules: Mapped[str] = mapped_column(Text, default="")
    rules_html: Mapped[str] = mapped_column(Text, default="")
    footer_links: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    read_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    sockets_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    registration_closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    hold_reports: Mapped[int] = mapped_column(default=0, server_default="0")
    hold_weight: Mapped[int] = mapped_column(default=60, server_default="60")
