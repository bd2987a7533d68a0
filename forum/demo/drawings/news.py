"""Drawings for the news: cool greys, ink and a little orange."""

import math

from forum.demo.canvas import Canvas, Point, curve, ellipse, moved

SKY, STEEL, INK, ORANGE = range(4)

# The two sides of the bridge, the near one at 0.
NEAR, FAR = 0.0, -105.0


def bridge(c: Canvas) -> None:
    """A suspension bridge from below; one rod is missing."""
    c.disc(905, 470, 190, ORANGE)
    c.shape([*curve([(560, 640), (720, 596), (900, 566), (1050, 574), (1200, 540)]), (1200, 640)], INK)
    sea = [(0, 640), (1200, 640), (1200, 800), (0, 800)]
    c.shape(sea, STEEL)
    c.spray(sea, INK, 70, 0.5)
    for x, y, wide in ((330, 690, 96), (410, 752, 150), (860, 676, 90), (930, 744, 150), (760, 772, 70)):
        c.line([(x, y), (x + wide, y)], 5, SKY)
    _side(c, FAR, STEEL)
    near, far = ([_seen(t / 20, 0, side) for t in range(-6, 33)] for side in (NEAR, FAR))
    c.shape([*far, *reversed(near)], INK)
    _side(c, NEAR, INK)
    c.shape([*near, *(_seen(t / 20, -34, NEAR) for t in range(32, -7, -1))], INK)
    _boat(c)


def _seen(along: float, height: float, side: float) -> Point:
    """Where a point of the bridge is in the picture: `along` is 0 at the near tower and 1 at the far one."""
    distance = 1 + 2.1 * along
    return 1010 + (-700 + side * 1.2) / distance, 628 + (-150 - height + side * 0.18) / distance


def _cable(along: float) -> float:
    """The cable's height above the roadway."""
    if 0 <= along <= 1:
        return 40 + 360 * (2 * along - 1) ** 2
    return 400 - 900 * (-along if along < 0 else along - 1)


def _side(c: Canvas, side: float, tone: int) -> None:
    """One cable with its rods and its half of the two towers."""
    for step in range(-18, 88):
        along = step / 60
        ends = [_seen(t, max(0, _cable(t)), side) for t in (along, along + 1 / 60)]
        c.line(ends, 10 / (1 + 2.1 * along), tone)
    for rod in range(-5, 19):
        along = rod / 18 + 0.028
        foot, head = _seen(along, 0, side), _seen(along, _cable(along), side)
        width = 5 / (1 + 2.1 * along)
        if side == NEAR and rod == 2:
            c.line([head, (head[0] + 5, head[1] + 62)], 7, ORANGE)
            c.line([foot, (foot[0] - 3, foot[1] - 34)], 7, ORANGE)
        else:
            c.line([foot, head], width, tone)
    for along in (1.0, 0.0):
        _tower(c, along, side, tone)


def _tower(c: Canvas, along: float, side: float, tone: int) -> None:
    distance = 1 + 2.1 * along
    x, top = _seen(along, 415, side)
    wide, foot = 46 / distance, 628 + 190 / distance
    leg = [(x - wide * 0.62, top), (x + wide * 0.62, top), (x + wide, foot), (x - wide, foot)]
    c.shape(leg, tone)
    if side == NEAR:
        c.spray(leg, STEEL, 0, 0.5)
    else:
        for height in (350, 200):
            ends = [_seen(along, height + edge, end) for edge, end in ((0, FAR), (0, NEAR), (-36, NEAR), (-36, FAR))]
            c.shape(ends, tone)
    c.rect(x - wide * 0.9, top - 12 / distance, wide * 1.8, 22 / distance, tone)


def _boat(c: Canvas) -> None:
    c.shape([(566, 706), (742, 706), (720, 744), (592, 744)], INK)
    c.rect(612, 674, 86, 34, SKY)
    c.rect(660, 640, 18, 36, ORANGE)
    for window in range(4):
        c.rect(620 + window * 19, 682, 11, 12, INK)
    c.line([(540, 750), (790, 750)], 6, SKY)


def night_tram(c: Canvas) -> None:
    """A lit tram in a dark street of tall houses."""
    c.fill(INK)
    _houses(c)
    c.disc(930, 150, 62, SKY)
    c.disc(958, 134, 56, INK)
    street = [(0, 640), (1200, 640), (1200, 800), (0, 800)]
    c.shape(street, STEEL)
    c.spray(street, INK, 90, 0.8)
    light = [(214, 652), (1010, 652), (1130, 800), (90, 800)]
    c.shape(light, ORANGE)
    c.spray(light, INK, 90, 0.9)
    for x in (420, 640):
        c.line([(x, 652), (x + (x - 560) * 0.9, 800)], 6, INK)
    _tram(c)


def _houses(c: Canvas) -> None:
    """Gabled fronts, some windows still lit."""
    fronts = ((-30, 170, 190), (160, 150, 120), (310, 210, 240), (520, 150, 150), (670, 170, 300), (1010, 220, 180))
    for number, (x, wide, top) in enumerate(fronts):
        middle = x + wide / 2
        front = [(x, 660), (x, top + 80), (middle, top), (x + wide, top + 80), (x + wide, 660)]
        c.shape(front, STEEL)
        c.spray(front, INK, 90 if number % 2 else 180, 1.0)
        for row in range(4):
            for column in (0.22, 0.58):
                lit = (number * 5 + row * 3 + int(column * 10)) % 7 == 0
                c.rect(x + wide * column, top + 110 + row * 84, wide * 0.2, 46, ORANGE if lit else INK, radius=3)


