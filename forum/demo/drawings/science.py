from forum.demo.canvas import Canvas


def telescope(c: Canvas) -> None:
    c.fill(1)


def seagrass(c: Canvas) -> None:
    c.fill(1)
