"""Peers from the package index over the same table of sentences, under the interpreter in which they are installed.

usage: python peers.py PEER INPUT OUTPUT UNIT JOBS ""

Nothing of scorer is imported here: the peers need other versions of what it needs. ``PEERS`` is also read by
`speed.py`, for the names.
"""

from __future__ import annotations

import csv
import sys
import time


def medspacy_context():
    """ConText's modifiers (negated, hypothetical, possible, …) with medspaCy's own rules and tokenizer; no parser."""
    import medspacy

    nlp = medspacy.load(medspacy_enable=["medspacy_tokenizer", "medspacy_context"])
    nlp.add_pipe("sentencizer", first=True)
    return lambda texts: [
        "|".join(modifier.category for modifier in doc._.context_graph.modifiers) for doc in nlp.pipe(texts)
    ]


def negspacy_negex():
    """NegEx over a blank English pipeline; every word of more than six letters stands for an entity."""
    import spacy
    from negspacy.negation import Negex  # noqa: F401 (registers the component)

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "THING", "pattern": [{"TEXT": {"REGEX": r"^\w{7,}$"}}]}])
    nlp.add_pipe("negex")
    return lambda texts: ["|".join(str(ent) for ent in doc.ents if ent._.negex) for doc in nlp.pipe(texts)]


def convokit_hedges():
    """Find ConvoKit's list of hedges, word by word, as its politeness strategies do where no parse is given."""
    from convokit.politeness_collections.politeness_api.features.politeness_strategies import has_hedge

    def marked(text):
        found = has_hedge([{"tok": word.strip('.,;:!?()"“”')} for word in text.split()])
        return str(found[0] if isinstance(found, tuple) else found)

    return lambda texts: [marked(text) for text in texts]


PEERS = {"medspacy ConText": medspacy_context, "negspacy": negspacy_negex, "convokit hedges": convokit_hedges}


def main():
    """Run one peer, file to file."""
    from runs import tell  # beside this file, which `speed.py` only reads the names of

    name, table, out = sys.argv[1:4]
    mark = PEERS[name]()
    started = time.perf_counter()
    n_sentences = 0
    with open(table, newline="", encoding="utf-8") as source, open(out, "w", newline="", encoding="utf-8") as target:  # noqa: PTH123
        rows, writer = csv.reader(source), csv.writer(target)
        writer.writerow([*next(rows), "found"])
        held = list(rows)
        for begin in range(0, len(held), 2000):
            part = held[begin : begin + 2000]
            writer.writerows([*row, found] for row, found in zip(part, mark([row[1] for row in part]), strict=True))
            n_sentences += len(part)
    seconds = time.perf_counter() - started
    tell(n_sentences, seconds)


if __name__ == "__main__":
    main()
