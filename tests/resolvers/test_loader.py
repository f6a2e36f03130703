"""The loader: one batch for what is asked together, no key twice, errors in their slots."""

import asyncio
from collections.abc import Sequence

import pytest

from resolvers.loader import Loader


class Doubler:
    """A batch function that keeps what it was asked; it fails for 13 alone, and for all where 0 is among them."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.began = asyncio.Event()

    async def __call__(self, keys: Sequence[int]) -> list[int]:
        self.asked.append(list(keys))
        self.began.set()
        await asyncio.sleep(0)
        slots = [2 * key if key != 13 else ValueError("unlucky") for key in keys]
        if 0 in keys:
            raise ValueError("nothing at all")
        return slots  # type: ignore[return-value] # an exception may stand in a slot


async def test_loader_asked_side_by_side_asks_its_batch_once() -> None:
    batch = Doubler()
    loader = Loader(batch)

    found = tuple(
        await asyncio.gather(loader.load(1), loader.load_many([2, 1, 3]), loader.load_many([]), loader.load(4))
    )

    assert found == (2, [4, 2, 6], [], 8)
    assert batch.asked == [[1, 2, 3, 4]]


async def test_loader_asked_again_asks_only_for_new_keys() -> None:
    batch = Doubler()
    loader = Loader(batch)
    await loader.load_many([1, 2])

    found = await loader.load_many([2, 3, 1])

    assert found == [4, 6, 2]
    assert batch.asked == [[1, 2], [3]]


async def test_loader_asked_while_a_batch_runs_waits_for_it_and_asks_for_the_rest() -> None:
    batch = Doubler()
    loader = Loader(batch)
    first = asyncio.create_task(loader.load_many([1, 2]))
    await batch.began.wait()

    found = await loader.load_many([2, 3])

    assert (found, await first) == ([4, 6], [2, 4])
    assert batch.asked == [[1, 2], [3]]


async def test_loader_of_a_batch_with_an_exception_in_a_slot_fails_there_alone() -> None:
    loader = Loader(Doubler())

    seven, unlucky = await loader.load_many([7, 13])

    assert seven == 14
    assert isinstance(unlucky, ValueError)
    with pytest.raises(ValueError, match="unlucky"):
        await loader.load(13)


async def test_loader_of_a_batch_that_fails_has_its_exception_in_every_slot() -> None:
    found = await Loader(Doubler()).load_many([1, 0])

    assert [str(slot) for slot in found] == ["nothing at all", "nothing at all"]


async def test_loader_whose_asker_is_cancelled_answers_the_others() -> None:
    batch = Doubler()
    loader = Loader(batch)
    one, other = asyncio.create_task(loader.load(1)), asyncio.create_task(loader.load(1))
    await batch.began.wait()

    one.cancel()

    assert await other == 2
    assert one.cancelled()
    assert batch.asked == [[1]]
