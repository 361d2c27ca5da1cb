"""WGSL of the kernels that share blocks: `tiled` and `register`.

A workgroup loads a block of A, tm × tk, and one of B, tk × tn, into its own memory; then each of
its threads adds up its cells. A thread of `register` keeps them in registers, in groups of four
columns: what it reads once it uses several times. What lies along m or n in memory is kept as
vectors of four; what lies along k is turned as it is loaded, and kept as single numbers with PAD
between rows, so that threads side by side do not meet in a bank of that memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mmviz.backends.webgpu.products import Kind, Rung

Which = Literal["a", "b"]

PAD = 2  # numbers
_NAMES = {"a": ("as_", "i", "p.m", "row"), "b": ("bs", "j", "p.n", "col")}


def stride(rung: Rung, which: Which) -> int:
    """Numbers of workgroup memory from a k to the next."""
    return (rung.tm if which == "a" else rung.tn) + PAD


def blocks(kind: Kind, item: str) -> str:
    """Everything behind the bindings; `put` and `begin` are there."""
    rung = kind.rung
    return f"""
{_memory(kind, "a", item)}
{_memory(kind, "b", item)}

@compute @workgroup_size({rung.across}, {rung.down})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) at: vec3<u32>) {{
  begin(group.z);
  let x = at.x;
  let y = at.y;
  let local = y * {rung.across}u + x;
  let row = group.y * {rung.tm}u;
  let col = group.x * {rung.tn}u;
{_DRAW_FIRST.format(tn=rung.tn) if kind.tickets else ""}
{_tiled(kind, item) if rung.cell_n == 1 else _register(kind, item)}
{_DRAW_LAST if kind.tickets else ""}
}}"""


_DRAW_FIRST = """
  let mine = 2u * (p.first + group.y * ((p.n + {tn}u - 1u) / {tn}u) + group.x);
  if (local == 0u && group.z == 0u) {{
    atomicStore(&tickets[1u + mine], atomicAdd(&tickets[0], 1u));
  }}
  workgroupBarrier();"""
"""The place of a workgroup's two tickets, after the counter; no thread begins before the first is
drawn."""

_DRAW_LAST = """
  workgroupBarrier();
  if (local == 0u && group.z == 0u) {
    atomicStore(&tickets[2u + mine], atomicAdd(&tickets[0], 1u));
  }"""
"""Nor is the second one before the last thread is done."""


def _register(kind: Kind, item: str) -> str:
    rung = kind.rung
    down, across = rung.cell_m // 4, rung.cell_n // 4
    rows = range(rung.cell_m)
    sums = [f"s{i}_{g}" for i in rows for g in range(across)]
    adds = "\n".join(
        f"      s{i}_{g} = fma(vec4<f32>(a{i // 4}[{i % 4}]), b{g}, s{i}_{g});"
        for i in rows
        for g in range(across)
    )
    reads = "\n".join(
        [f"      let a{h} = {_four(kind, 'a', f'{h * rung.down}u + y')};" for h in range(down)]
        + [
            f"      let b{g} = {_four(kind, 'b', f'{g * rung.across}u + x')};"
            for g in range(across)
        ]
    )
    return f"""
{"".join(f"  var {name} = vec4<f32>(0.0);{chr(10)}" for name in sums)}
  for (var k0 = 0u; k0 < p.k; k0 = k0 + {rung.tk}u) {{
    {_load(kind, "a", item)}
    {_load(kind, "b", item)}
    workgroupBarrier();
    for (var kk = 0u; kk < {rung.tk}u; kk = kk + 1u) {{
{reads}
{adds}
    }}
    workgroupBarrier();
  }}
  var sums = array<vec4<f32>, {len(sums)}>({", ".join(sums)});
  for (var t = 0u; t < {len(sums)}u; t = t + 1u) {{
    let r = t / {across}u;
    let i = row + ((r / 4u) * {rung.down}u + y) * 4u + r % 4u;
    let j = col + ((t % {across}u) * {rung.across}u + x) * 4u;
    if (i < p.m) {{
      let four = sums[t];
      if (j < p.n) {{ put(i, j, four.x); }}
      if (j + 1u < p.n) {{ put(i, j + 1u, four.y); }}
      if (j + 2u < p.n) {{ put(i, j + 2u, four.z); }}
      if (j + 3u < p.n) {{ put(i, j + 3u, four.w); }}
    }}
  }}"""


def _tiled(kind: Kind, item: str) -> str:
    rung = kind.rung
    return f"""
  var sum = 0.0;
  for (var k0 = 0u; k0 < p.k; k0 = k0 + {rung.tk}u) {{
    {_load(kind, "a", item)}
    {_load(kind, "b", item)}
    workgroupBarrier();
    for (var kk = 0u; kk < {rung.tk}u; kk = kk + 1u) {{
      sum = fma({_one(kind, "a", "y")}, {_one(kind, "b", "x")}, sum);
    }}
    workgroupBarrier();
  }}
  if (row + y < p.m && col + x < p.n) {{ put(row + y, col + x, sum); }}"""


def _along_k(kind: Kind, which: Which) -> bool:
    """Whether what follows each other in memory follows each other in k."""
    return kind.layout != "tn" if which == "a" else kind.layout == "nt"


def _vectors(kind: Kind, which: Which) -> bool:
    """Whether a block is kept as vectors."""
    return kind.rung.cell_n > 1 and not _along_k(kind, which)


def _memory(kind: Kind, which: Which, item: str) -> str:
    rung, name = kind.rung, _NAMES[which][0]
    if _vectors(kind, which):
        count = (rung.tm if which == "a" else rung.tn) // 4 * rung.tk
        return f"var<workgroup> {name}: array<vec4<{item}>, {count}>;"
    return f"var<workgroup> {name}: array<{item}, {stride(rung, which) * rung.tk}>;"


def _four(kind: Kind, which: Which, place: str) -> str:
    """Four numbers at once: those of number `place`, counted in fours, of row kk."""
    rung, name = kind.rung, _NAMES[which][0]
    if _vectors(kind, which):
        side = rung.tm if which == "a" else rung.tn
        return f"vec4<f32>({name}[kk * {side // 4}u + {place}])"
    first = f"kk * {stride(rung, which)}u + ({place}) * 4u"
    return f"vec4<f32>({', '.join(f'f32({name}[{first} + {c}u])' for c in range(4))})"


def _one(kind: Kind, which: Which, place: str) -> str:
    return f"f32({_NAMES[which][0]}[kk * {stride(kind.rung, which)}u + {place}])"


def _load(kind: Kind, which: Which, item: str) -> str:
    """Fill a block, with zeros past the end of k; what is past m or n is never used.

    Threads that follow each other read elements that follow each other in memory.
    """
    from mmviz.backends.webgpu.products import index

    rung = kind.rung
    name, outer, edge, base = _NAMES[which]
    side = rung.tm if which == "a" else rung.tn
    along_k, at = _along_k(kind, which), index(kind, which)
    wide = kind.vector_a if which == "a" else kind.vector_b
    kept = stride(rung, which)
    if _vectors(kind, which):
        step, fast, slow, quick = 4, f"d{outer}", "dk", side
        if wide:
            value = f"let v = {which}[select(0u, ({at}) / 4u, inside)];"
        else:
            lanes = ", ".join(
                f"{which}[select(0u, {at} + {c}u, inside && {outer} + {c}u < {edge})]"
                for c in range(4)
            )
            value = f"let v = vec4<{item}>({lanes});"
        zero = f"vec4<{item}>({item}(0.0))"
        put = f"{name}[(dk * {side}u + d{outer}) / 4u] = select({zero}, v, inside);"
    elif wide:
        step, fast, slow, quick = 4, "dk", f"d{outer}", rung.tk
        if not along_k:
            fast, slow, quick = slow, fast, side
        value = f"let v = {which}[select(0u, ({at}) / 4u, inside)];"
        lane = kept if along_k else 1
        within = "inside && k + {c}u < p.k" if along_k else "inside"
        put = "\n      ".join(
            f"{name}[dk * {kept}u + d{outer} + {c * lane}u] = "
            f"select({item}(0.0), v[{c}], {within.format(c=c)});"
            for c in range(4)
        )
    else:
        step, fast, slow, quick = 1, "dk", f"d{outer}", rung.tk
        if not along_k:
            fast, slow, quick = slow, fast, side
        value = f"let v = {which}[select(0u, {at}, inside)];"
        put = f"{name}[dk * {kept}u + d{outer}] = select({item}(0.0), v, inside);"
    return f"""
    for (var t = local; t < {side * rung.tk // step}u; t = t + {rung.threads}u) {{
      let {fast} = (t % {quick // step}u) * {step}u;
      let {slow} = t / {quick // step}u;
      let k = k0 + dk;
      let {outer} = {base} + d{outer};
      let inside = k < p.k && {outer} < {edge};
      {value}
      {put}
    }}"""
