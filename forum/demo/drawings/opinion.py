"""Drawings for opinion: paper, ochre, olive and near black."""

import math
from collections.abc import Iterable

from forum.demo.canvas import Canvas, Point, curve, ellipse, moved

PAPER, OCHRE, OLIVE, DARK = range(4)


def market_hall(c: Canvas) -> None:
    """The iron arches of a market hall, stalls below, sparrows in the light."""
    c.fill(DARK)
    x, y = 700.0, 470.0
    for number, tone in enumerate((OLIVE, DARK, OLIVE, DARK, OCHRE, DARK, PAPER)):
        size = 1.5 * 0.745**number
        c.shape(_arch(x, y, size), tone)
    c.shape([(0, 800), (0, 740), (620, 556), (780, 556), (1200, 700), (1200, 800)], OCHRE)
    c.spray([(0, 800), (0, 740), (620, 556), (780, 556), (1200, 700), (1200, 800)], DARK, 90, 0.8)
    for left, top, size, tone in (
        (560, 470, 0.42, OLIVE),
        (820, 478, 0.46, OLIVE),
        (390, 450, 0.72, OCHRE),
        (930, 460, 0.8, PAPER),
    ):
        _stall(c, left, top, size, tone)
    _stall(c, 30, 400, 1.35, PAPER)
    for lamp_x, lamp_y, size in ((430, 190, 1.0), (560, 290, 0.6), (880, 250, 0.75)):
        _lamp(c, lamp_x, lamp_y, size)
    for bird_x, bird_y, size in ((650, 196, 1.0), (760, 150, 0.8), (800, 236, 0.6)):
        _sparrow(c, bird_x, bird_y, size)
    _shopper(c)


def _arch(x: float, y: float, size: float) -> list[Point]:
    arc = [
        (x - 430 * size * math.cos(t * math.pi / 40), y - 30 * size - 430 * size * math.sin(t * math.pi / 40))
        for t in range(41)
    ]
    return [(x - 430 * size, y + 400 * size), *arc, (x + 430 * size, y + 400 * size)]


def _stall(c: Canvas, x: float, y: float, size: float, tone: int) -> None:
    """A table with an awning of six stripes; `x`, `y` is its upper left corner."""

    def placed(points: Iterable[Point]) -> list[Point]:
        return moved(points, x, y, size)

    c.shape(placed([(16, 70), (24, 70), (24, 260), (16, 260)]), DARK)
    c.shape(placed([(226, 70), (234, 70), (234, 260), (226, 260)]), DARK)
    for stripe in range(6):
        left, right = stripe * 42.0, stripe * 42.0 + 42
        strip = [(20 + left * 0.84, 0), (20 + right * 0.84, 0), (right, 70), (left, 70)]
        c.shape(placed(strip), tone if stripe % 2 else DARK)
        c.shape(placed(ellipse(left + 21, 70, 21, 16)), tone if stripe % 2 else DARK)
    c.shape(placed([(-8, 176), (262, 176), (252, 262), (4, 262)]), DARK)
    for fruit in range(8):
        c.shape(placed(ellipse(14 + fruit * 33, 164, 17, 17)), (tone, OLIVE, OCHRE)[fruit % 3])


def _lamp(c: Canvas, x: float, y: float, size: float) -> None:
    c.line([(x, 0), (x, y)], 4 * size, PAPER)
    c.shape(moved([(-14, -26), (14, -26), (56, 20), (-56, 20)], x, y, size), PAPER)
    c.shape(moved(ellipse(0, 22, 24, 14), x, y, size), OCHRE)


def _sparrow(c: Canvas, x: float, y: float, size: float) -> None:
    c.shape(
        moved(
            curve([(-60, -34), (-20, -16), (0, -4), (30, -40), (22, 2), (44, 14), (6, 20), (-20, 8)], True), x, y, size
        ),
        PAPER,
    )


