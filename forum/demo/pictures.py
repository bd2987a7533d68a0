"""The illustrations of the demo site, drawn rather than stored."""

from collections.abc import Callable
from random import Random

from forum.demo.canvas import Canvas, Tones
from forum.demo.drawings import culture, food, news, opinion, science

# Ground, two middle tones and a strong one per section; what comes fifth is for an accent.
NEWS = ("#dbe4e4", "#88a3ab", "#20323d", "#e07a45")
CULTURE = ("#f1e3d0", "#dc8f76", "#7a3a4d", "#2a1c33")
OPINION = ("#efe8d6", "#dca945", "#747a4b", "#2c3129")
SCIENCE = ("#dfeae3", "#6fb3a8", "#1d5f68", "#0f2530")
FOOD = ("#f7ecd6", "#e6ad5c", "#b8562f", "#46281e")

DRAWINGS: dict[str, tuple[Tones, Callable[[Canvas], None]]] = {
    "kilnfield-bridge-closes": (NEWS, news.bridge),
    "night-tram-returns": (NEWS, news.night_tram),
    "choir-in-the-lighthouse": (CULTURE, culture.lighthouse),
    "leave-the-market-hall-draughty": (OPINION, opinion.market_hall),
    "school-telescope-fading-star": (SCIENCE, science.telescope),
    "three-day-rye": (FOOD, food.loaf),
    "library-that-lends-ladders": (CULTURE, culture.tool_library),
    "let-the-harbour-be-dark": (OPINION, opinion.dark_harbour),
    "meadow-under-the-ferry": (SCIENCE, science.seagrass),
    "orchard-nobody-planted": (FOOD, food.orchard),
    "she-taught-the-city-to-swim": (CULTURE, culture.swimmer),
    "customs-house-clock": (NEWS, news.clock),
}


def draw(slug: str, size: tuple[int, int] = (1920, 1280)) -> bytes:
    """The illustration of the article with that slug as WebP, always the same bytes for the same size.

    Drawn for the proportion 3:2. Raises KeyError for an unknown slug.
    """
    tones, drawing = DRAWINGS[slug]
    canvas = Canvas(tones, size, Random(slug))  # noqa: S311
    drawing(canvas)
    return canvas.encode()
