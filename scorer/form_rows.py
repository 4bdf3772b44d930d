"""What a sentence looks like, whatever it claims, feature by feature."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import Final

from scorer import word_classes as wc
from scorer.feature_rows import Found
from scorer.labels import KINDS
from scorer.reading import Reading
from scorer.verbless import counts

_DIGIT: Final = re.compile(r"\d")

FORM_NAMES: Final = (
    *(f"kind_{name}" for name in KINDS),
    "n_tokens_of_60",
    "is_under_4_tokens",
    "is_under_8_tokens",
    "ends_with_stop",
    "ends_with_question",
    "ends_with_colon",
    "ends_bare",
    "has_question_inside",
    "has_exclamation",
    "has_quotation",
    "is_all_quotation",
    "has_quotation_without_source",
    "quotes_under_5_tokens_without_source",
    "quoted_share",
    "capital_share",
    "is_upper_case",
    "has_number",
    "has_first_person",
    "has_second_person",
    "has_finite_auxiliary",
    "has_time_word",
    "begins_with_conjunction",
    "begins_with_number",
    "begins_with_bracket",
    "has_link_or_handle",
    "has_brackets",
    "has_no_verb_form",
    "has_no_verb_form_under_12_tokens",
    "has_no_verb_form_and_no_s",
    "has_no_verb_form_ends_with_stop",
    "has_no_verb_form_and_counts",
    "has_no_verb_form_ends_bare_first",
    "has_no_verb_form_ends_bare_later",
    "begins_with_instruction",
    "has_service_word",
    "has_service_word_under_20_tokens",
    "serves_reader",
)
_FORM: Final = {name: k for k, name in enumerate(FORM_NAMES)}

_ENDINGS: Final = {".": "ends_with_stop", "?": "ends_with_question", ":": "ends_with_colon", "!": "", "…": ""}
"""The feature of a sentence that ends with a mark; none where it is empty."""


def form_row(reading: Reading, row: Found) -> None:
    """Tell what a sentence looks like: kind of unit, length, marks, person and number."""
    column = _FORM
    lows, shape = reading.tokens.lows, reading.shape
    n_tokens = len(lows)
    row[column["kind_" + reading.sentence.kind]] = 1.0
    if not n_tokens:
        return
    row[column["n_tokens_of_60"]] = min(n_tokens, 60) / 60
    if n_tokens < 8:
        row[column["is_under_8_tokens"]] = 1.0
        if n_tokens < 4:
            row[column["is_under_4_tokens"]] = 1.0
    end = lows[-1]
    if end in "\"')" and n_tokens > 1:
        end = lows[-2]
    ending = _ENDINGS.get(end, "ends_bare")
    if ending:
        row[column[ending]] = 1.0
    # A mark is always a token of its own, and a text is searched ten times as fast as a list of tokens.
    text = reading.sentence.text
    if "?" in text:
        row[column["has_question_inside"]] = 1.0
    if "!" in text:
        row[column["has_exclamation"]] = 1.0
    if "(" in text or "[" in text:
        row[column["has_brackets"]] = 1.0
    if "you" in text.lower() and ("you" in lows or "your" in lows):
        row[column["has_second_person"]] = 1.0
    n_inside = reading.inside.count(True)
    if n_inside:
        row[column["has_quotation"]] = 1.0
        row[column["quoted_share"]] = n_inside / n_tokens
        if not reading.attributions:
            row[column["has_quotation_without_source"]] = 1.0
            if n_inside < 7:
                row[column["quotes_under_5_tokens_without_source"]] = 1.0
        if n_inside >= 0.9 * n_tokens:
            row[column["is_all_quotation"]] = 1.0
    _begin(lows[0], shape.bits[0], row)
    bits = reduce(or_, shape.bits)
    if bits & wc.FIRST_PERSON:
        row[column["has_first_person"]] = 1.0
    if bits & wc.AUXILIARY:
        row[column["has_finite_auxiliary"]] = 1.0
    if bits & wc.TIME:
        row[column["has_time_word"]] = 1.0
    if bits & wc.SERVICE:
        row[column["has_service_word"]] = 1.0
        if n_tokens < 20:
            row[column["has_service_word_under_20_tokens"]] = 1.0
    if reading.serves:
        row[column["serves_reader"]] = 1.0
    if reading.verbless:
        _without_verb(reading, end, row)
    if "@" in text or "www." in text or "://" in text:
        row[column["has_link_or_handle"]] = 1.0
    if _DIGIT.search(text):
        row[column["has_number"]] = 1.0
    if text.isupper():
        row[column["is_upper_case"]] = 1.0
    n_capitals = shape.capital.count(True)
    if n_capitals:
        row[column["capital_share"]] = n_capitals / n_tokens


def _begin(low: str, bits: int, row: Found) -> None:
    """Tell of the first word."""
    column = _FORM
    if bits & wc.INSTRUCTION:
        row[column["begins_with_instruction"]] = 1.0
    if bits & wc.CONJUNCTION:
        row[column["begins_with_conjunction"]] = 1.0
    if low[0].isdigit():
        row[column["begins_with_number"]] = 1.0
    if low in "([":
        row[column["begins_with_bracket"]] = 1.0


def _without_verb(reading: Reading, end: str, row: Found) -> None:
    """Tell of a sentence without a finite verb.

    "The procession on Bridge Street": what shows a thing and no more has no present form in s either.
    """
    column = _FORM
    lows, bits, capital = reading.tokens.lows, reading.shape.bits, reading.shape.capital
    row[column["has_no_verb_form"]] = 1.0
    if end == ".":
        row[column["has_no_verb_form_ends_with_stop"]] = 1.0
    elif end.isalnum():
        place = "later" if reading.context.place else "first"
        row[column["has_no_verb_form_ends_bare_" + place]] = 1.0
    if counts(lows, reading.shape):
        row[column["has_no_verb_form_and_counts"]] = 1.0
    if len(lows) < 12:
        row[column["has_no_verb_form_under_12_tokens"]] = 1.0
    if not any(low.endswith("s") and len(low) > 3 and not capital[k] and not bits[k] for k, low in enumerate(lows)):
        row[column["has_no_verb_form_and_no_s"]] = 1.0
