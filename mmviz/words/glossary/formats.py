"""How a number is kept: the formats a product is computed in."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

FORMATS = Group(
    "formats",
    N_("Number formats"),
    (
        Term(
            "numberformat",
            N_("number format"),
            N_(
                "how many bits a number has, and how they are shared between its range and its "
                "digits"
            ),
            seen=("number format", "number formats", "dtype"),
        ),
        Term(
            "float32",
            N_("float32"),
            N_(
                "a number in 32 bits (4 bytes), about 7 decimal digits; what most programs start "
                "with"
            ),
        ),
        Term(
            "float64",
            N_("float64"),
            N_("a number in 64 bits (8 bytes), about 16 decimal digits; slow on most GPUs"),
        ),
        Term(
            "float16",
            N_("float16"),
            N_("a number in 16 bits (2 bytes), about 3 decimal digits, up to 65 504"),
        ),
        Term(
            "bfloat16",
            N_("bfloat16"),
            N_("a number in 16 bits (2 bytes) with the range of float32, about 2 decimal digits"),
        ),
        Term(
            "tf32",
            N_("tf32"),
            N_(
                "float32 numbers, rounded to about 3 decimal digits when NVIDIA's tensor cores "
                "multiply them"
            ),
        ),
        Term(
            "float8",
            N_("float8 (E4M3)"),
            N_(
                "a number in 8 bits: 4 for its exponent, 3 for its digits, up to 448; a scale for "
                "the whole matrix brings its numbers into that range"
            ),
            seen=("float8", "E4M3", "FP8"),
        ),
        Term(
            "int8",
            N_("int8"),
            N_(
                "a whole number in 8 bits, from −127 to 127, times a scale that a row or a column "
                "shares; sums are kept in 32 bits"
            ),
        ),
        Term(
            "nvfp4",
            N_("nvfp4 (4 bit, a scale per 16)"),
            N_(
                "a number in 4 bits: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and a sign; 16 of them share a "
                "scale of 8 bits: 4.5 bits a number"
            ),
            seen=("nvfp4", "FP4"),
        ),
    ),
)
