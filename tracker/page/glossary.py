"""The field's words, explained in a sentence where a page uses them."""

from __future__ import annotations

from typing import Final

GLOSSARY: Final = {
    "as-of": "Only what had become known by this day is used, on the whole page.",
    "base-rate": "What became of comparable programmes before, whatever this one promises.",
    "brier": (
        "The mean squared distance between the probability said and what came: 0 is perfect, "
        "0.25 is what always saying 50 % gives. Lower is better."
    ),
    "calibration": (
        "Of all that was given a probability of 30 %, three in ten should come true. Points on "
        "the diagonal did."
    ),
    "context": "What does not start itself, but bears on this programme: duties, incentives.",
    "face-value": "Believing the announced date and volume to the letter.",
    "grade": (
        "The Admiralty code. The letter says how reliable the source is, A best, E worst, F "
        "not known; the digit how credible the statement is, 1 confirmed by others, 5 "
        "improbable, 6 cannot be judged."
    ),
    "hindcast": "A forecast made later for that day, from nothing but what was known on it.",
    "judged": (
        "How far such news moves a start is judgement, not fitted from data: too few cases are "
        "on record. The reason stands beside it."
    ),
    "median": (
        "Of all futures in which production starts within ten years, half start before this "
        "month and half after."
    ),
    "model": "The forecasts are made in another way since, or evidence is judged otherwise.",
    "moved": (
        "The forecast is made again after each thing that became known, in that order. The "
        "differences add up exactly to the whole move."
    ),
    "never": "No start within ten years.",
    "others": "What became of other programmes meanwhile, from which the forecasts learn.",
    "probability": (
        "Out of a hundred programmes in the same position, so many start by then. The words "
        "are those of ICD 203, a standard of the US intelligence community: up to 5 % almost "
        "no chance, to 20 % very unlikely, to 45 % unlikely, to 55 % roughly even, to 80 % "
        "likely, to 95 % very likely, above almost certain."
    ),
    "range": "Eight futures in ten lie in it; one lies below, one above.",
    "root": "The report that this one repeats. Outlets that repeat one report count as one.",
    "several": "So much became known at once that its parts were not told apart.",
    "slip": "By how much the end of the stated window moved from the statement before.",
    "stage": (
        "How far it has come: considered, announced, committed, permitted, under construction, "
        "trial production, started; or paused, cancelled, stopped."
    ),
    "start": (
        "The first vehicle of the series built for customers; no ceremony, prototype or trial."
    ),
    "time": "Time that passed without the start, which is news too.",
    "window": "The start as it was stated, from its earliest to its latest day.",
}
"""A sentence or two on each word, by the name that templates use."""
