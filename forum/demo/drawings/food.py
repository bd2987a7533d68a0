"""Drawings for food: flour, butter, brick and crust."""

import math

from forum.demo.canvas import Canvas, curve, ellipse, moved

FLOUR, BUTTER, BRICK, CRUST = range(4)


def loaf(c: Canvas) -> None:
    """A dark round loaf, two slices, ears of rye."""
    c.fill(BUTTER)
    c.shape([(0, 560), (1200, 500), (1200, 800), (0, 800)], FLOUR)
    c.spray([(0, 560), (1200, 500), (1200, 800), (0, 800)], BUTTER, 90, 0.9)
    for x, y, turn, size in ((1010, 470, -24, 1.25), (1080, 490, -4, 1.1), (930, 480, -46, 1.0)):
        _ear(c, x, y, turn, size)
    c.shape(ellipse(470, 648, 440, 84), BRICK)
    body = curve(
        [
            (70, 560),
            (96, 380),
            (230, 236),
            (430, 180),
            (640, 226),
            (780, 360),
            (812, 540),
            (760, 640),
            (440, 676),
            (130, 640),
        ],
        True,
    )
    c.shape(body, CRUST)
    with c.inside(body):
        c.spray([(60, 160), (820, 160), (820, 680), (60, 680)], BRICK, -120, 0.8)
        for number, middle in enumerate((180, 320, 460, 600)):
            _slash(c, middle, 300 + abs(number - 1.4) * 34)
            _slash(c, middle + 20, 470 + abs(number - 1.4) * 10)
    _slice(c, 790, 630, 8)
    _slice(c, 940, 672, 24)
    for _ in range(70):
        c.disc(
            c.rng.uniform(40, 1180),
            c.rng.uniform(690, 800),
            c.rng.uniform(2, 6),
            CRUST if c.rng.random() < 0.5 else BRICK,
        )


def _slash(c: Canvas, x: float, y: float) -> None:
    c.shape(moved(curve([(-70, 46), (-20, -6), (60, -52), (30, 6), (-24, 42)], True), x, y), FLOUR)


def _slice(c: Canvas, x: float, y: float, turn: float) -> None:
    outline = [
        (-130, 70),
        (-150, -20),
        (-120, -110),
        (-20, -150),
        (90, -130),
        (140, -50),
        (136, 60),
        (60, 84),
        (-60, 88),
    ]
    c.shape(moved(curve(outline, True), x, y, 1, turn), CRUST)
    crumb = moved(curve(outline, True), x + 4, y, 0.86, turn)
    c.shape(crumb, BRICK)
    c.spray(crumb, CRUST, 90, 0.7)
    for hole in range(34):
        angle, reach = hole * 2.4, math.sqrt(hole / 34) * 96
        at = (x + 4 + reach * math.cos(angle), y - 30 + reach * math.sin(angle) * 0.8)
        c.shape(ellipse(*at, c.rng.uniform(3, 8), c.rng.uniform(2, 5), c.rng.uniform(0, 180)), BUTTER)


def _ear(c: Canvas, x: float, y: float, turn: float, size: float) -> None:
    c.line(moved([(0, 60), (0, -200)], x, y, size, turn), 7, CRUST)
    for pair in range(8):
        for side in (-1, 1):
            c.shape(moved(ellipse(side * 17, -190 - pair * 27, 11, 25, side * 24), x, y, size, turn), BRICK)
            awn = [(side * 24, -204 - pair * 27), (side * 52, -276 - pair * 27)]
            c.line(moved(awn, x, y, size, turn), 3, CRUST)
    c.shape(moved(ellipse(0, -412, 11, 27), x, y, size, turn), BRICK)


