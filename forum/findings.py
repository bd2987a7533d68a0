"""All that is wrong with a form, told at once."""

from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

from forum.errors import Invalid, Refusal

P = ParamSpec("P")
T = TypeVar("T")


class Wrong(Invalid):
    """Several fields are wrong: a sentence for each. Programs are told the first."""

    def __init__(self, errors: dict[str, str]) -> None:
        field, message = next(iter(errors.items()))
        super().__init__(message, field)
        self.errors = errors


class Findings:
    """Collects what checks refuse, so that a person corrects everything in one go."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def of(self, check: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What the check gives; None where it refuses, which is noted."""
        try:
            return check(*args, **kwargs)
        except Invalid as wrong:
            self.note(wrong)
            return None

    def note(self, wrong: Refusal) -> None:
        """Remember what is wrong with a field; its first sentence stands."""
        self.errors.setdefault(wrong.field or "", wrong.message)

    def add(self, errors: Mapping[str, str]) -> None:
        """Remember sentences by field; the first of a field stands."""
        self.errors = {**errors, **self.errors}

    def raise_all(self) -> None:
        """Raise Wrong if anything was refused."""
        if self.errors:
            raise Wrong(self.errors)


def errors_of(refusal: Refusal) -> dict[str, str]:
    """A refusal as forms show it: a sentence by field, "" for the whole form."""
    return refusal.errors if isinstance(refusal, Wrong) else {refusal.field or "": refusal.message}
