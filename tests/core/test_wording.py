"""Names in sentences: joined, small or capital first letters, abbreviations left alone."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing, sentence_case


def test_names_are_joined_as_a_sentence_does() -> None:
    assert [listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert listing(["a", "b"], "or") == "a or b"


def test_abbreviations_keep_their_letters() -> None:
    assert in_sentence("GVHD-free survival") == "GVHD-free survival"
    assert in_sentence("Overall survival") == "overall survival"
    assert in_sentence("") == ""
    assert sentence_case("pH") == "PH"
