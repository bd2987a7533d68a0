"""How far an index of full texts has been filled."""

from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id


class Filling(Base):
    """An index that is being filled, or looked through: so far as the row with this id. Gone when it is done."""

    __tablename__ = "search_filling"

    name: Mapped[str] = mapped_column(primary_key=True)
    upto: Mapped[int] = mapped_column(Id)