def _tram(c: Canvas) -> None:
    c.line([(0, 268), (1200, 236)], 4, SKY)
    c.line([(560, 252), (510, 318), (600, 370)], 7, SKY)
    c.rect(206, 372, 800, 34, SKY, radius=16)
    c.rect(190, 392, 836, 248, ORANGE, radius=26)
    c.rect(190, 540, 836, 78, SKY)
    c.rect(190, 600, 836, 50, INK, radius=12)
    for index in range(6):
        x = 222 + index * 132
        c.rect(x, 420, 108, 104, SKY, radius=8)
    for x in (354, 750):
        c.rect(x, 420, 108, 200, STEEL, radius=8)
        c.line([(x + 54, 424), (x + 54, 618)], 4, INK)
    for x in (330, 840):
        c.disc(x, 648, 36, INK)
        c.disc(x, 648, 14, STEEL)
    _passengers(c)


def _passengers(c: Canvas) -> None:
    for x, y, size in ((262, 486, 1.0), (300, 500, 0.8), (660, 488, 1.0), (940, 480, 1.1)):
        with c.inside([(x - 60, 420), (x + 60, 420), (x + 60, 524), (x - 60, 524)]):
            c.disc(x, y - 18 * size, 15 * size, INK)
            c.shape(ellipse(x, y + 34 * size, 26 * size, 38 * size), INK)
    cello = moved(
        curve([(0, -34), (13, -22), (8, -4), (20, 18), (0, 36), (-20, 18), (-8, -4), (-13, -22)], True), 560, 486
    )
    with c.inside([(486, 420), (594, 420), (594, 524), (486, 524)]):
        c.line([(560, 424), (560, 480)], 7, INK)
        c.shape(cello, INK)
        c.disc(522, 466, 16, INK)
        c.shape(ellipse(520, 524, 28, 42), INK)


def clock(c: Canvas) -> None:
    """The clock of the custom house; a man on a ladder pushes one hand, a gull sits on the other."""
    c.fill(STEEL)
    c.shape([(210, 0), (1200, 0), (1200, 800), (210, 800)], INK)
    for row, y in enumerate(range(-40, 800, 120)):
        c.rect(130 if row % 2 else 176, y, 120, 106, INK, radius=4)
    c.disc(760, 410, 392, ORANGE)
    c.disc(760, 410, 358, SKY)
    c.spray(ellipse(760, 410, 358, 358), STEEL, 60, 0.8)
    for hour in range(12):
        turn = math.radians(hour * 30)
        inner, outer = (256, 318) if hour % 3 == 0 else (282, 318)
        ends = [(760 + r * math.sin(turn), 410 - r * math.cos(turn)) for r in (inner, outer)]
        c.line(ends, 26 if hour % 3 == 0 else 13, INK)
    _hand(c, 274, 220, 34)
    _hand(c, 229, 300, 26)
    c.disc(760, 410, 30, INK)
    c.disc(760, 410, 10, ORANGE)
    _gull(c, 628, 366)
    _clockmaker(c)


def _hand(c: Canvas, turn: float, length: float, width: float) -> None:
    side = width * 0.4
    hand = [(-side, 70), (side, 70), (side * 1.5, -length * 0.7), (0, -length), (-side * 1.5, -length * 0.7)]
    c.shape(moved(hand, 760, 410, turn=turn), INK)


def _gull(c: Canvas, x: float, y: float) -> None:
    """It stands at that point, looking to the right."""
    for leg in (-6, 14):
        c.line([(x + leg, y - 4), (x + leg, y + 34)], 6, ORANGE)
    body = [(-60, -4), (-20, -34), (20, -46), (40, -80), (66, -82), (78, -60), (60, -22), (16, 8), (-24, 8)]
    c.shape(moved(curve(body, True), x, y), STEEL)
    c.shape(moved(curve([(-92, 12), (-44, -22), (0, -34), (26, -22), (4, -2), (-40, 6)], True), x, y), INK)
    c.shape(moved([(72, -74), (108, -60), (72, -56)], x, y), ORANGE)
    c.disc(x + 60, y - 68, 5, INK)


def _clockmaker(c: Canvas) -> None:
    rails = [[(120 + left, 830), (352 + left, 470)] for left in (0, 104)]
    for rail in rails:
        c.line(rail, 17, SKY)
    for rung in range(8):
        x, y = 126 + rung * 33, 820 - rung * 51
        c.line([(x, y), (x + 104, y)], 13, SKY)
    c.line([(322, 800), (366, 712), (392, 620)], 48, ORANGE)
    c.line([(262, 730), (324, 680), (380, 616)], 48, ORANGE)
    c.shape(curve([(338, 628), (346, 520), (392, 470), (446, 490), (446, 572), (424, 640), (380, 656)], True), ORANGE)
    c.line([(430, 512), (488, 552), (528, 590)], 32, ORANGE)
    c.disc(536, 596, 20, INK)
    c.disc(432, 436, 42, INK)
    c.shape(curve([(386, 428), (396, 394), (432, 378), (468, 396), (500, 416), (446, 420)], True), ORANGE)
    for x, y in ((296, 806), (234, 738)):
        c.rect(x, y - 12, 66, 24, INK, radius=11)
