from forum.demo.canvas import Canvas


def lighthouse(c: Canvas) -> None:
    c.fill(1)


def tool_library(c: Canvas) -> None:
    c.fill(1)


def swimmer(c: Canvas) -> None:
    c.fill(1)
