"""Drawings for culture: cream, rose, plum and night."""

from forum.demo.canvas import Canvas, Point, curve, ellipse, moved

CREAM, ROSE, PLUM, NIGHT = range(4)


def lighthouse(c: Canvas) -> None:
    """A lighthouse whose beam is a stave; gulls sit on it as notes, a choir stands on the rock."""
    c.fill(PLUM)
    lamp = (868, 196)
    for line in range(5):
        end = (-40, -60 + line * 112)
        c.shape([lamp, (end[0], end[1] - 9), (end[0], end[1] + 9)], ROSE)
    for along, line in ((0.86, 3), (0.7, 1), (0.56, 4), (0.47, 0), (0.34, 2)):
        x, y = lamp[0] + (-40 - lamp[0]) * along, lamp[1] + (-60 + line * 112 - lamp[1]) * along
        _gull(c, x, y, 0.55 + along * 0.75)
    for number, x in enumerate((338, 412, 488, 562, 634, 704)):
        _singer(c, x, 648 - number * 13, number)
    _tower(c)
    rock = [
        (230, 690),
        (290, 650),
        (400, 628),
        (560, 600),
        (730, 560),
        (860, 540),
        (1000, 556),
        (1090, 620),
        (1140, 690),
    ]
    c.shape(curve(rock), NIGHT)
    c.shape([(0, 640), (1200, 640), (1200, 800), (0, 800)], NIGHT)
    for x, y, wide in ((60, 690, 150), (300, 744, 190), (40, 772, 90), (1010, 712, 130), (930, 766, 90)):
        c.line([(x, y), (x + wide, y)], 5, PLUM)


def _gull(c: Canvas, x: float, y: float, size: float) -> None:
    wings = [
        (-64, -30),
        (-34, -40),
        (-10, -22),
        (0, -8),
        (10, -22),
        (34, -40),
        (64, -30),
        (36, -26),
        (16, 6),
        (0, 14),
        (-16, 6),
        (-36, -26),
    ]
    c.shape(moved(wings, x, y, size), CREAM)


def _tower(c: Canvas) -> None:
    def edge(y: float) -> float:
        return 46 + (y - 250) * 0.115

    left, right = ([(868 + sign * edge(y), y) for y in (250, 560)] for sign in (-1, 1))
    shaft = [left[0], right[0], right[1], left[1]]
    c.shape(shaft, CREAM)
    for top in (316, 452):
        low = top + 68
        c.shape([(868 - edge(top), top), (868 + edge(top), top), (868 + edge(low), low), (868 - edge(low), low)], ROSE)
    c.spray(shaft, PLUM, 0, 1.0)
    c.rect(858, 396, 20, 34, NIGHT, radius=10)
    c.shape([(846, 562), (846, 520), (868, 500), (890, 520), (890, 562)], NIGHT)
    c.rect(796, 236, 144, 18, NIGHT, radius=4)
    for post in range(5):
        c.line([(804 + post * 32, 236), (804 + post * 32, 208)], 4, NIGHT)
    c.line([(802, 210), (934, 210)], 5, NIGHT)
    c.rect(834, 150, 68, 88, CREAM)
    c.disc(868, 196, 24, ROSE)
    c.line([(868, 150), (868, 238)], 5, NIGHT)
    c.shape([(822, 152), (914, 152), (868, 100)], NIGHT)
    c.disc(868, 98, 9, NIGHT)


def _singer(c: Canvas, x: float, y: float, number: int) -> None:
    """One of the choir, with a book and an open mouth; the feet are hidden by the rock."""
    tall = (0, 22, -16, 12, -8, 18)[number]
    robe, face = (ROSE, CREAM) if number % 2 else (CREAM, ROSE)

    def placed(points: list[Point]) -> list[Point]:
        return moved(points, x, y - tall, 1.28)

    gown = curve([(-32, 34), (-27, -74), (0, -96), (27, -74), (32, 34)])
    c.shape(placed(gown), robe)
    c.spray(placed(gown), PLUM, 90, 1.0)
    c.shape(placed([(-24, -54), (0, -44), (24, -54), (24, -30), (0, -20), (-24, -30)]), NIGHT)
    c.shape(placed(ellipse(-2, -122, 25, 30)), face)
    c.shape(placed(ellipse(-9, -109, 7, 11)), NIGHT)
    c.shape(placed(curve([(-25, -130), (-8, -158), (22, -146), (25, -116), (8, -138)], True)), NIGHT)


def tool_library(c: Canvas) -> None:
    """Shelves with books, a saw, a hammer, a drill; a ladder leans on them."""
    c.fill(ROSE)
    wall = [(0, 0), (1200, 0), (1200, 690), (0, 690)]
    c.shape(wall, PLUM)
    c.shape([(0, 690), (1200, 690), (1200, 800), (0, 800)], NIGHT)
    for shelf in (232, 452, 672):
        c.rect(90, shelf, 1020, 20, NIGHT)
    for side in (82, 1098):
        c.rect(side, 0, 20, 700, NIGHT)
    _books(c, 112, 232, (30, 22, 40, 26, 34, 20, 28))
    _books(c, 700, 232, (24, 34, 22, 44, 28))
    _books(c, 112, 452, (44, 26, 30))
    _books(c, 860, 452, (28, 38, 24, 30, 46, 22))
    _books(c, 400, 672, (30, 24, 48, 22, 36, 28, 40))
    _saw(c)
    _hammer(c)
    _drill(c)
    c.shape([(950, 672), (966, 560), (1064, 560), (1080, 672)], CREAM)
    c.line([(984, 560), (984, 520), (1046, 520), (1046, 560)], 12, CREAM)
    c.spray([(950, 672), (966, 560), (1064, 560), (1080, 672)], ROSE, 0, 1.0)
    _ladder(c)