def _shopper(c: Canvas) -> None:
    c.shape(curve([(690, 770), (694, 640), (716, 560), (752, 548), (786, 566), (802, 650), (806, 770)], False), OLIVE)
    coat = curve([(690, 770), (694, 640), (716, 560), (752, 548), (786, 566), (802, 650), (806, 770)])
    c.shape(coat, PAPER)
    c.spray(coat, OLIVE, 0, 1.0)
    c.rect(712, 768, 28, 40, DARK)
    c.rect(758, 768, 28, 40, DARK)
    c.disc(752, 514, 36, OCHRE)
    c.shape(curve([(712, 512), (722, 474), (758, 468), (790, 490), (790, 530), (764, 506)], True), DARK)
    c.line([(704, 600), (676, 664), (668, 700)], 22, PAPER)
    c.shape([(620, 704), (716, 704), (700, 764), (636, 764)], OCHRE)
    c.line(curve([(632, 704), (668, 660), (704, 704)]), 7, OCHRE)
    for x, turn in ((640, -20), (662, -4), (690, 16)):
        c.shape(moved(ellipse(0, -20, 9, 34), x, 704, 1, turn), OLIVE)


def dark_harbour(c: Canvas) -> None:
    """One lamp floods the quay and blots out the stars; beyond it a heron stands in the dark."""
    c.fill(DARK)
    for star in range(120):
        x, y = c.rng.uniform(0, 1200), c.rng.uniform(0, 500)
        if math.hypot(x - 300, y - 210) > 330:
            c.disc(x, y, (2.2, 2.2, 3.2, 5)[star % 4], PAPER)
    c.shape(
        [*curve([(520, 540), (640, 470), (760, 452), (900, 486), (1040, 440), (1200, 420)]), (1200, 560), (520, 560)],
        OLIVE,
    )
    c.shape([(0, 560), (1200, 560), (1200, 800), (0, 800)], DARK)
    for x, y, wide in ((640, 590, 200), (900, 612, 240), (720, 646, 120), (980, 690, 180), (1080, 578, 90)):
        c.line([(x, y), (x + wide, y)], 5, OLIVE)
    halo = ellipse(300, 220, 250, 250)
    c.shape(halo, OLIVE)
    cone = [(262, 214), (338, 214), (700, 800), (-100, 800)]
    c.shape(cone, OCHRE)
    c.spray(cone, PAPER, -90, 0.9)
    _lamp_post(c)
    quay = [(0, 690), (560, 690), (600, 800), (0, 800)]
    c.shape(quay, DARK)
    c.shape([(0, 676), (566, 676), (572, 700), (0, 700)], PAPER)
    for x in (90, 452):
        c.shape(
            [
                (x, 680),
                (x + 8, 628),
                (x - 10, 612),
                (x - 10, 596),
                (x + 64, 596),
                (x + 64, 612),
                (x + 46, 628),
                (x + 54, 680),
            ],
            DARK,
        )
    _heron(c)


def _lamp_post(c: Canvas) -> None:
    c.line([(180, 690), (180, 210)], 16, DARK)
    c.line(curve([(180, 250), (190, 170), (240, 140), (300, 160)]), 14, DARK)
    c.shape([(280, 150), (320, 150), (372, 214), (228, 214)], DARK)
    c.shape(ellipse(300, 216, 44, 20), PAPER)


def _heron(c: Canvas) -> None:
    c.line([(930, 600), (926, 742)], 7, OCHRE)
    c.line([(958, 596), (968, 660), (946, 700)], 7, OCHRE)
    body = curve([(826, 640), (880, 560), (950, 500), (1000, 486), (1020, 520), (1000, 580), (940, 620)], True)
    c.shape(body, PAPER)
    c.spray(body, OLIVE, 120, 1.0)
    c.line(curve([(1000, 520), (1040, 470), (1010, 410), (1004, 350), (1040, 318)]), 26, PAPER)
    c.shape(ellipse(1048, 318, 34, 21, -8), PAPER)
    c.shape([(1072, 304), (1180, 316), (1072, 330)], OCHRE)
    c.shape(curve([(1056, 304), (1010, 296), (940, 330), (1006, 314), (1040, 316)], True), OLIVE)
    c.disc(1058, 315, 5, DARK)
    for wide in (70, 130):
        c.line([(930 - wide / 2, 744 + wide / 10), (930 + wide / 2, 744 + wide / 10)], 5, OLIVE)
