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
        Term(
            "float8",
            N_("float8 (E4M3)"),
            N_(
                "a number in 8 bits: 4 for its exponent, 3 for its digits, up to 448; a scale for "
                "the whole matrix brings its numbers into that range"
            ),
            seen=("float8", "E4M3", "FP8"),
            zh=("float8(E4M3)", "8 位的数:指数 4 位,尾数 3 位,最大 448;整个矩阵共用一个比例因子"),
        ),
        Term(
            "int8",
            N_("int8"),
            N_(
                "a whole number in 8 bits, from −127 to 127, times a scale that a row or a column "
                "shares; sums are kept in 32 bits"
            ),
            zh=(
                "int8",
                "8 位的整数,从 −127 到 127,再乘每行或每列共用的比例因子;和用 32 位",
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
            zh=(
                "nvfp4(4 位,每 16 个一个比例因子)",
                "4 位的数:0、0.5、1、1.5、2、3、4、6 及符号;每 16 个共用一个 8 位比例因子",
            ),
        ),
    ),
)
