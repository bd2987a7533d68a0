"""Drawings for science: mist, teal, deep water and night."""

import math

from forum.demo.canvas import Canvas, Point, curve, ellipse, moved

MIST, TEAL, DEEP, NIGHT = range(4)

# The point of the sky about which the stars turn.
POLE = (190.0, 150.0)


def telescope(c: Canvas) -> None:
    """A child on a stool at a telescope; the stars draw their circles, one of them is bright."""
    c.fill(NIGHT)
    for ring in range(17):
        radius = 70 + ring * 58
        start = c.rng.uniform(0, 360)
        for part in range(3):
            turn, length = start + part * 120 + c.rng.uniform(-30, 30), c.rng.uniform(34, 84)
            arc = [_on_ring(radius, turn + length * step / 30) for step in range(31)]
            c.line(arc, (3, 5, 4)[(ring + part) % 3], DEEP if (ring + part) % 4 else TEAL)
    c.disc(*POLE, 7, MIST)
    for radius, tone in ((64, DEEP), (42, TEAL), (23, MIST)):
        c.disc(1000, 110, radius, tone)
    hill = [*curve([(-20, 760), (180, 676), (420, 628), (700, 640), (960, 700), (1220, 660)]), (1220, 820), (-20, 820)]
    c.shape(hill, DEEP)
    c.spray(hill, NIGHT, 90, 0.8)
    _instrument(c)
    _child(c)


def _on_ring(radius: float, turn: float) -> Point:
    return POLE[0] + radius * math.cos(math.radians(turn)), POLE[1] + radius * math.sin(math.radians(turn))


def _instrument(c: Canvas) -> None:
    def placed(points: list[Point]) -> list[Point]:
        return moved(points, 600, 300, 1, -27)

    for foot in (480, 604, 730):
        c.line([(598, 330), (foot, 652)], 15, MIST)
    c.line([(520, 540), (684, 540)], 8, MIST)
    tube = placed([(-190, -36), (210, -54), (210, 54), (-190, 36)])
    c.shape(tube, MIST)
    c.spray(tube, TEAL, 62, 1.0)
    c.shape(placed([(196, -66), (262, -70), (262, 70), (196, 66)]), TEAL)
    c.shape(placed(ellipse(262, 0, 20, 70)), DEEP)
    c.shape(placed([(-40, -46), (-16, -48), (-16, 48), (-40, 46)]), DEEP)
    c.shape(placed([(-250, -18), (-188, -18), (-188, 18), (-250, 18)]), TEAL)
    c.line(placed([(-250, 0), (-276, 0)]), 26, DEEP)
    c.shape(placed([(-130, -62), (20, -68), (20, -82), (-130, -76)]), TEAL)
    c.disc(600, 308, 26, DEEP)


def _child(c: Canvas) -> None:
    for x, lean in ((238, -16), (318, 16)):
        c.line([(x, 600), (x + lean, 694)], 11, TEAL)
    c.rect(212, 588, 134, 20, TEAL, radius=8)
    c.line(curve([(268, 584), (340, 586), (352, 640), (346, 676)]), 36, MIST)
    c.rect(328, 668, 62, 24, NIGHT, radius=11)
    coat = curve([(236, 590), (226, 500), (246, 438), (292, 428), (326, 470), (322, 560), (312, 596)], True)
    c.shape(coat, TEAL)
    c.spray(coat, DEEP, 170, 1.0)
    c.line(curve([(290, 470), (330, 500), (366, 480), (384, 444)]), 24, TEAL)
    c.disc(386, 436, 14, MIST)
    c.shape(ellipse(290, 388, 46, 48), MIST)
    c.shape(curve([(330, 362), (300, 324), (250, 336), (232, 392), (256, 440), (272, 404), (292, 370)], True), DEEP)
    c.shape(curve([(244, 350), (262, 318), (300, 318), (332, 346), (342, 358), (290, 350)], True), DEEP)
    c.line([(246, 440), (318, 446)], 18, MIST)
    c.line([(258, 446), (236, 520)], 16, MIST)


