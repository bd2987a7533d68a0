"""Drawings for the news: cool greys, ink and a little orange."""

from forum.demo.canvas import Canvas, Point, curve, ellipse

SKY, STEEL, INK, ORANGE = range(4)


def bridge(c: Canvas) -> None:
    """A suspension bridge from below; one rod is missing."""
    far, near = -105.0, 0.0
    c.disc(880, 250, 118, STEEL)
    c.shape([(0, 640), (1200, 640), (1200, 800), (0, 800)], STEEL)
    c.shape(curve([(640, 640), (760, 612), (900, 604), (1050, 598), (1200, 610), (1200, 640)]), INK)
    _cables(c, far, STEEL, missing=False)
    _tower(c, 1.0, far, STEEL)
    _tower(c, 0.0, far, STEEL)
    deck = [
        _seen(t / 20 - 0.3, 0, side)
        for t, side in [*((t, far) for t in range(33)), *((t, near) for t in range(32, -1, -1))]
    ]
    c.shape(deck, INK)
    c.shape(
        [
            *(_seen(t / 20 - 0.3, 0, near) for t in range(33)),
            *(_seen(t / 20 - 0.3, -34, near) for t in range(32, -1, -1)),
        ],
        INK,
    )
    _cables(c, near, INK, missing=True)
    _tower(c, 1.0, near, INK)
    _tower(c, 0.0, near, INK)
    _boat(c)


def _seen(along: float, height: float, side: float) -> Point:
    """Where a point of the bridge stands in the picture: `along` is 0 at the near tower and 1 at the far one."""
    distance = 1 + 2.1 * along
    return 1010 + (-700 + side * 1.2) / distance, 628 + (-150 - height * 1.0 + side * 0.18) / distance


def _cable_height(along: float) -> float:
    return (
        40 + 360 * (2 * min(max(along, -0.3), 1.3) - 1) ** 2
        if 0 <= along <= 1
        else 400 - 900 * (-along if along < 0 else along - 1)
    )


def _cables(c: Canvas, side: float, tone: int, missing: bool) -> None:
    path = [_seen(t / 60, _cable_height(t / 60), side) for t in range(-18, 78)]
    for (a, b), t in zip(zip(path, path[1:]), range(-18, 78)):
        c.line([a, b], 9 / (1 + 2.1 * t / 60), tone)
    for rod in range(-4, 19):
        along = rod / 18 * 1.0 + 0.028
        if missing and rod == 4:
            x, y = _seen(along, _cable_height(along), side)
            c.line([(x, y), (x + 3, y + 34)], 4, ORANGE)
            x, y = _seen(along, 0, side)
            c.line([(x, y), (x - 2, y - 26)], 4, ORANGE)
            continue
        c.line([_seen(along, _cable_height(along), side), _seen(along, 0, side)], 4.4 / (1 + 2.1 * along), tone)


def _tower(c: Canvas, along: float, side: float, tone: int) -> None:
    distance = 1 + 2.1 * along
    x, top = _seen(along, 415, side)
    wide = 46 / distance
    c.shape([(x - wide * 0.62, top), (x + wide * 0.62, top), (x + wide, 800), (x - wide, 800)], tone)
    c.rect(x - wide * 0.9, top - 12 / distance, wide * 1.8, 22 / distance, tone)


def _boat(c: Canvas) -> None:
    c.shape([(560, 700), (700, 700), (682, 728), (580, 728)], ORANGE)
    c.rect(596, 676, 62, 26, SKY)
    c.rect(640, 652, 12, 26, INK)
    for x, y, wide in ((470, 748, 130), (660, 760, 170), (300, 712, 90), (860, 690, 80), (960, 752, 120)):
        c.line([(x, y), (x + wide, y)], 5, SKY)


def night_tram(c: Canvas) -> None:
    c.fill(INK)
    c.shape(ellipse(10, 10, 4, 4), SKY)


def clock(c: Canvas) -> None:
    c.fill(INK)
    c.shape(ellipse(110, 10, 4, 4), SKY)
