"""Inflected forms: regular spelling, irregular forms, variants."""

import pytest

from scorer.inflect import VerbForms, verb_forms, with_s

S_FORMS = [("deny", "denies"), ("say", "says"), ("stress", "stresses"), ("claim", "claims"), ("tax", "taxes")]
S_FORMS += [("teach", "teaches"), ("wish", "wishes"), ("buzz", "buzzes"), ("note", "notes")]


@pytest.mark.parametrize(("word", "form"), S_FORMS)
def test_s_form(word, form):
    assert with_s(word) == form


@pytest.mark.parametrize(
    ("base", "past", "gerund"),
    [
        ("claim", "claimed", "claiming"),
        ("note", "noted", "noting"),
        ("deny", "denied", "denying"),
        ("convey", "conveyed", "conveying"),
        ("agree", "agreed", "agreeing"),
        ("dye", "dyed", "dyeing"),
    ],
)
def test_regular_verb(base, past, gerund):
    assert verb_forms(base, {}) == VerbForms(base, with_s(base), (past,), (past,), gerund)


def test_irregular_past_serves_as_participle():
    assert verb_forms("say", {"say": ("", "said", "", "")}) == VerbForms("say", "says", ("said",), ("said",), "saying")


def test_variants_are_kept_in_order():
    forms = verb_forms("learn", {"learn": ("", "learned/learnt", "", "")})
    assert forms.past == forms.participle == ("learned", "learnt")


def test_each_irregular_form_replaces_the_regular_one():
    given = {"be": ("is", "was/were", "been", "being")}
    assert verb_forms("be", given) == VerbForms("be", "is", ("was", "were"), ("been",), "being")
