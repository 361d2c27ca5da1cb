"""The ladder of kernels: WGSL for C = op(A)·op(B), each rung reusing more of what it has loaded.

naive      a thread a cell, every operand fetched from memory for every multiply-add
narrow     several threads a cell, each a part of its sum: for so few rows that naive has not enough
           threads to wait for memory with
tiled      a workgroup loads blocks of A and B into its own memory, a thread a cell still
register   the same, and each thread keeps several rows and columns in registers

All of them take the same bindings and parameters, so that a pass does not know which one runs:

    0 params   1 A   2 B   3 C   4 bias (epilogue only)   5 Z (where it is kept only)
    last: tickets (where it draws them only)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.backends.webgpu.register import PAD, blocks

Layout = Literal["nn", "nt", "tn"]
"""How A and B are stored: n as [m × k] and [k × n], t the other way round. Forward is nn, dgrad nt
(its B is W), wgrad tn (its A is the layer's input)."""

ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu")
"""Those that need one cell alone, and so can be done where the cell is made."""

PARAMS = (
    *("m", "n", "k", "lda", "ldb", "ldc", "a0", "b0", "c0", "more", "last", "bias0"),
    *("step_a", "step_b", "step_c", "first"),
)
"""u32 each. m, n, k: of this part of the product. lda, ldb, ldc: elements from a stored row to the
next. a0, b0, c0, bias0: element of the binding at which the part begins. more: 1 where C holds what
parts of k before this one added up. last: 1 where no part of k comes after it. step_a, step_b,
step_c: elements from a product to the next of its stack, which the third side of a dispatch counts.
first: number of the dispatch's first workgroup among those that draw tickets.
"""


@dataclass(frozen=True, slots=True)
class Rung:
    """A kernel of the ladder.

    A workgroup computes tm × tn cells and walks k in steps of tk; each of its threads computes
    cell_m × cell_n of them: multiples of four, or one.
    """

    id: str
    tm: int
    tn: int
    tk: int
    cell_m: int = 1
    cell_n: int = 1

    @property
    def across(self) -> int:
        """Threads along n."""
        return self.tn // self.cell_n

    @property
    def down(self) -> int:
        """Threads along m."""
        return self.tm // self.cell_m

    @property
    def threads(self) -> int:
        return self.across * self.down * (self.tk if self.id == "narrow" else 1)

    def bytes(self, itemsize: int) -> int:
        """Of workgroup memory."""
        if self.id in ("naive", "narrow"):
            return 4 * self.threads if self.id == "narrow" else 0
        return (self.tm + self.tn + 2 * PAD) * self.tk * itemsize


NAIVE = Rung("naive", 16, 16, 1)
NARROW = Rung("narrow", 1, 32, 8)
TILED = Rung("tiled", 16, 16, 16)
REGISTER = (
    Rung("register", 64, 64, 16, 4, 4),
    Rung("register", 128, 64, 16, 8, 8),
    Rung("register", 128, 128, 8, 8, 8),
    Rung("register", 32, 32, 32, 4, 4),
    Rung("register", 8, 128, 32, 4, 4),  # for a few examples
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Which program it is: all that is fixed when it is compiled.

    half: operands and results are float16; sums are float32 in either case. activation: what is
    done to each sum after the bias, "" for neither. keeps_z: the sum with its bias is written, too.
    vector_a, vector_b: stored rows begin at multiples of four elements, and are loaded so. tickets:
    each workgroup of a stack's first product draws one as it starts and one as it ends; only those
    that share blocks do.
    """

    rung: Rung
    layout: Layout
    half: bool = False
    activation: str = ""
    keeps_z: bool = False
    vector_a: bool = False
    vector_b: bool = False
    tickets: bool = False


def wgsl(kind: Kind) -> str:
    """The program, entry point `main`."""
    item = "f16" if kind.half else "f32"
    a = f"vec4<{item}>" if kind.vector_a else item
    b = f"vec4<{item}>" if kind.vector_b else item
    body = {"naive": _naive, "narrow": _narrow, "tiled": blocks, "register": blocks}[kind.rung.id](
        kind, item
    )
    fields = "\n".join(f"  {name}: u32," for name in PARAMS)
    lines = [
        "enable f16;" if kind.half else "",
        f"struct Params {{\n{fields}\n}}",
        "@group(0) @binding(0) var<uniform> p: Params;",
        f"@group(0) @binding(1) var<storage, read> a: array<{a}>;",
        f"@group(0) @binding(2) var<storage, read> b: array<{b}>;",
        f"@group(0) @binding(3) var<storage, read_write> c: array<{item}>;",
        _BEGIN,
    ]
    if kind.activation:
        lines.append(f"@group(0) @binding(4) var<storage, read> bias: array<{item}>;")
        lines.append(_FORMS[kind.activation])
    if kind.keeps_z:
        lines.append(f"@group(0) @binding(5) var<storage, read_write> kept: array<{item}>;")
    if kind.tickets:
        place = 4 + bool(kind.activation) + kind.keeps_z
        lines.append(
            f"@group(0) @binding({place}) var<storage, read_write> tickets: array<atomic<u32>>;"
        )
    return "\n".join([*lines, _put(kind, item), body])


_BEGIN = """
var<private> a0: u32;
var<private> b0: u32;
var<private> c0: u32;
fn begin(product: u32) {
  a0 = p.a0 + product * p.step_a;
  b0 = p.b0 + product * p.step_b;
  c0 = p.c0 + product * p.step_c;
}"""


def _put(kind: Kind, item: str) -> str:
    """Write the sum of one cell."""
    after = ""
    if kind.activation:
        kept = f"kept[at] = {item}(z);" if kind.keeps_z else ""
        after = f"""
  if (p.last == 1u) {{
    z = z + f32(bias[p.bias0 + j]);
    {kept}
    z = activation(z);
  }}"""
    return f"""
fn put(i: u32, j: u32, sum: f32) {{
  let at = c0 + i * p.ldc + j;
  var z = sum;
  if (p.more == 1u) {{ z = z + f32(c[at]); }}{after}
  c[at] = {item}(z);
}}"""


def index(kind: Kind, which: Literal["a", "b"]) -> str:
    """Index expression of A[i, k] or B[k, j] in what is bound."""
    if which == "a":
        return "a0 + k * p.lda + i" if kind.layout == "tn" else "a0 + i * p.lda + k"
    return "b0 + j * p.ldb + k" if kind.layout == "nt" else "b0 + k * p.ldb + j"


def _naive(kind: Kind, item: str) -> str:  # noqa: ARG001 - the sums are float32 whatever it reads
    rung = kind.rung
    return f"""
@compute @workgroup_size({rung.across}, {rung.down})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {{
  let j = id.x;
  let i = id.y;
  if (i >= p.m || j >= p.n) {{ return; }}
  begin(id.z);
  var sum = 0.0;
  for (var k = 0u; k < p.k; k = k + 1u) {{
    sum = fma(f32(a[{index(kind, "a")}]), f32(b[{index(kind, "b")}]), sum);
  }}
  put(i, j, sum);
}}"""


def _narrow(kind: Kind, item: str) -> str:  # noqa: ARG001 - as in _naive
    across, parts = kind.rung.across, kind.rung.tk
    return f"""
var<workgroup> shares: array<f32, {across * parts}>;

@compute @workgroup_size({across}, {parts})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) at: vec3<u32>) {{
  begin(group.z);
  let i = group.y;
  let j = group.x * {across}u + at.x;
  var sum = 0.0;
  if (j < p.n) {{
    for (var k = at.y; k < p.k; k = k + {parts}u) {{
      sum = fma(f32(a[{index(kind, "a")}]), f32(b[{index(kind, "b")}]), sum);
    }}
  }}
  shares[at.y * {across}u + at.x] = sum;
  workgroupBarrier();
  if (at.y == 0u && j < p.n) {{
    for (var part = 1u; part < {parts}u; part = part + 1u) {{
      sum = sum + shares[part * {across}u + at.x];
    }}
    put(i, j, sum);
  }}
}}"""


_FORMS = {
    "linear": "fn activation(z: f32) -> f32 { return z; }",
    "relu": "fn activation(z: f32) -> f32 { return max(z, 0.0); }",
    "sigmoid": """fn activation(z: f32) -> f32 {
  let e = exp(-abs(z));
  return select(e, 1.0, z >= 0.0) / (1.0 + e);
}""",
    "tanh": """fn activation(z: f32) -> f32 {
  let e = exp(-2.0 * abs(z));
  return sign(z) * (1.0 - e) / (1.0 + e);
}""",
    "gelu": """fn activation(z: f32) -> f32 {
  let inner = 0.7978845608028654 * (z + 0.044715 * z * z * z);
  let e = exp(-2.0 * abs(inner));
  return 0.5 * z * (1.0 + sign(inner) * (1.0 - e) / (1.0 + e));
}""",
    "silu": """fn activation(z: f32) -> f32 {
  let e = exp(-abs(z));
  return z * select(e, 1.0, z >= 0.0) / (1.0 + e);
}""",
}
