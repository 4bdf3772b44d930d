"""The lexicon loader: every broken row is refused, with its file, its line and the remedy."""

import re
import shutil

import pytest

from scorer.errors import LexiconError
from scorer.lexicon import CAPITAL, COLUMNS, CUE_FILES, END, FOLDER, GAP, NUMBER, load_lexicon

HEADER = "\t".join(COLUMNS)
ROW = "x001\tsay\tsay~f\t0.5\tsentence\town"


@pytest.fixture
def folder(tmp_path):
    """Give a folder of lexicons without rows."""
    for name in CUE_FILES.values():
        (tmp_path / name).write_text(HEADER + "\n", encoding="utf-8")
    (tmp_path / "words.tsv").write_text("word\tclass\tnote\n", encoding="utf-8")
    shutil.copy(FOLDER / "inflections.tsv", tmp_path)
    return tmp_path


def write(folder, *rows, name="reports.tsv", header=HEADER):
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def message(folder):
    with pytest.raises(LexiconError) as caught:
        load_lexicon(folder)
    return str(caught.value)


BROKEN = [
    ("x001\tsay\tsay~f\t0.5\tsentence", "line 2: column 'source' is empty"),
    ("x001\t\tsay~f\t0.5\tsentence\town", "line 2: column 'category' is empty"),
    ("x001\tsay\tsay~f\thalf\tsentence\town", "line 2: column 'strength': 'half' is not a number in [0, 1]"),
    ("x001\tsay\tsay~f\t1.5\tsentence\town", "line 2: column 'strength': 1.5 is not in [0, 1]"),
    ("x001\tsay\tsay~f\tnan\tsentence\town", "line 2: column 'strength': nan is not in [0, 1]"),
    (
        "x001\tsay\tsay~f\t0.5\teverywhere\town",
        "line 2: column 'scope': 'everywhere' is none of backward, clause, forward, object, pseudo, sentence",
    ),
    (ROW + "\t\t\t\t\t", "line 2: 11 cells where there are 9 columns"),
    ("x001\tsay\tsay~z\t0.5\tsentence\town", "line 2: 'say~z': after ~ stands one of v f g p t n"),
    (
        "x001\tsay\tsay <three> so\t0.5\tsentence\town",
        "line 2: gap '<three>' must hold the longest number of words, as in <3>",
    ),
    ("x001\tsay\t<3> say\t0.5\tsentence\town", "line 2: pattern '<3> say' must begin and end with a word"),
    ("x001\tsay\tsay <3>\t0.5\tsentence\town", "line 2: pattern 'say <3>' must begin and end with a word"),
    ("x001\tsay\t#num men\t0.5\tsentence\town", "line 2: pattern '#num men' must begin and end with a word"),
    ("x001\tsay\tsay?\t0.5\tsentence\town", "line 2: pattern 'say?' must begin and end with a word"),
    (
        "x001\tsay\tRoe <3> so\t0.5\tsentence\town",
        "line 2: pattern 'Roe <3> so' has both a gap and a capital; use one of them",
    ),
]


@pytest.mark.parametrize(("row", "error"), BROKEN, ids=[error for _, error in BROKEN])
def test_broken_row_is_refused_with_its_place(folder, row, error):
    write(folder, row)
    assert message(folder) == f"{folder / 'reports.tsv'}: {error}"


def test_pattern_that_stands_for_too_much_is_refused(folder):
    pattern = " ".join(["a|b|c|d|e|f|g|h|i|j"] * 4)
    write(folder, f"x001\tsay\t{pattern}\t0.5\tsentence\town")
    assert message(folder).endswith("line 2: pattern " + repr(pattern) + " stands for 10000 word sequences; split it")


def test_id_that_stands_twice_is_refused_with_both_places(folder):
    write(folder, ROW, "x002" + ROW[4:].replace("say~f", "tell~f"))
    write(folder, ROW.replace("\tsay\t", "\tofficial.person\t"), name="sources.tsv")
    path, other = folder / "sources.tsv", folder / "reports.tsv"
    assert message(folder) == f"{path}: line 2: id 'x001' stands at {other}: line 2 already; ids are never reused"


