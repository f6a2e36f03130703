"""A data loader that is asked lists of keys: gathers what is asked in one tick, and asks its batch function once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Batch = Callable[[Sequence[Key]], Coroutine[Any, Any, Sequence[Value]]]


class Loader(Generic[Key, Value]):
    """Asks ``batch`` once for all keys that are asked together, and never twice for the same key.

    ``sole`` is asked where nothing else will be; both give the same answers.

    A future a list of keys, not a future a key: with thousands of keys in a request the futures would cost more than
    their rows. Who waits for a batch and is cancelled leaves it running for the others.
    """

    def __init__(self, batch: Batch[Key, Value], sole: Batch[Key, Value] | None = None) -> None:
        self._batch, self._sole = batch, sole or batch
        self._next: dict[Key, None] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._found: dict[Key, Value | BaseException] = {}

    async def load(self, key: Key) -> Value:
        """Return the key's value; raises the exception that stands in its slot."""
        (slot,) = await self.load_many([key])
        if isinstance(slot, BaseException):
            raise slot
        return slot

    async def load_many(self, keys: Iterable[Key]) -> list[Value | BaseException]:
        """Return a slot a key, in their order: its value, or the exception that concerns it."""
        asked = list(keys)
        found = self._found
        missing = [key for key in asked if key not in found]
        if missing:
            tasks = self._tasks
            new = [key for key in missing if key not in tasks]
            if new:
                tasks.update(dict.fromkeys(new, self._gathering()))
                self._next.update(dict.fromkeys(new))
            for task in set(map(tasks.__getitem__, missing)):
                await asyncio.shield(task)
        return [found[key] for key in asked]

    async def load_sole(self, keys: Iterable[Key]) -> list[Value | BaseException]:
        """As ``load_many``, for who knows that nobody asks beside it: at once, and by the batch function for that."""
        asked = list(keys)
        found = self._found
        missing = list(dict.fromkeys([key for key in asked if key not in found] if found else asked))
        slots = await self._sole(missing) if missing else ()
        found.update(zip(missing, slots, strict=True))
        return list(slots) if len(slots) == len(asked) else [found[key] for key in asked]

    def _gathering(self) -> asyncio.Task[None]:
        """Return the task that answers the keys gathered now."""
        if self._next:
            return self._tasks[next(iter(self._next))]
        return asyncio.get_running_loop().create_task(self._dispatch())

    async def _dispatch(self) -> None:
        # What resolvers ask in the same tick comes before this, and in the next one what they ask after a first await.
        await asyncio.sleep(0)
        keys, self._next = list(self._next), {}
        try:
            slots: Sequence[Value | BaseException] = await self._batch(keys)
        except Exception as error:  # noqa: BLE001 - it stands in every slot, and is raised from there
            slots = [error] * len(keys)
        self._found.update(zip(keys, slots, strict=True))