def orchard(c: Canvas) -> None:
    """Apple trees along an old railway bank, a ladder in the nearest."""
    c.fill(FLOUR)
    c.disc(250, 250, 150, BUTTER)
    hills = [
        *curve([(-20, 470), (200, 400), (460, 440), (760, 350), (1000, 400), (1220, 330)]),
        (1220, 820),
        (-20, 820),
    ]
    c.shape(hills, BUTTER)
    c.spray(hills, FLOUR, -80, 0.7)
    bank = [*curve([(-20, 640), (240, 580), (560, 560), (900, 520), (1220, 430)]), (1220, 820), (-20, 820)]
    for x, y, size in ((150, 560, 0.5), (318, 540, 0.62), (500, 534, 0.55)):
        _tree(c, x, y, size, BRICK)
    c.shape(bank, BRICK)
    c.spray(bank, CRUST, 90, 1.0)
    _railway(c)
    _tree(c, 880, 690, 1.42, CRUST)
    _picking(c)


def _tree(c: Canvas, x: float, y: float, size: float, tone: int) -> None:
    """It stands at that point."""
    c.shape(
        moved(
            [(-18, 0), (-12, -150), (-60, -230), (-44, -238), (0, -180), (40, -250), (58, -240), (14, -150), (22, 0)],
            x,
            y,
            size,
        ),
        CRUST,
    )
    crown = curve(
        [
            (-170, -220),
            (-190, -310),
            (-120, -400),
            (-10, -430),
            (110, -410),
            (190, -330),
            (184, -236),
            (110, -186),
            (10, -206),
            (-90, -180),
        ],
        True,
    )
    c.shape(moved(crown, x, y, size), tone)
    c.spray(moved(crown, x, y, size), BUTTER if tone == BRICK else BRICK, -130, 0.9)
    for apple in range(24):
        turn, reach = apple * 2.39996, 150 * math.sqrt((apple + 0.5) / 24)
        spot = moved([(reach * 1.1 * math.cos(turn), -306 + reach * 0.72 * math.sin(turn))], x, y, size)[0]
        c.disc(*spot, 13 * size, (BUTTER if tone == BRICK else BRICK, BUTTER, FLOUR)[apple % 3])


def _railway(c: Canvas) -> None:
    for sleeper in range(15):
        near = 1 - sleeper / 17
        x, y = 40 + sleeper * 62 - near * 30, 772 - sleeper * 8.5
        c.shape(moved([(-58, 14), (-26, -16), (-8, -16), (-40, 14)], x, y, 0.7 + near), CRUST)
    c.line(curve([(-20, 780), (300, 726), (640, 684), (1000, 640)]), 9, FLOUR)
    c.line(curve([(-20, 750), (300, 704), (640, 668), (1000, 628)]), 7, FLOUR)


def _picking(c: Canvas) -> None:
    for foot in (640, 712):
        c.line([(foot, 760), (foot + 122, 300)], 12, FLOUR)
    for rung in range(9):
        x, y = 650 + rung * 13, 722 - rung * 49
        c.line([(x, y), (x + 72, y)], 9, FLOUR)
    c.line([(738, 600), (744, 530), (752, 470)], 32, BUTTER)
    c.line([(706, 556), (726, 512), (752, 466)], 30, BUTTER)
    c.shape(curve([(722, 480), (726, 396), (760, 362), (796, 384), (792, 452), (776, 492)], True), FLOUR)
    c.spray(curve([(722, 480), (726, 396), (760, 362), (796, 384), (792, 452), (776, 492)], True), BUTTER, 160, 1.2)
    c.line(curve([(782, 394), (826, 370), (842, 322)]), 22, FLOUR)
    c.disc(842, 312, 16, BUTTER)
    c.disc(776, 334, 28, BRICK)
    c.shape(curve([(738, 330), (752, 304), (780, 298), (806, 312), (822, 330), (780, 324)], True), FLOUR)
    c.shape([(520, 700), (632, 700), (616, 776), (536, 776)], BUTTER)
    c.shape(ellipse(576, 700, 56, 14), CRUST)
    for x, y in ((546, 690), (576, 682), (606, 690), (562, 698), (592, 698)):
        c.disc(x, y, 15, FLOUR if x == 576 else BUTTER)
    for x, y in ((470, 762), (690, 780), (1010, 752), (1060, 772), (960, 780)):
        c.disc(x, y, 12, BUTTER)
