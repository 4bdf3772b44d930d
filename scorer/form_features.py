"""The transformer of what a sentence looks like, whatever it claims."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import ClassVar, Final

from scorer import word_classes as wc
from scorer.features import Floats, ReadingFeatures
from scorer.labels import KINDS
from scorer.reading import Reading

_DIGIT: Final = re.compile(r"\d")


class FormFeatures(ReadingFeatures):
    """What the sentence looks like: kind of unit, length, marks, person and number."""

    _names = (
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
        "has_no_verb_form_ends_bare_first",
        "has_no_verb_form_ends_bare_later",
        "begins_with_instruction",
        "has_service_word",
        "has_service_word_under_20_tokens",
    )
    _column: ClassVar = {name: k for k, name in enumerate(_names)}

    def _row(self, reading: Reading, row: Floats) -> None:
        column = self._column
        tokens = reading.tokens
        lows = tokens.lows
        n_tokens = len(lows)
        row[column[f"kind_{reading.sentence.kind}"]] = 1.0
        if not n_tokens:
            return
        row[column["n_tokens_of_60"]] = min(n_tokens, 60) / 60
        row[column["is_under_4_tokens"]] = float(n_tokens < 4)
        row[column["is_under_8_tokens"]] = float(n_tokens < 8)
        end = lows[-1]
        if end in "\"')" and n_tokens > 1:
            end = lows[-2]
        if end == ".":
            row[column["ends_with_stop"]] = 1.0
        elif end == "?":
            row[column["ends_with_question"]] = 1.0
        elif end == ":":
            row[column["ends_with_colon"]] = 1.0
        elif end not in ("!", "…"):
            row[column["ends_bare"]] = 1.0
        if "?" in lows:
            row[column["has_question_inside"]] = 1.0
        if "!" in lows:
            row[column["has_exclamation"]] = 1.0
        n_inside = reading.inside.count(True)
        if n_inside:
            row[column["has_quotation"]] = 1.0
            row[column["quoted_share"]] = n_inside / n_tokens
            if not reading.attributions:
                row[column["has_quotation_without_source"]] = 1.0
                row[column["quotes_under_5_tokens_without_source"]] = float(n_inside < 7)
            row[column["is_all_quotation"]] = float(n_inside >= 0.9 * n_tokens)
        bits = reduce(or_, reading.shape.bits)
        row[column["has_first_person"]] = float(bool(bits & wc.FIRST_PERSON))
        row[column["has_finite_auxiliary"]] = float(bool(bits & wc.AUXILIARY))
        row[column["has_time_word"]] = float(bool(bits & wc.TIME))
        row[column["has_second_person"]] = float("you" in lows or "your" in lows)
        row[column["begins_with_instruction"]] = float(bool(reading.shape.bits[0] & wc.INSTRUCTION))
        if bits & wc.SERVICE:
            row[column["has_service_word"]] = 1.0
            row[column["has_service_word_under_20_tokens"]] = float(n_tokens < 20)
        row[column["begins_with_conjunction"]] = float(bool(reading.shape.bits[0] & wc.CONJUNCTION))
        row[column["begins_with_number"]] = float(lows[0][0].isdigit())
        row[column["begins_with_bracket"]] = float(lows[0] in "([")
        row[column["has_brackets"]] = float("(" in lows or "[" in lows)
        if not (bits & (wc.AUXILIARY | wc.PAST) or any(low.endswith("ed") and len(low) > 3 for low in lows)):
            # "The procession on Bridge Street": what shows a thing and no more has no past form, no auxiliary
            # and no present form in s.
            row[column["has_no_verb_form"]] = 1.0
            if end == ".":
                row[column["has_no_verb_form_ends_with_stop"]] = 1.0
            elif end.isalnum():
                place = "later" if reading.context.place else "first"
                row[column[f"has_no_verb_form_ends_bare_{place}"]] = 1.0
            row[column["has_no_verb_form_under_12_tokens"]] = float(n_tokens < 12)
            capital = reading.shape.capital
            row[column["has_no_verb_form_and_no_s"]] = float(
                not any(
                    low.endswith("s") and len(low) > 3 and not capital[k] and not reading.shape.bits[k]
                    for k, low in enumerate(lows)
                )
            )
        text = reading.sentence.text
        row[column["has_link_or_handle"]] = float("@" in text or "www." in text or "://" in text)
        row[column["has_number"]] = float(_DIGIT.search(text) is not None)
        row[column["capital_share"]] = reading.shape.capital.count(True) / n_tokens
        row[column["is_upper_case"]] = float(text.isupper())
