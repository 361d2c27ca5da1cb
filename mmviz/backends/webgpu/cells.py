"""WGSL of what a pass does beside its products: functions of rows, slopes, sums, the update.

Every program works on a part of a matrix, rows × cols of it, a thread a cell or a workgroup a row:

    0 params   1 … sources   last: what is written
"""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.learning.losses import Loss

PARAMS = ("rows", "cols", "width", "more", "scale", "o1", "o2", "o3", "o4", "momentum", "decay")
REALS = ("scale", "momentum", "decay")
"""u32 each, but REALS (f32). rows × cols: of what is written. width: columns of a source twice as
wide (swiglu). more: 1 where it adds to what is there. o1 …: where each binding begins."""

ACROSS, DOWN = 64, 4  # threads of a workgroup: along a row, and rows
ROW = 64  # threads that share a row

_SIGMOID = """
fn sigmoid(z: f32) -> f32 {
  let e = exp(-abs(z));
  return select(e, 1.0, z >= 0.0) / (1.0 + e);
}
fn silu_slope(z: f32) -> f32 {
  let s = sigmoid(z);
  return s * (1.0 + z * (1.0 - s));
}"""

_GELU = """
fn gelu_slope(z: f32) -> f32 {
  let inner = 0.7978845608028654 * (z + 0.044715 * z * z * z);
  let e = exp(-2.0 * abs(inner));
  let t = sign(inner) * (1.0 - e) / (1.0 + e);
  return 0.5 * (1.0 + t)
    + 0.5 * z * (1.0 - t * t) * 0.7978845608028654 * (1.0 + 0.134145 * z * z);
}"""

_LOG_OF = """
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn log_of(a: f32) -> f32 { return log(max(a, 1e-30)); }"""

