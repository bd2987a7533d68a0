from forum.demo.canvas import Canvas


def market_hall(c: Canvas) -> None:
    c.fill(1)


def dark_harbour(c: Canvas) -> None:
    c.fill(1)
