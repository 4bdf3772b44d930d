"""Finding cues: longest first, case, gaps, look-alikes, and linear time."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.cues import find_cues
from scorer.lexicon import COLUMNS, CUE_FILES, FOLDER, load_lexicon
from scorer.tokens import tokenise

ROWS = {
    "reports.tsv": [
        "r001\tsay\tsay~f",
        "r002\tpreposition\taccording to",
        "r003\tnoun\tclaim~n",
        "r004\tsay\tmake <2> known",
    ],
    "sources.tsv": [
        "s001\tofficial.person\tminister~n",
        "s002\tofficial.person\tprime minister~n",
        "s003\tofficial.state\tMali",
        "s004\tdocument.thing\tnote #num of May",
    ],
    "lookalikes.tsv": ["l001\treport\taccording to plan", "l002\treport+source\tminister said amen"],
}


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lexicons")
    for name in CUE_FILES.values():
        rows = [row + "\t0.5\tsentence\town" for row in ROWS.get(name, ())]
        (folder / name).write_text("\n".join(["\t".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    (folder / "words.tsv").write_text("word\tclass\tnote\n", encoding="utf-8")
    shutil.copy(FOLDER / "inflections.tsv", folder)
    return load_lexicon(folder)


def found(text, lexicon):
    (cues,) = find_cues([tokenise(text)], lexicon)
    return [(cue.entry_id, text[cue.start : cue.end]) for cue in cues]


CASES = [
    ("", []),
    ("#", []),
    ("Nothing here.", []),
    ("He said so.", [("r001", "said")]),
    ("HE SAID SO.", [("r001", "SAID")]),
    ("The prime minister says no.", [("s002", "prime minister"), ("r001", "says")]),
    ("Ministers said no.", [("s001", "Ministers"), ("r001", "said")]),
    ("In Mali", [("s003", "Mali")]),
    ("in mali", []),
    ("They made it known.", []),
    ("They make it known.", [("r004", "make it known")]),
    ("They make it all known.", [("r004", "make it all known")]),
    ("They make it all but known.", []),
    ("They make it; known.", []),
    ("note 12 of May", [("s004", "note 12 of May")]),
    ("note twelve of May", []),
    ("note 12 of may", []),
    ("according to Roe", [("r002", "according to")]),
    ("according to plan", []),
    ("The minister said amen.", []),
]


@pytest.mark.parametrize(("text", "cues"), CASES)
def test_cues_of_text(text, cues, lexicon):
    assert found(text, lexicon) == cues


def test_families_may_overlap_but_one_family_may_not(lexicon):
    cues = found("The prime minister's claims", lexicon)
    assert cues == [("s002", "prime minister"), ("r003", "claims")]


def test_curly_marks_match_like_straight_ones():
    texts = ["It can’t be ruled out, they say.", "It can't be ruled out, they say."]
    curly, straight = find_cues([tokenise(text) for text in texts], load_lexicon())
    assert curly == straight != []


def test_thousand_cues_are_all_found():
    (cues,) = find_cues([tokenise("Roe said. " * 1000)], load_lexicon())
    assert sum(cue.category == "report.say" for cue in cues) == 1000


@given(st.lists(st.text(max_size=80), max_size=4))
@settings(max_examples=100, deadline=None)
def test_batch_equals_one_by_one(texts):
    batch = [tokenise(text) for text in texts]
    together = find_cues(batch, load_lexicon())
    assert together == [find_cues([tokens], load_lexicon())[0] for tokens in batch]
    for tokens, cues in zip(batch, together, strict=True):
        assert [cue.first for cue in cues] == sorted(cue.first for cue in cues)
        for cue in cues:
            assert (cue.start, cue.end) == (tokens.starts[cue.first], tokens.ends[cue.last])