_SLOPES = {  # times dA; `kept` is Z for those whose derivative is written with it, else A
    "linear": "1.0",
    "relu": "select(0.0, 1.0, kept > 0.0)",
    "sigmoid": "kept * (1.0 - kept)",
    "tanh": "(1.0 - kept * kept)",
    "gelu": "gelu_slope(kept)",
    "silu": "silu_slope(kept)",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """A program. sources: how many matrices it reads. by: what one workgroup covers. changes: the
    last of its sources is written, too. exact: what it writes is float32 whatever it reads.
    """

    id: str
    sources: int
    by: str = "cells"  # or "rows", "columns"
    changes: bool = False
    exact: bool = False


SOFTMAX = Cells("softmax", 1, "rows")
SOFTMAX_SLOPE = Cells("softmax slope", 2, "rows")
SWIGLU = Cells("swiglu", 1)
SWIGLU_SLOPE = Cells("swiglu slope", 2)
ERROR = Cells("error", 2)
SUM_ROWS = Cells("sum rows", 1, "columns")
UPDATE = Cells("update", 2)
LEARN = Cells("learn", 2, changes=True)
KEEP = Cells("keep", 1, "rows", exact=True)

_LOSSES = {  # of a cell: a what is answered, t what should be. A nan stays one, whatever max does
    "squared error": "0.5 * (a - t) * (a - t)",
    "softmax": "select(-t * log_of(a), a, is_nan(a))",
    "sigmoid": "select(-t * log_of(a) - (1.0 - t) * log_of(1.0 - a), a, is_nan(a))",
}


def loss(which: Loss, activation: str) -> Cells:
    """Each row's loss times `scale`, of what the last layer answers and its target."""
    kind = which if which == "squared error" else activation
    return Cells(f"loss {kind}", 2, "rows", exact=True)


def slope(activation: str) -> Cells:
    """dZ = dA ⊙ act'(kept), of an activation of one cell."""
    return Cells(f"{activation} slope", 2)


def wgsl(cells: Cells, *, half: bool) -> str:
    """The program, entry point `main`."""
    item = "f16" if half else "f32"
    fields = "\n".join(f"  {name}: {'f32' if name in REALS else 'u32'}," for name in PARAMS)
    written = cells.sources + 1
    accesses = ["read"] * (cells.sources - cells.changes) + ["read_write"] * cells.changes
    out = "f32" if cells.exact else item
    lines = [
        "enable f16;" if half else "",
        f"struct Params {{\n{fields}\n}}",
        "@group(0) @binding(0) var<uniform> p: Params;",
        *(
            f"@group(0) @binding({i}) var<storage, {access}> s{i}: array<{item}>;"
            for i, access in enumerate(accesses, 1)
        ),
        f"@group(0) @binding({written}) var<storage, read_write> out: array<{out}>;",
        _SIGMOID,
        _GELU,
    ]
    return "\n".join([*lines, _body(cells, item)])


def _body(cells: Cells, item: str) -> str:
    if cells == SOFTMAX:
        return (
            _row("""
  var high = -3.4e38;
  for (var j = lane; j < p.cols; j = j + 64u) { high = max(high, f32(s1[begin + j])); }
  high = highest(lane, high);
  var sum = 0.0;
  for (var j = lane; j < p.cols; j = j + 64u) { sum = sum + exp(f32(s1[begin + j]) - high); }
  sum = total(lane, sum);
  for (var j = lane; j < p.cols; j = j + 64u) {
    out[to + j] = ITEM(exp(f32(s1[begin + j]) - high) / sum);
  }""")
            .replace("ITEM", item)
            .replace("TO", "p.o2")
        )
    if cells == SOFTMAX_SLOPE:
        return (
            _row("""
  let kept = p.o2 + i * p.cols;
  var sum = 0.0;
  for (var j = lane; j < p.cols; j = j + 64u) {
    sum = sum + f32(s1[begin + j]) * f32(s2[kept + j]);
  }
  sum = total(lane, sum);
  for (var j = lane; j < p.cols; j = j + 64u) {
    out[to + j] = ITEM(f32(s2[kept + j]) * (f32(s1[begin + j]) - sum));
  }""")
            .replace("ITEM", item)
            .replace("TO", "p.o3")
        )
    if cells == KEEP:
        return _row("""
  var sum = 0.0;
  for (var k = lane; k < p.rows; k = k + 64u) { sum = sum + s1[p.o1 + k]; }
  sum = total(lane, sum);
  if (lane == 0u) {
    let place = u32(out[p.o2]);
    out[p.o2 + 1u + place] = sum;
    out[p.o2] = f32((place + 1u) % (p.cols - 1u));
  }""").replace("TO", "p.o2")
    if cells.id.startswith("loss "):
        return _LOG_OF + (
            _row("""
  var sum = 0.0;
  for (var j = lane; j < p.width; j = j + 64u) {
    let a = f32(s1[p.o1 + i * p.width + j]);
    let t = f32(s2[p.o2 + i * p.width + j]);
    sum = sum + LOSS;
  }
  sum = total(lane, sum);
  if (lane == 0u) { out[p.o3 + i] = sum * p.scale; }""")
            .replace("LOSS", _LOSSES[cells.id.removeprefix("loss ")])
            .replace("TO", "p.o3")
        )
    if cells == SUM_ROWS:
        return f"""
@compute @workgroup_size({ROW})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {{
  let j = id.x;
  if (j >= p.cols) {{ return; }}
  var sum = 0.0;
  for (var i = 0u; i < p.rows; i = i + 1u) {{ sum = sum + f32(s1[p.o1 + i * p.cols + j]); }}
  if (p.more == 1u) {{ sum = sum + f32(out[p.o2 + j]); }}
  out[p.o2 + j] = {item}(sum);
}}"""
    return _cell(_cell_of(cells)).replace("ITEM", item)


def _cell_of(cells: Cells) -> str:
    if cells == SWIGLU:
        return """
  let gate = f32(s1[p.o1 + i * p.width + j]);
  out[p.o2 + at] = ITEM(gate * sigmoid(gate) * f32(s1[p.o1 + i * p.width + p.cols + j]));"""
    if cells == SWIGLU_SLOPE:  # s1: dA, half as wide as what is written; s2: Z
        return """
  let wide = p.cols / 2u;
  let first = j < wide;
  let column = select(j - wide, j, first);
  let gate = f32(s2[p.o2 + i * p.cols + column]);
  let other = f32(s2[p.o2 + i * p.cols + wide + column]);
  let factor = select(gate * sigmoid(gate), other * silu_slope(gate), first);
  out[p.o3 + at] = ITEM(f32(s1[p.o1 + i * wide + column]) * factor);"""
    if cells == ERROR:
        return "  out[p.o3 + at] = ITEM((f32(s1[p.o1 + at]) - f32(s2[p.o2 + at])) * p.scale);"
    if cells == LEARN:  # s1: the gradient; s2: v; out: the weights. See core.learning.descent
        return """
  let w = f32(out[p.o3 + at]);
  let pull = f32(s1[p.o1 + at]) + p.decay * w;
  let step = p.momentum * f32(s2[p.o2 + at]) - p.scale * pull;
  s2[p.o2 + at] = ITEM(step);
  out[p.o3 + at] = ITEM(w + step);"""
    if cells == UPDATE:
        return "  out[p.o3 + at] = ITEM(f32(s1[p.o1 + at]) + f32(s2[p.o2 + at]) * p.scale);"
    activation = cells.id.removesuffix(" slope")
    return f"""
  let kept = f32(s2[p.o2 + at]);
  out[p.o3 + at] = ITEM(f32(s1[p.o1 + at]) * {_SLOPES[activation]});"""


def _cell(body: str) -> str:
    return f"""
@compute @workgroup_size({ACROSS}, {DOWN})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {{
  let j = id.x;
  let i = id.y;
  if (i >= p.rows || j >= p.cols) {{ return; }}
  let at = i * p.cols + j;
{body}
}}"""


def _row(body: str) -> str:
    """A workgroup a row; `highest` and `total` are over all its threads."""
    fold = """
fn NAME(lane: u32, mine: f32) -> f32 {
  workgroupBarrier();
  shares[lane] = mine;
  workgroupBarrier();
  for (var step = 32u; step > 0u; step = step / 2u) {
    if (lane < step) { shares[lane] = FOLD; }
    workgroupBarrier();
  }
  return shares[0];
}"""
    highest = fold.replace("NAME", "highest").replace(
        "FOLD", "max(shares[lane], shares[lane + step])"
    )
    total = fold.replace("NAME", "total").replace("FOLD", "shares[lane] + shares[lane + step]")
    return f"""
var<workgroup> shares: array<f32, {ROW}>;
{highest}
{total}
@compute @workgroup_size({ROW})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) me: vec3<u32>) {{
  let lane = me.x;
  let i = group.y;
  let begin = p.o1 + i * p.cols;
  let to = TO + i * p.cols;
{body}
}}"""
