"""Somebody who posts one comment after the other, and remembers what each was answered with."""

import asyncio
from dataclasses import dataclass, field

import httpx2

TRIES_AGAIN_AFTER = 0.05


@dataclass(eq=False)
class Poster:
    """A reader with a session."""

    browser: httpx2.AsyncClient
    slug: str
    name: str
    acknowledged: set[int] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    is_done: bool = False

    async def post(self) -> None:
        """Until `is_done`: the last one is answered too."""
        while not self.is_done:
            body = f"{self.name}, number {len(self.acknowledged) + len(self.refused)}."
            try:
                answer = await self.browser.post(
                    f"/articles/{self.slug}/comments", data={"body": body}, headers={"accept": "application/json"}
                )
            except httpx2.TransportError as error:
                self.refused.append(repr(error))
                await asyncio.sleep(TRIES_AGAIN_AFTER)
                continue
            if answer.status_code == 201:
                self.acknowledged.add(answer.json()["id"])
            else:
                self.refused.append(f"{answer.status_code} {answer.text}")
