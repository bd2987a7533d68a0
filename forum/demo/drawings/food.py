from forum.demo.canvas import Canvas


def loaf(c: Canvas) -> None:
    c.fill(1)


def orchard(c: Canvas) -> None:
    c.fill(1)
