"""Type and identification of the source that some words name, without their document."""

import pytest

from scorer.candidates import Noun
from scorer.cues import find_cues
from scorer.lexicon import load_lexicon
from scorer.names import name_only, noun_after, noun_before, nouns_in
from scorer.sourcing import UNKNOWN, kind_of
from scorer.tokens import tokenise
from scorer.word_classes import shape_of, word_bits

LEXICON = load_lexicon()
BITS = word_bits(LEXICON)


def read(text):
    """Read a sentence whose source stands in square brackets."""
    before, rest = text.split("[")
    phrase, after = rest.split("]")
    tokens = tokenise(before + phrase + after)
    first = len(tokenise(before).lows)
    (cues,) = find_cues([tokens], LEXICON)
    nouns = [
        Noun(cue.first, cue.last, *cue.category.removeprefix("source.").split("."))
        for cue in cues
        if cue.category.startswith("source.")
    ]
    return tokens, shape_of(tokens, BITS), first, first + len(tokenise(phrase).lows) - 1, nouns


KINDS = [
    ("Later [officials] said", "official", "anonymous", "officials"),
    ("Later [an official] said", "official", "anonymous", "official"),
    ("Later [the minister] said", "official", "role", "minister"),
    ("Later [the government] said", "official", "role", "government"),
    ("Later [the Interior Ministry] said", "official", "named", "ministry"),
    ("Later [Interior Minister Yonas Berek] said", "official", "named", "berek"),
    ("Later [a ministry spokesman] said", "official", "role", "spokesman"),
    ("Later [researchers] said", "expert", "anonymous", "researchers"),
    ("Later [the researchers] said", "expert", "role", "researchers"),
    ("Later [Prof Anil Strand of the University of Calder] said", "expert", "named", "strand"),
    ("Later [people familiar with the talks] said", "unspecified", "anonymous", "with"),
    ("Later [reports] said", "unspecified", "vague", "reports"),
    ("Later [local media] said", "media", "anonymous", "media"),
    ("Later [@desk] said", "social_media", "named", "@desk"),
    ("Later [Roe] said", UNKNOWN, "named", "roe"),
    ("Later [Ann Roe], a biologist, said", "expert", "named", "roe"),
    ("Later [Ann Roe of the ministry] said", "official", "named", "roe"),
    ("Later [Ann Roe], who sang, a biologist, said", UNKNOWN, "named", "roe"),
    ("Later [XYZ] said", "organisation", "named", "xyz"),
    ("Later [she] said", UNKNOWN, "named", ""),
    ("Later [the gardener's cousin] said", "witness", "role", "cousin"),
    ("Later [gardeners] said", "witness", "anonymous", "gardeners"),
]
SPANS = [
    ("Later [Interior Minister Yonas Berek] said", "Yonas Berek"),
    ("Later [Minister Berek] said", "Minister Berek"),
    ("Later [Dr Ines Calloway] said", "Dr Ines Calloway"),
    ("Later [Mayor of Halden Ann Roe] said", "Ann Roe"),
    ("Later [Ann Roe of the ministry] said", "Ann Roe"),
    ("Later [the Ministry of Justice] said", "the Ministry of Justice"),
    ("Later [a study in the journal Bee World] said", "a study in the journal Bee World"),
    ("Later [the team's flower partner Erick Rowan] said", "Erick Rowan"),
    ("Later [officials] said", "officials"),
]


@pytest.mark.parametrize(("text", "source_type", "identification", "key"), KINDS, ids=[row[0] for row in KINDS])
def test_kind_of_source(text, source_type, identification, key):
    assert kind_of(*read(text)) == (source_type, identification, key)


@pytest.mark.parametrize(("text", "span"), SPANS)
def test_span_keeps_the_name(text, span):
    tokens, shape, first, last, nouns = read(text)
    first, last = name_only(tokens, shape, first, last, nouns)
    assert " ".join(tokens.words[first : last + 1]) == span


NOUNS = [Noun(0, 1, "official", "body"), Noun(3, 3, "expert", "person"), Noun(6, 8, "media", "outlet")]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 8, NOUNS), (1, 8, NOUNS[1:]), (0, 7, NOUNS[:2]), (3, 3, NOUNS[1:2]), (4, 5, [])],
)
def test_nouns_inside_a_phrase(first, last, expected):
    assert nouns_in(NOUNS, first, last) == expected
    assert nouns_in([], first, last) == []


@pytest.mark.parametrize(
    ("at", "before", "after"), [(0, None, 1), (1, None, 1), (2, 0, 1), (3, 0, 2), (7, 1, None), (9, 2, None)]
)
def test_nouns_beside_a_token(at, before, after):
    assert noun_before(NOUNS, at) == (None if before is None else NOUNS[before])
    assert noun_after(NOUNS, at) == (None if after is None else NOUNS[after])
