"""A canvas for flat illustrations: a few tones, large shapes, clean edges and a little grain."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]
Tones = tuple[str, ...]

# Drawings think in these units, whatever the size of the picture.
WIDTH, HEIGHT = 1200, 800
# Drawn so many times larger and then reduced, for smooth edges.
OVERSAMPLE = 2


class Canvas:
    """Shapes are drawn in tones, numbers into the palette; tone 0 is the ground."""

    def __init__(self, tones: Tones, size: tuple[int, int], rng: Random) -> None:
        self.tones = tones
        self.size = size
        self.rng = rng
        self.scale = size[0] * OVERSAMPLE / WIDTH
        self.image = Image.new("L", (size[0] * OVERSAMPLE, size[1] * OVERSAMPLE), 0)
        self.pen = ImageDraw.Draw(self.image)

    def _scaled(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def fill(self, tone: int) -> None:
        self.image.paste(tone, (0, 0, *self.image.size))

    def shape(self, points: Sequence[Point], tone: int) -> None:
        """A polygon."""
        self.pen.polygon(self._scaled(points), fill=tone)

    def rect(self, x: float, y: float, width: float, height: float, tone: int, *, radius: float = 0) -> None:
        box = [*self._scaled([(x, y)])[0], *self._scaled([(x + width, y + height)])[0]]
        self.pen.rounded_rectangle(box, radius * self.scale, fill=tone)

    def disc(self, x: float, y: float, radius: float, tone: int) -> None:
        self.shape(ellipse(x, y, radius, radius), tone)

    def line(self, points: Sequence[Point], width: float, tone: int) -> None:
        """A stroke with round ends and joints."""
        self.pen.line(self._scaled(points), fill=tone, width=round(width * self.scale))
        joints = points if width > 12 else (points[0], points[-1])
        for x, y in joints:
            self.disc(x, y, width / 2, tone)

    @contextmanager
    def inside(self, points: Sequence[Point]) -> Iterator[None]:
        """What is drawn in this block shows only inside the polygon."""
        before = self.image.copy()
        yield
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon(self._scaled(points), fill=255)
        self.image.paste(Image.composite(self.image, before, mask))

    def spray(self, points: Sequence[Point], tone: int, angle: float, strength: float = 1.0) -> None:
        """Speckles a polygon, densest at the side that `angle` (degrees, 0 right, 90 down) points to."""
        corners = self._scaled(points)
        left, top = (math.floor(min(corner[axis] for corner in corners)) for axis in (0, 1))
        right, bottom = (math.ceil(max(corner[axis] for corner in corners)) for axis in (0, 1))
        grain = 2 * OVERSAMPLE
        size = ((right - left) // grain + 1, (bottom - top) // grain + 1)
        density = _slope(size, angle).point(lambda value: int((value / 255) ** 3 * 255 * strength))
        noise = Image.frombytes("L", size, self.rng.randbytes(size[0] * size[1]))
        speckles = ImageChops.subtract(density, noise).point(lambda value: 255 if value else 0)
        speckles = speckles.resize((size[0] * grain, size[1] * grain), Image.Resampling.NEAREST)
        mask = Image.new("L", speckles.size, 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in corners], fill=255)
        self.image.paste(tone, (left, top), ImageChops.multiply(mask, speckles))

    def encode(self) -> bytes:
        """The finished picture as WebP."""
        palette = [channel for tone in self.tones for channel in bytes.fromhex(tone[1:])]
        self.image.putpalette(palette)
        picture = self.image.convert("RGB").reduce(OVERSAMPLE)
        noise = Image.frombytes("L", self.size, self.rng.randbytes(self.size[0] * self.size[1]))
        grain = noise.point(lambda value: value * 12 // 255)
        picture = ImageChops.add(picture, Image.merge("RGB", [grain] * 3), offset=-6)
        out = BytesIO()
        picture.save(out, "WEBP", quality=84, method=2)
        return out.getvalue()


def _slope(size: tuple[int, int], angle: float) -> Image.Image:
    """An even slope from 0 to 255 across a rectangle, rising in the direction of `angle`."""
    side = max(size) * 2
    slope = Image.linear_gradient("L").resize((side, side)).rotate(90 - angle, fillcolor=128)
    middle = side / 2
    width, height = size
    reach = abs(width * math.cos(math.radians(angle))) + abs(height * math.sin(math.radians(angle)))
    left, top = round(middle - width / 2), round(middle - height / 2)
    part = slope.crop((left, top, left + width, top + height))
    stretch = side / max(reach, 1)
    return part.point(lambda value: int(max(0, min(255, (value - 127.5) * stretch + 127.5))))


def ellipse(x: float, y: float, across: float, down: float, turn: float = 0) -> list[Point]:
    """The outline of an ellipse with these half axes, turned by so many degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    circle = [(math.cos(step * math.tau / 120), math.sin(step * math.tau / 120)) for step in range(120)]
    return [(x + a * across * cos - b * down * sin, y + a * across * sin + b * down * cos) for a, b in circle]


def curve(points: Sequence[Point], closed: bool = False) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)
    path: list[Point] = []
    for index in range(count if closed else count - 1):
        a, b, c, d = (
            points[(index + step) % count if closed else max(0, min(count - 1, index + step))] for step in (-1, 0, 1, 2)
        )
        path.extend(_between(a, b, c, d, step / 16) for step in range(16))
    return path if closed else [*path, points[-1]]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def along(p: float, q: float, r: float, s: float) -> float:
        return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)

    return along(a[0], b[0], c[0], d[0]), along(a[1], b[1], c[1], d[1])


def moved(points: Iterable[Point], x: float, y: float, factor: float = 1, turn: float = 0) -> list[Point]:
    """The points scaled and turned about the origin, then moved."""
    cos, sin = math.cos(math.radians(turn)) * factor, math.sin(math.radians(turn)) * factor
    return [(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in points]