def _books(c: Canvas, x: float, shelf: float, widths: tuple[int, ...]) -> None:
    for number, wide in enumerate(widths):
        tall = 118 + (number * 37 + wide) % 58
        tone = (CREAM, ROSE, NIGHT, CREAM, ROSE)[(number + wide) % 5]
        c.rect(x, shelf - tall, wide, tall, tone)
        c.rect(x, shelf - tall + 22, wide, 8, PLUM)
        x += wide + 3


def _saw(c: Canvas) -> None:
    teeth = [(560 + step * 12 - (6 if step % 2 else 0), 446 - (0 if step % 2 else 10)) for step in range(22)]
    c.shape([(470, 352), (800, 414), (806, 438), *reversed(teeth), (470, 436)], CREAM)
    handle = curve([(352, 346), (450, 330), (486, 352), (480, 436), (440, 446), (360, 440), (336, 400)], True)
    c.shape(handle, ROSE)
    c.shape(curve([(384, 372), (436, 366), (446, 400), (420, 416), (380, 410)], True), PLUM)


def _hammer(c: Canvas) -> None:
    c.line([(512, 216), (512, 96)], 24, ROSE)
    c.shape([(452, 70), (548, 70), (600, 88), (548, 108), (452, 108)], CREAM)
    c.line([(590, 222), (666, 90)], 16, CREAM)
    c.line([(650, 118), (676, 72)], 30, ROSE)


def _drill(c: Canvas) -> None:
    c.rect(150, 540, 176, 62, CREAM, radius=20)
    c.shape([(166, 590), (230, 590), (218, 672), (150, 672)], ROSE)
    c.rect(320, 552, 34, 38, ROSE, radius=6)
    c.line([(354, 571), (390, 571)], 9, CREAM)
    c.spray([(150, 540), (326, 540), (326, 602), (150, 602)], ROSE, 90, 1.0)


def _ladder(c: Canvas) -> None:
    lean = 0.27
    for shadow, tone in ((16, PLUM), (0, CREAM)):
        for side in (590 + shadow, 730 + shadow):
            c.line([(side, 790), (side + 800 * lean, -10)], 34 if shadow else 26, tone)
        for rung in range(8):
            y = 740 - rung * 100 + shadow * 0.6
            x = (790 - y) * lean
            c.line([(590 + x, y), (730 + x, y)], 17, tone)
    with c.inside([(716, 790), (744, 790), (960, -10), (932, -10)]):
        c.spray([(700, 0), (960, 0), (960, 800), (700, 800)], ROSE, 90, 0.9)


def swimmer(c: Canvas) -> None:
    """A swimmer in a white cap from above, the waves spreading behind her."""
    c.fill(PLUM)
    c.spray([(0, 0), (1200, 0), (1200, 800), (0, 800)], NIGHT, 120, 0.35)
    for x, y in ((-60, 470), (320, 930)):
        _lane_rope(c, x, y)
    for number in range(4):
        _wave(c, 60 - number * 150, 15 - number * 2.5)
    _swimming(c)


def _in_the_water(points: list[Point]) -> list[Point]:
    """Points about the swimmer, who swims to the right, as they lie in the picture."""
    return moved(points, 640, 390, 1.55, -33)


def _lane_rope(c: Canvas, x: float, y: float) -> None:
    for bead in range(26):
        tone = CREAM if bead % 5 < 3 else ROSE
        c.shape(ellipse(x + bead * 46, y - bead * 30, 20, 14, -33), tone)


def _wave(c: Canvas, start: float, width: float) -> None:
    """One wave to either side, with its beginning so far ahead of her middle."""
    for side in (-1, 1):
        path = curve(
            [(start, side * 66), (start - 70, side * 84), (start - 160, side * 128), (start - 230, side * 190)]
        )
        c.line(_in_the_water(path), width, CREAM)


def _swimming(c: Canvas) -> None:
    def limb(points: list[Point], width: float) -> None:
        c.line(_in_the_water(curve(points)), width, ROSE)

    for side in (-1, 1):
        limb([(-60, side * 16), (-128, side * 30), (-190, side * 22), (-236, side * 30)], 44)
        limb([(44, side * 38), (100, side * 62), (150, side * 52), (206, side * 20)], 42)
    suit = curve([(-112, 0), (-90, -40), (-20, -40), (52, -50), (66, 0), (52, 50), (-20, 40), (-90, 40)], True)
    c.shape(_in_the_water(suit), NIGHT)
    c.shape(_in_the_water(curve([(66, -30), (30, -22), (14, 0), (30, 22), (66, 30)], True)), ROSE)
    c.shape(_in_the_water(ellipse(98, 0, 44, 38)), ROSE)
    c.shape(_in_the_water(ellipse(86, 0, 46, 40)), CREAM)
    c.line(_in_the_water(curve([(74, -37), (60, 0), (74, 37)])), 6, PLUM)
