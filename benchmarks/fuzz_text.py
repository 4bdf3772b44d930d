"""Feed the text layers what nobody would write, for as long as told, and stop at the first broken promise.

python benchmarks/fuzz_text.py --minutes 5            with atheris, led by what the code does, where it is installed
python benchmarks/fuzz_text.py --minutes 5 --random   made at random, from words of the domain and odd characters
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from types import FunctionType

from scorer.bundle import load_model
from scorer.errors import InputError
from scorer.scoring import DocumentAssessment, ScoringModel, score_text

WORDS = [
    "Officials",
    "said",
    "that",
    "the",
    "bridge",
    "may",
    "close",
    ",",
    ".",
    "!",
    "?",
    ";",
    ":",
    "—",
    "–",
    "-",
    "…",
    "(",
    ")",
    "[",
    "]",
    "“",
    "”",
    "‘",
    "’",
    '"',
    "'",
    "«",
    "»",
    "„",
    "`",
    "Mr.",
    "U.S.",
    "Inc.",
    "No.",
    "5",
    "1,500",
    "he",
    "she",
    "it",
    "they",
    "who",
    "which",
    "according",
    "to",
    "reportedly",
    "allegedly",
    "denied",
    "confirmed",
    "verified",
    "not",
    "has",
    "been",
    "could",
    "Reuters",
    "(AP)",
    "Ann",
    "Roe",
    "minister",
    "of",
    "Health",
    "Ministry",
    "Friday",
    "July",
    "21",
    "2017",
    "By",
    "https://a.b/c",
    "a@b.cc",
    "@desk",
    "#tag",
    "n't",
    "'s",
    "don't",
    "ß",
    "İ",
    "ﬁ",
    "漢。",
    "قال",
    "אמר",
    "😀",
    "👩\u200d👩\u200d👧",
    "é",
    "́",
    "\u200b",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "�",
    "�",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u2028",
    "\x85",
    "\xa0",
    "''",
    "``",
    "*",
    "-",
    "_",
]


def check(text: str, scored: DocumentAssessment) -> None:
    """Assert what the record promises of any text."""
    last = 0
    for k, (sentence, reading, assessment) in enumerate(scored.sentences):
        assert sentence.index == k
        assert last <= sentence.start < sentence.end <= len(text), (last, sentence)
        assert text[sentence.start : sentence.end] == sentence.text
        last = sentence.end
        size = len(sentence.text)
        spans = [(hedge.start, hedge.end) for hedge in reading.hedges]
        spans += [(found.start, found.end) for found in reading.checks]
        for one in reading.attributions:
            spans += [tuple(span) for span in (one.source, one.cue) if span is not None]
        assert all(0 <= start < end <= size for start, end in spans), spans
        assert abs(sum(assessment.probabilities) - 1) < 1e-9
        assert assessment.score is None or 0 <= assessment.score <= 100
        assert (assessment.score is None) == (assessment.strength == "not_a_claim")
        assert len(reading.tokens.lows) == len(reading.inside) == len(reading.shape.bits)


def check_sums(model: ScoringModel, scored: DocumentAssessment) -> None:
    """Assert that the reasons of each sentence add up to the logit of its strength."""
    if scored.sentences:
        logits, _ = model.logits([one.reading for one in scored.sentences])
        for row, one in zip(logits, scored.sentences, strict=True):
            assert abs(sum(amount for _, amount in one.assessment.reasons) - row.max()) < 1e-6


def hold(model: ScoringModel, text: str) -> None:
    """Score a text and assert all promises; the only exception that may come is one that is meant."""
    try:
        scored = score_text(model, text)
    except InputError:
        return
    check(text, scored)
    check_sums(model, scored)


def at_random(model: ScoringModel, seconds: float, seed: int) -> int:
    """Try texts until the time is over; give how many."""
    rng, end, n = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        words = [
            rng.choice(WORDS) if rng.random() < 0.95 else chr(rng.randrange(0x110000)) for _ in range(rng.randrange(60))
        ]
        text = rng.choice(("", " ", " ", " ")).join(words) * rng.choice((1, 1, 1, 1, 30))
        try:
            hold(model, text)
        except BaseException:
            print(f"seed {seed}, text {n}: {text!r}", file=sys.stderr)
            raise
        n += 1
    return n


def led(model: ScoringModel, seconds: float) -> None:
    """Let atheris look for texts that take new ways through the code."""
    import atheris

    def once(content: bytes) -> None:
        provider = atheris.FuzzedDataProvider(content)
        if provider.ConsumeBool():
            text = provider.ConsumeUnicode(2000)
        else:
            text = " ".join(provider.PickValueInList(WORDS) for _ in range(provider.ConsumeIntInRange(0, 80)))
        hold(model, text)

    for function in _functions_of("scorer"):
        atheris.instrument_func(function)
    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", "-max_len=2000", "-timeout=60"], once)
    atheris.Fuzz()


def _functions_of(package: str) -> list[FunctionType]:
    """Give the functions and methods of a package's modules; to instrument all that is imported takes minutes."""
    found: list[FunctionType] = []
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == package:
            owners = [module, *(one for one in vars(module).values() if isinstance(one, type))]
            for owner in owners:
                found += [
                    one
                    for one in vars(owner).values()
                    if isinstance(one, FunctionType) and one.__module__.split(".")[0] == package
                ]
    return list(dict.fromkeys(found))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = load_model()
    if options.random:
        n = at_random(model, 60 * options.minutes, options.seed)
        print(f"{n:,} texts, no promise broken")
    else:
        led(model, 60 * options.minutes)


if __name__ == "__main__":
    main()
