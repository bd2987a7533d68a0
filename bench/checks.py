"""What a comment's checks cost before it shows: a long list's words in long texts, also such as are made slow."""

import random
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import thread_time
from typing import TypeVar

from bench.figures import Budget, Figure
from bench.scale import Scale
from forum.comments.checks.matching import Matcher

Result = TypeVar("Result")
LIMIT = 10_000
"""Characters of a comment, and words of a list."""
LATIN, CYRILLIC = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщыьэюя"
HAN = [chr(0x4E00 + index) for index in range(3000)]


async def words(_folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Each kind of text looked through, beside the plain loop that sees no trick and no word boundary."""
    dice = random.Random(20)
    listed = _list(dice)
    matcher, seconds = _measured(lambda: Matcher("\n".join(listed)), 1)
    yield Figure(f"a list of {matcher.size:,} words", "made ready, once", seconds * 1000, "ms")
    folded = [entry.casefold() for entry in listed]
    for what, text in _texts(dice, listed).items():
        _, ours = _measured(partial(matcher.find, text), scale.rounds * 7)
        _, plain = _measured(partial(_loop, folded, text), scale.rounds)
        budget = None if what.startswith("nothing but") else Budget(5, "ms")
        yield Figure(f"{LIMIT:,} characters", what, ours * 1000, "ms", ("a loop", plain * 1000), budget)


def _loop(listed: list[str], text: str) -> list[str]:
    text = text.casefold()
    return [entry for entry in listed if entry in text]


def _measured(work: Callable[[], Result], times: int) -> tuple[Result, float]:
    """What it gives, and the processor time that it usually takes."""
    results, taken = [], []
    for _ in range(times):
        before = thread_time()
        results.append(work())
        taken.append(thread_time() - before)
    return results[-1], median(taken)


def _list(dice: random.Random) -> list[str]:
    """Words and phrases as lists have them, in three scripts."""
    words = {_word(dice, LATIN) for _ in range(8000)} | {_word(dice, CYRILLIC) for _ in range(2000)}
    phrases = {f"{_word(dice, LATIN)} {_word(dice, LATIN)}" for _ in range(500)}
    han = {"".join(dice.choices(HAN, k=dice.randint(2, 4))) for _ in range(1500)}
    return dice.sample(sorted(words), LIMIT - len(phrases) - len(han)) + sorted(phrases) + sorted(han)


def _word(dice: random.Random, alphabet: str) -> str:
    return "".join(dice.choices(alphabet, k=dice.randint(3, 9)))


def _texts(dice: random.Random, listed: list[str]) -> dict[str, str]:
    def text(make: Callable[[], str]) -> str:
        return "".join(make() for _ in range(LIMIT))[:LIMIT]

    def latin() -> str:
        return _word(dice, LATIN)

    def letter() -> str:
        return dice.choice(LATIN)

    return {
        "sentences": text(lambda: latin() + dice.choice([" ", " ", " ", ", ", ". "])),
        "Russian sentences": text(lambda: _word(dice, CYRILLIC) + " "),
        "sentences with ten words of the list": text(
            lambda: (dice.choice(listed) if dice.random() < 0.007 else latin()) + " "
        ),
        "letters with spaces": text(lambda: letter() + " "),
        "letters with spaces and hyphens": text(lambda: letter() + dice.choice(" -")),
        "one letter again and again": "a" * LIMIT,
        "one letter with spaces": "a " * (LIMIT // 2),
        "Han": text(lambda: dice.choice(HAN)),
        "one Han character again and again": HAN[0] * LIMIT,
        "digits for letters in each word": text(lambda: latin() + dice.choice("0134") + letter() + " "),
        "signs between letters": text(lambda: letter() + dice.choice("@$!")),
        "marks on one letter": "a" + "\u0301" * (LIMIT - 1),
        "nothing but words of the list": text(lambda: dice.choice(listed) + " "),
    }


MEASURES: dict[str, Callable[[Path, Scale], AsyncIterator[Figure]]] = {"words": words}
