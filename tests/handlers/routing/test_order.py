"""Updates that come out of order wait for those before them, and not for ever."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from handlers.routing.order import PATIENCE_SECONDS, WIDEST_GAP, Order
from storage.core.inbox import InboxRow


class Clock:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def came(*numbers: int) -> list[InboxRow]:
    return [InboxRow(at, str(number), {}, 0, datetime.now(UTC)) for at, number in enumerate(numbers)]


def numbers(arrivals: list[InboxRow]) -> list[int]:
    return [int(arrival.external_id) for arrival in arrivals]


def test_a_gap_is_waited_for() -> None:
    """What comes early waits for the one before it, and both go in order once that is here."""
    order = Order(Clock())
    assert numbers(order.ready(came(10))) == [10]
    assert numbers(order.ready(came(12, 13))) == []
    assert order.waits
    assert numbers(order.ready(came(12, 13, 11))) == [11, 12, 13]
    assert not order.waits


def test_not_for_ever() -> None:
    """What never comes, such as a kind that was not asked for, holds nothing up for longer than the patience."""
    clock = Clock()
    order = Order(clock)
    order.ready(came(10))
    assert numbers(order.ready(came(12))) == []
    clock.now += PATIENCE_SECONDS
    assert numbers(order.ready(came(12))) == [12]
    assert numbers(order.ready(came(11))) == [11]


def test_a_new_beginning() -> None:
    """Numbers far away are no gap: the first ones, and those after a quiet week."""
    order = Order(Clock())
    assert numbers(order.ready(came(990_001))) == [990_001]
    assert numbers(order.ready(came(990_002 + WIDEST_GAP))) == [990_002 + WIDEST_GAP]
    assert numbers(order.ready(came(5))) == [5]


@given(st.permutations(range(2, 12)))
def test_any_order(shuffled: list[int]) -> None:
    """However ten updates come one after another, they are dealt with in order, each once."""
    order = Order(Clock())
    done, waiting = numbers(order.ready(came(1))), list[int]()
    for number in shuffled:
        waiting.append(number)
        ready = numbers(order.ready(came(*waiting)))
        done += ready
        waiting = [one for one in waiting if one not in ready]
    assert done == list(range(1, 12))
