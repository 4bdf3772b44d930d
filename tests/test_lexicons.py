"""The shipped lexicons: they load, their rows are in order, and their examples hold (reports, sources, look-alikes)."""

import re
from collections import Counter

import pytest

from scorer.cues import CueFinder, find_cues
from scorer.labels import SOURCE_TYPES
from scorer.lexicon import CUE_FILES, END, FOLDER, GAP, load_lexicon
from scorer.tokens import tokenise

LEXICON = load_lexicon()
FINDER = CueFinder(LEXICON)
BY_ID = {entry.id: entry for entry in LEXICON.entries}
OURS = [entry for entry in LEXICON.entries if entry.family in ("report", "source")]
LOOKALIKES = [entry for entry in LEXICON.entries if entry.id.startswith("lr")]
REPORT_CATEGORIES = {
    *("say", "announce", "confirm", "deny", "act", "accuse", "think", "show", "see", "manner"),
    *("preposition", "cite", "adverb", "hearsay", "noun"),
}
SOURCE_KINDS = {"person", "voice", "title", "body", "people", "thing", "vague", "outlet", "state"}
FLOORS = {"say": 150, "manner": 80, "act": 100, "hearsay": 80, "noun": 80, "show": 60, "think": 50, "adverb": 15}


def found(text):
    """Ids of the cues that are left once look-alikes have been taken out."""
    (cues,) = find_cues([tokenise(text)], LEXICON)
    return {cue.entry_id for cue in cues}


def examples(entries, column):
    return [
        pytest.param(entry, text, id=f"{entry.id}-{n}")
        for entry in entries
        for n, text in enumerate(getattr(entry, column))
    ]


def clashes(node, path):
    """Yield each word sequence of the report and source lexicons with the categories that claim it."""
    for token, below in node.items():
        if token == END:
            found_at = {}
            for terminal in below:
                entry = LEXICON.entries[terminal.entry]
                if entry.family in ("report", "source") and entry.category != "noun":
                    found_at.setdefault((entry.family, terminal.cased), set()).add(entry.category)
            yield from ((" ".join((*path, *map(str, key))), categories) for key, categories in found_at.items())
        elif token == GAP:
            for longest, after in below:
                yield from clashes(after, (*path, f"<{longest}>"))
        else:
            yield from clashes(below, (*path, token))


@pytest.mark.parametrize("name", CUE_FILES.values())
def test_rows_are_sorted_by_id(name):
    ids = [line.split("\t")[0] for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()[1:]]
    assert ids == sorted(ids)


def test_ids_are_unique():
    assert len(BY_ID) == len(LEXICON.entries)


def test_pattern_stands_once_in_its_category():
    counts = Counter((entry.family, entry.category, entry.pattern) for entry in LEXICON.entries)
    assert [key for key, n in counts.items() if n > 1] == []


def test_words_stand_in_one_category_of_their_family():
    # Only the first entry at a place is kept, so the same words in a second category would never be found. Speech
    # nouns may repeat a verb's form: attribution decides between them.
    assert {words: categories for words, categories in clashes(LEXICON.trie, ()) if len(categories) > 1} == {}


def test_source_keys_are_explained():
    known = set(re.findall(r"^\| `(\w+)`", (FOLDER / "SOURCES.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {entry.source for entry in LEXICON.entries} <= known


def test_report_categories_are_the_closed_set():
    assert {entry.category for entry in OURS if entry.family == "report"} == REPORT_CATEGORIES


def test_source_categories_are_a_type_and_a_kind():
    pairs = {tuple(entry.category.split(".")) for entry in OURS if entry.family == "source"}
    assert {kind for _, kind in pairs} == SOURCE_KINDS
    assert {source_type for source_type, _ in pairs} == set(SOURCE_TYPES) - {"none"}


def test_hearsay_commits_to_nothing():
    assert {entry.id for entry in OURS if entry.category == "hearsay" and entry.strength > 0.2} == set()


@pytest.mark.parametrize(("category", "floor"), FLOORS.items())
def test_category_is_well_filled(category, floor):
    assert sum(entry.category == category for entry in OURS) >= floor


def test_sources_are_well_filled():
    assert sum(entry.family == "source" for entry in OURS) >= 2000


def test_states_and_titles_need_their_capital():
    lower = [
        e.id for e in OURS if e.category in ("official.state", "official.title") and e.pattern == e.pattern.lower()
    ]
    assert lower == []


@pytest.mark.parametrize(("entry", "text"), examples(OURS, "matches"))
def test_example_is_found(entry, text):
    assert entry.id in found(text)


@pytest.mark.parametrize(("entry", "text"), examples(OURS, "rejects"))
def test_counterexample_is_not_found(entry, text):
    assert entry.id not in found(text)


@pytest.mark.parametrize(("entry", "text"), examples(LOOKALIKES, "matches"))
def test_lookalike_cancels_its_families(entry, text):
    tokens = tokenise(text)
    spans = [(first, last) for first, last, at in FINDER.matches(tokens) if LEXICON.entries[at] is entry]
    assert spans
    (cues,) = find_cues([tokens], LEXICON)
    for cue in cues:
        if BY_ID[cue.entry_id].family in entry.category.split("+"):
            assert not any(first <= cue.last and cue.first <= last for first, last in spans)


@pytest.mark.parametrize(("entry", "text"), examples(LOOKALIKES, "rejects"))
def test_lookalike_lets_the_real_cue_stand(entry, text):
    assert set(entry.category.split("+")) & {BY_ID[entry_id].family for entry_id in found(text)}
