"""Whatever text comes in: what the record promises holds, and only an `InputError` may come out in its place."""

import fuzz_text
from hypothesis import given, settings
from hypothesis import strategies as st

ANY = st.text(alphabet=st.characters(codec=None), max_size=300)
MIXED = st.lists(st.sampled_from(fuzz_text.WORDS), max_size=60).map(" ".join)


@given(st.one_of(ANY, MIXED, st.tuples(ANY, MIXED).map("".join)), st.sampled_from([1, 1, 1, 40]))
@settings(max_examples=100, deadline=None)
def test_any_text_keeps_the_promises(model, text, times):
    fuzz_text.hold(model, text * times)


def test_random_fuzzing_runs(model):
    assert fuzz_text.at_random(model, 2.0, seed=7) > 3
