"""Hashing within bounds, and which passwords are good enough."""

import asyncio
import time
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from threading import Event

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.accounts.passwords import MOST_CHARACTERS, Passwords, judge
from forum.errors import Busy, Invalid

GOOD = "kaffee-tasse-blau"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


def refusal_of(password: str) -> str:
    with pytest.raises(Invalid) as refused:
        judge(password, handle="jane_doe", display_name="Jane van Doe", email="jd1970@courier.example.org")
    assert refused.value.field == "password"
    return refused.value.message


@pytest.mark.anyio
async def test_only_the_right_password_is_verified(passwords: Passwords) -> None:
    hash = await passwords.hash(GOOD)
    assert await passwords.verify(hash, GOOD)
    assert not await passwords.verify(hash, GOOD + " ")
    assert not await passwords.verify(hash, "")


@pytest.mark.anyio
async def test_the_hash_is_argon2id_with_at_least_19_mib_and_two_passes(passwords: Passwords) -> None:
    assert (await passwords.hash(GOOD)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.anyio
@pytest.mark.parametrize("password", [GOOD, "", "x" * 2_000, "\ud800"])
async def test_an_unknown_account_costs_the_same_one_verification_as_a_known_one(
    passwords: Passwords, password: str
) -> None:
    known = await passwords.hash("another password")
    before = passwords.verifications
    assert not await passwords.verify(known, password)
    assert passwords.verifications == before + 1
    assert not await passwords.verify(None, password)
    assert passwords.verifications == before + 2


@pytest.mark.anyio
async def test_one_more_than_may_wait_is_told_to_come_back(passwords: Passwords) -> None:
    hash = await passwords.hash(GOOD)
    bounded = Passwords(concurrent=1, waiting=2)
    answers = await asyncio.gather(*(bounded.verify(hash, GOOD) for _ in range(4)), return_exceptions=True)
    assert answers[:3] == [True] * 3
    assert isinstance(answers[3], Busy)
    assert answers[3].retry_after == 2
    assert bounded.verifications == 3
    assert await bounded.verify(hash, GOOD), "there is room again"
    bounded.close()


@pytest.mark.anyio
async def test_those_who_go_away_while_waiting_leave_room_for_others() -> None:
    bounded, release = Passwords(concurrent=1, waiting=1), Event()
    computing = asyncio.create_task(bounded._compute(release.wait))
    for _ in range(3):
        waiting = asyncio.create_task(bounded.verify(None, GOOD))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    release.set()
    assert await computing
    assert bounded.verifications == 0
    bounded.close()


@pytest.mark.anyio
async def test_a_computation_keeps_its_place_when_the_one_who_asked_for_it_goes_away() -> None:
    bounded, begun, release = Passwords(concurrent=1, waiting=0), Event(), Event()

    def compute() -> bool:
        begun.set()
        return release.wait()

    gone = asyncio.create_task(bounded._compute(compute))
    await asyncio.to_thread(begun.wait)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    with pytest.raises(Busy):
        await bounded.verify(None, GOOD)
    release.set()
    bounded.close()


@pytest.mark.anyio
async def test_the_event_loop_runs_on_while_a_password_is_hashed(passwords: Passwords) -> None:
    hashing = asyncio.create_task(passwords.hash(GOOD))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10


def test_a_hash_with_other_parameters_is_to_be_made_anew(passwords: Passwords) -> None:
    weaker = PasswordHasher(memory_cost=8_192, time_cost=1, parallelism=1).hash(GOOD)
    assert passwords.needs_rehash(weaker)
    assert passwords.needs_rehash("")
    assert not passwords.needs_rehash(asyncio.run(passwords.hash(GOOD)))
    assert asyncio.run(passwords.verify(weaker, GOOD))


def test_a_hash_that_is_none_matches_nothing(passwords: Passwords) -> None:
    assert not asyncio.run(passwords.verify("!", GOOD))


@settings(max_examples=15, deadline=None)
@given(password=st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=20))
def test_a_password_is_the_same_however_the_keyboard_composes_it(passwords: Passwords, password: str) -> None:
    async def typed_twice() -> bool:
        hash = await passwords.hash(unicodedata.normalize("NFD", password).replace(" ", "\u00a0"))
        return await passwords.verify(hash, unicodedata.normalize("NFC", password))

    assert asyncio.run(typed_twice())


@pytest.mark.anyio
async def test_a_password_too_long_is_refused_and_not_cut(passwords: Passwords) -> None:
    longest = "é" * MOST_CHARACTERS
    hash = await passwords.hash(longest)
    assert await passwords.verify(hash, longest)
    assert not await passwords.verify(hash, longest + "é")
    with pytest.raises(Invalid, match=r"at most"):
        await passwords.hash(longest + "é")


@pytest.mark.parametrize(
    "password",
    [GOOD, "my dog ate it all", "xk3Pq9!vLm", "correct horse battery", "mesa lámpara río",
     "密码太简单了真的不行啊", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵", "a whale of a time " * 50],
)  # fmt: skip
def test_a_password_that_is_hard_to_guess_needs_no_digits_or_signs(password: str) -> None:
    judge(password, handle="jane_doe", display_name="Jane van Doe", email="jd1970@courier.example.org")


@pytest.mark.parametrize("password", ["", "xk3Pq9!vL", "e\u0301" * 9])
def test_a_password_under_ten_characters_is_refused(password: str) -> None:
    assert "10" in refusal_of(password)


@pytest.mark.parametrize("password", ["x" * 1_025, "x" * 1_000_000])
def test_a_password_over_1024_characters_is_refused(password: str) -> None:
    assert "1024" in refusal_of(password)


@pytest.mark.parametrize(
    "password",
    ["password123", "P@$$w0rd!!", "qwertyuiop", "1234567890", "aaaaaaaaaaaaaaaaaaaa",
     "iloveyou2024", "abcabcabcabc", "password" * 100],
)  # fmt: skip
def test_a_password_that_many_people_have_is_refused(password: str) -> None:
    assert "easy to guess" in refusal_of(password)


@pytest.mark.parametrize(
    "password",
    [
        "jane_doe_jane",
        "JaneVanDoe",
        "janedoe1987",
        "jd1970@courier.example.org",
        "eod nav enaJ",
        "courier2024",
    ],
)
def test_a_password_made_of_the_persons_own_words_is_refused(password: str) -> None:
    assert "easy to guess" in refusal_of(password)


@pytest.mark.parametrize("password", ["4@8({[<369|!1/7$05%2+" * 4, "1234567890987654321" * 4, "aaabaaac" * 9])
def test_judging_stays_quick_whatever_is_typed(password: str) -> None:
    start = time.process_time()
    with suppress(Invalid):
        judge(password, handle="jane_doe", display_name="Jane", email="jane@example.org")
    assert time.process_time() - start < 0.5


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=60), st.text(max_size=60))
def test_any_password_is_accepted_or_refused(password: str, handle: str, display_name: str, email: str) -> None:
    with suppress(Invalid):
        judge(password, handle=handle, display_name=display_name, email=email)
