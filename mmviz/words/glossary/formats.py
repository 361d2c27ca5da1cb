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
            zh=("数值格式", "一个数占几位,以及这些位怎样分给范围和精度"),
        ),
        Term(
            "float32",
            N_("float32"),
            N_(
                "a number in 32 bits (4 bytes), about 7 decimal digits; what most programs start "
                "with"
            ),
            zh=("float32", "32 位(4 字节)的数,约 7 位十进制精度;多数程序默认用它"),
        ),
        Term(
            "float64",
            N_("float64"),
            N_("a number in 64 bits (8 bytes), about 16 decimal digits; slow on most GPUs"),
            zh=("float64", "64 位(8 字节)的数,约 16 位十进制精度;多数 GPU 上很慢"),
        ),
        Term(
            "float16",
            N_("float16"),
            N_("a number in 16 bits (2 bytes), about 3 decimal digits, up to 65 504"),
            zh=("float16", "16 位(2 字节)的数,约 3 位十进制精度,最大 65 504"),
        ),
        Term(
            "bfloat16",
            N_("bfloat16"),
            N_("a number in 16 bits (2 bytes) with the range of float32, about 2 decimal digits"),
            zh=("bfloat16", "16 位(2 字节)的数,范围与 float32 相同,约 2 位十进制精度"),
        ),
        Term(
            "tf32",
            N_("tf32"),
            N_(
                "float32 numbers, rounded to about 3 decimal digits when NVIDIA's tensor cores "
                "multiply them"
            ),
            zh=("tf32", "仍是 float32 的数,但 NVIDIA 张量核心相乘时先舍入到约 3 位十进制精度"),
        ),
    ),
)
