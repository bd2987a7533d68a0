"""The lead picture of an article, in the widths that browsers choose from."""

from dataclasses import dataclass
from typing import Protocol

WIDTHS = (480, 960, 1440, 1920)


class Pictured(Protocol):
    """What an article says of its picture."""

    image: str | None
    image_width: int
    image_height: int
    alt: str


SHARED_WIDTH = 1440
"""Pixels: as wide as other sites show it beside a link, on fine screens too."""


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """The one file of a picture that other sites show, with its own size."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What an `<img>` needs; width and height in pixels of the largest file, so that nothing jumps."""

    key: str
    width: int
    height: int
    alt: str

    @property
    def src(self) -> str:
        """The address for browsers that do not choose."""
        return self._address(min(960, self.width))

    @property
    def srcset(self) -> str:
        """Every width there is; pictures are never enlarged."""
        return ", ".join(f"{self._address(width)} {width}w" for width in widths_of(self.width))

    @property
    def sizes(self) -> str:
        """How wide the page shows it: 60rem at most."""
        return "(min-width: 63rem) 60rem, 100vw"

    @property
    def shared(self) -> SharedPicture:
        """The file that a link to the article is shown with elsewhere."""
        width = min(SHARED_WIDTH, self.width)
        return SharedPicture(self._address(width), width, round(self.height * width / max(self.width, 1)))

    def _address(self, width: int) -> str:
        return f"/pictures/{self.key}-{width}.webp"


def widths_of(width: int) -> list[int]:
    """The widths in which a picture of that width is kept."""
    return [size for size in WIDTHS if size < width] + [min(width, WIDTHS[-1])]


def picture_of(article: Pictured) -> Picture | None:
    """The article's picture, if it has one."""
    if article.image is None:
        return None
    return Picture(article.image, article.image_width, article.image_height, article.alt)
