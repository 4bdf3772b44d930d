"""What was worked out once is looked up, and never more is kept than was asked for."""

import weakref

from scorer.collector import Sweep, uncollected
from scorer.memo import Memo


def test_value_is_made_once():
    made = []
    memo = Memo(lambda piece: made.append(piece) or piece.upper())
    assert [memo["a"], memo["b"], memo["a"]] == ["A", "B", "A"]
    assert made == ["a", "b"]


def test_pieces_that_come_up_again_outlast_those_that_do_not():
    made = []
    memo = Memo(lambda piece: made.append(piece) or piece, most=3)
    for k in range(100):
        assert memo["often"] == "often"
        assert memo[f"once {k}"] == f"once {k}"
        assert len(memo) <= 3
    assert made.count("often") == 1


def test_endless_piece_is_not_kept():
    memo = Memo(len)
    assert memo["a" * 10_000] == 10_000
    assert not memo


def test_cycles_are_swept_up_where_the_collector_is_off():
    class Knot:
        pass

    with uncollected():
        sweep, left = Sweep(3), []
        for _ in range(5):
            knot = Knot()
            knot.self = knot
            left.append(weakref.ref(knot))
            del knot
            sweep.step()
    assert [ref() is None for ref in left] == [True, True, True, False, False]