def test_wrong_columns_are_refused(folder):
    write(folder, header="id\tpattern")
    assert message(folder) == f"{folder / 'reports.tsv'}: line 1: the columns must be: {', '.join(COLUMNS)}"


def test_empty_file_is_refused(folder):
    (folder / "reports.tsv").write_text("", encoding="utf-8")
    assert "line 1: the columns must be" in message(folder)


def test_missing_file_is_refused(folder):
    (folder / "checks.tsv").unlink()
    path = re.escape(str(folder / "checks.tsv"))
    assert re.fullmatch(rf"{path}: cannot be read \(.+\); every lexicon folder needs it", message(folder))


def test_unknown_kind_of_inflection_is_refused(folder):
    (folder / "inflections.tsv").write_text(
        "base\tkind\tthird\tpast\tparticiple\tgerund\nsay\tverbs\n", encoding="utf-8"
    )
    assert (
        message(folder) == f"{folder / 'inflections.tsv'}: line 2: column 'kind': 'verbs' is neither 'verb' nor 'noun'"
    )


def test_line_number_counts_empty_lines(folder):
    write(folder, ROW, "", "x002\tsay")
    assert message(folder).startswith(f"{folder / 'reports.tsv'}: line 4: ")


def test_short_row_is_filled_and_examples_are_split(folder):
    write(folder, ROW + "\tRoe said so. || She says so.")
    (entry,) = load_lexicon(folder).entries
    assert (entry.family, entry.strength, entry.rejects, entry.note) == ("report", 0.5, (), "")
    assert entry.matches == ("Roe said so.", "She says so.")


def test_marks_of_a_verb_give_its_forms(folder):
    write(folder, "x001\tsay\tdeny~f\t0.5\tsentence\town", "x002\tsay\tnote~g\t0.5\tsentence\town")
    assert set(load_lexicon(folder).trie) == {"deny", "denies", "denied", "noting"}


def test_alternatives_optional_words_and_gaps_share_one_trie(folder):
    write(
        folder,
        "x001\tsay\tin|by the? word\t0.5\tsentence\town",
        "x002\tsay\tas <2> of #num #cap says\t0.5\tsentence\town",
    )
    trie = load_lexicon(folder).trie
    assert set(trie["in"]) == set(trie["by"]) == {"the", "word"}
    ((longest, after),) = trie["as"][GAP]
    assert longest == 2
    assert END in after["of"][NUMBER][CAPITAL]["says"]


def test_class_right_after_a_gap_is_refused(folder):
    write(folder, "x001\tsay\tas <2> #num says\t0.5\tsentence\town")
    assert message(folder).endswith("line 2: pattern 'as <2> #num says': after a gap must stand a word")


@pytest.mark.parametrize(
    ("name", "category", "told"),
    [
        ("reports.tsv", "sing", "'sing' is none of say, announce"),
        ("hedges.tsv", "maybe", "'maybe' is none of modal, adverb"),
        ("sources.tsv", "official", "'official' is not a source type, a dot and a kind of noun"),
        ("sources.tsv", "elf.person", "'elf.person' is not a source type, a dot and a kind of noun"),
    ],
)
def test_unknown_category_is_refused(folder, name, category, told):
    write(folder, ROW.replace("\tsay\t", f"\t{category}\t"), name=name)
    assert f"{folder / name}: line 2: column 'category': {told}" in message(folder)


def test_fingerprint_changes_with_the_bytes(folder, tmp_path_factory):
    write(folder, ROW)
    first = load_lexicon(folder).fingerprint
    other = tmp_path_factory.mktemp("other") / "lexicons"
    shutil.copytree(folder, other)
    write(other, ROW.replace("0.5", "0.6"))
    assert load_lexicon(other).fingerprint != first


def test_same_folder_is_read_once():
    assert load_lexicon() is load_lexicon()