def seagrass(c: Canvas) -> None:
    """A meadow of seagrass from within, the keel of a ferry above it."""
    c.fill(TEAL)
    c.shape(
        [*curve([(-20, 96), (200, 112), (420, 92), (640, 114), (860, 94), (1220, 110)]), (1220, -10), (-20, -10)], MIST
    )
    for left, wide, lean in ((90, 90, -120), (330, 50, -100), (1010, 110, -150)):
        shaft = [(left, 108), (left + wide, 108), (left + wide * 1.5 + lean, 800), (left + lean, 800)]
        c.spray(shaft, MIST, -90, 0.9)
    _ferry(c)
    _fish(c)
    floor = [*curve([(-20, 730), (240, 706), (520, 744), (820, 716), (1220, 752)]), (1220, 820), (-20, 820)]
    for row, (tone, count, tall) in enumerate(((DEEP, 30, 330), (NIGHT, 22, 250))):
        for blade in range(count):
            x = -30 + blade * 1260 / count + c.rng.uniform(-14, 14)
            height = tall * c.rng.uniform(0.55, 1.25) * (1.25 - 0.5 * abs(x - 330) / 870)
            _blade(c, x, 770, height, tone)
        if row == 0:
            c.shape(floor, DEEP)
    c.shape([(x, y + 40) for x, y in floor], NIGHT)
    _seahorse(c)


def _ferry(c: Canvas) -> None:
    hull = curve([(560, 60), (590, 150), (700, 204), (860, 214), (1010, 190), (1090, 120), (1120, 60)])
    c.shape(hull, NIGHT)
    c.shape([(540, -10), (1140, -10), (1120, 70), (560, 70)], NIGHT)
    c.shape([(556, 74), (1122, 74), (1116, 96), (566, 96)], DEEP)
    c.shape([(930, 204), (1010, 190), (1004, 262), (960, 262)], NIGHT)
    for turn in (0, 90):
        c.shape(ellipse(1040, 236, 44, 11, turn + 20), NIGHT)
    for x, y, radius in ((1108, 216, 9), (1140, 246, 14), (1160, 200, 7), (1184, 226, 10), (1120, 272, 6)):
        c.disc(x, y, radius, MIST)


def _blade(c: Canvas, x: float, foot: float, height: float, tone: int) -> None:
    width = 20 if tone == DEEP else 25
    sway = c.rng.uniform(20, 60) + height * 0.16
    spine = curve(
        [(x, foot), (x - 6, foot - height * 0.4), (x + sway * 0.3, foot - height * 0.75), (x + sway, foot - height)]
    )
    count = len(spine)
    left = [(a - width / 2 * (1 - (i / count) ** 3), b) for i, (a, b) in enumerate(spine)]
    right = [(a + width / 2 * (1 - (i / count) ** 3), b) for i, (a, b) in enumerate(spine)]
    c.shape([*left, *reversed(right)], tone)


def _fish(c: Canvas) -> None:
    for x, y, size in (
        (250, 330, 1.2),
        (356, 290, 1.0),
        (340, 384, 0.9),
        (452, 342, 1.1),
        (470, 258, 0.7),
        (560, 312, 0.8),
    ):
        outline = curve(
            [(50, 0), (18, -20), (-24, -14), (-44, -2), (-66, -20), (-62, 18), (-44, 4), (-24, 14), (18, 18)], True
        )
        c.shape(moved(outline, x, y, size, -8), MIST)
        c.disc(x + 28 * size, y - 8 * size, 4 * size, NIGHT)
        c.line(moved([(8, -10), (4, 0), (8, 10)], x, y, size, -8), 3, TEAL)


def _seahorse(c: Canvas) -> None:
    spine = curve(
        [
            (884, 470),
            (904, 440),
            (940, 446),
            (948, 486),
            (926, 530),
            (928, 580),
            (952, 616),
            (950, 656),
            (920, 668),
            (904, 646),
            (918, 634),
        ]
    )
    for index, (x, y) in enumerate(spine):
        along = index / len(spine)
        c.disc(x, y, 7 + 19 * math.sin(min(1.0, along * 1.15) * math.pi) ** 0.8 if along < 0.87 else 6, MIST)
    c.line([(886, 470), (846, 484)], 13, MIST)
    c.shape(ellipse(900, 458, 27, 24), MIST)
    c.disc(892, 454, 5, NIGHT)
    c.shape([(954, 512), (992, 500), (984, 546), (946, 552)], DEEP)
    for tip in ((896, 424), (918, 418)):
        c.line([(908, 440), tip], 8, MIST)
