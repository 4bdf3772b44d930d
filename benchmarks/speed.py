"""Sentences per second, file to file, in one process, beside two things that show what the number means.

usage: python benchmarks/speed.py [--sentences N] [--model DIR] [--repeat N] [--floor N]

Beside ours, on the same sentences in the same run:
- TF-IDF + logistic regression, trained on the same text: reads the table, predicts, writes label and probability;
- reading, splitting and writing alone: what no scorer could do without.

The sentences are those of data/, over and over with other digits, so that no cache can help. Times are the best of
--repeat rounds, by the clock; the model's loading and the baseline's training do not count. With --floor the command
fails if ours is slower than N sentences a second in either unit.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from scorer.bundle import load_model
from scorer.labelled import read_labelled
from scorer.scoring_files import score_files
from scorer.segment import split_documents
from scorer.tables import open_writer, read_chunks

DATA = Path(__file__).parent.parent / "data"
SEED = 7


def megabytes():
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def write_inputs(folder, rows, n_sentences):
    """Write the same sentences as a table of sentences and as one of documents; return how many documents."""
    rng = random.Random(SEED)
    n_documents, document, last = 0, [], None
    with (
        (folder / "sentence.csv").open("w", newline="", encoding="utf-8") as sentences,
        (folder / "document.csv").open("w", newline="", encoding="utf-8") as documents,
    ):
        by_sentence, by_document = csv.writer(sentences), csv.writer(documents)
        by_sentence.writerow(["doc_id", "text"])
        by_document.writerow(["doc_id", "text"])
        for k in range(n_sentences):
            row = rows[k % len(rows)]
            name = f"{row.doc}.{k // len(rows)}"
            text = re.sub(r"\d", lambda _: str(rng.randrange(1, 10)), row.text)
            if document and name != last:
                by_document.writerow([last, "\n".join(document)])
                n_documents, document = n_documents + 1, []
            by_sentence.writerow([name, text])
            document.append(text)
            last = name
        by_document.writerow([last, "\n".join(document)])
    return n_documents + 1


def best_of(repeat, run):
    """Return the most sentences a second that any of some rounds reached; `run` returns its number of sentences."""
    rates = []
    for _ in range(repeat):
        started = time.perf_counter()
        n_sentences = run()
        rates.append(n_sentences / (time.perf_counter() - started))
    return max(rates)


def chunks_of(path, unit):
    """Yield the cells and texts of a table's sentences, chunk by chunk."""
    for chunk in read_chunks([str(path)], on_reject=lambda row: None):
        if unit == "sentence":
            yield chunk.rows, chunk.texts
            continue
        for begin in range(0, len(chunk.rows), 100):
            part = chunk.part(begin, begin + 100)
            split = split_documents(part.texts, part.doc_ids)
            yield (
                [cells for cells, found in zip(part.rows, split, strict=True) for _ in found],
                [sentence.text for found in split for sentence in found],
            )


def run_plain(path, out, unit):
    n_sentences = 0
    with open_writer(str(out), format="csv", columns=["doc_id", "text"]) as writer:
        for rows, texts in chunks_of(path, unit):
            writer.write_rows([(*cells, text) for cells, text in zip(rows, texts, strict=True)])
            n_sentences += len(texts)
    return n_sentences


def run_baseline(path, out, unit, pipeline):
    n_sentences = 0
    with open_writer(str(out), format="csv", columns=["doc_id", "text", "strength", "p"]) as writer:
        for rows, texts in chunks_of(path, unit):
            probabilities = pipeline.predict_proba(texts)
            labels, highest = (
                pipeline.classes_[probabilities.argmax(1)].tolist(),
                probabilities.max(1).round(4).tolist(),
            )
            writer.write_rows([(*r, t, s, p) for r, t, s, p in zip(rows, texts, labels, highest, strict=True)])
            n_sentences += len(texts)
    return n_sentences


def fit_baseline(rows):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=3000, class_weight="balanced"),
    )
    return pipeline.fit([row.text for row in rows], [row.strength for row in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--model", help="a model's folder; the shipped one by default")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--floor", type=float, default=0.0, help="fail below so many sentences a second")
    options = parser.parse_args()
    model = load_model(options.model)
    rows = read_labelled(sorted(DATA.glob("authored-*.tsv")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n_documents = write_inputs(folder, rows, options.sentences)
        out = folder / "out.csv"
        loaded = megabytes()
        ours = {
            unit: best_of(
                options.repeat,
                lambda unit=unit: score_files(model, [str(folder / f"{unit}.csv")], str(out), unit=unit).sentences_out,
            )
            for unit in ("sentence", "document")
        }
        peak = megabytes()
        pipeline = fit_baseline(rows)
        print(f"{options.sentences:,} sentences in {n_documents:,} documents, one process, best of {options.repeat}\n")
        print(
            f"{'sentences/s':>24}  {'scorer':>8}  {'tf-idf+lr':>10}  {'ratio':>6}  "
            f"{'read, split, write':>18}  {'ratio':>6}"
        )
        for unit, rate in ours.items():
            path = folder / f"{unit}.csv"
            simple = best_of(options.repeat, lambda path=path, unit=unit: run_baseline(path, out, unit, pipeline))
            plain = best_of(options.repeat, lambda path=path, unit=unit: run_plain(path, out, unit))
            print(
                f"{'--unit ' + unit:>24}  {rate:>8,.0f}  {simple:>10,.0f}  {rate / simple:>6.2f}  {plain:>18,.0f}  "
                f"{rate / plain:>6.3f}"
            )
        print(f"\npeak memory {peak:,.0f} MB, of which {loaded:,.0f} MB before the first sentence (Python, model)")
    slowest = min(ours.values())
    if slowest < options.floor:
        sys.exit(f"{slowest:,.0f} sentences/s is below the floor of {options.floor:,.0f}")


if __name__ == "__main__":
    main()
