"""All of a pass that is no product, as programs of the GPU: CUDA C, made for one number format.

Bias and activation are one program: what a product wrote is read once and written once. Each
program computes in float32, in float64 for float64; T is what an element is stored as.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mmviz.core.shapes.network import KEEPS_INPUT

Array = Any

CELLS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu")  # of which one cell needs no other
_THREADS = 256  # of a block, at most
_BLOCKS = 4096  # of a grid, about: more rows are taken by the same threads, one after the other

_NAMES = {"float32": "float", "float64": "double", "float16": "half", "bfloat16": "brain"}
_STORED = {
    "float": "float",
    "double": "double",
    "half": "unsigned short",
    "brain": "unsigned short",
}

_ELEMENT = {
    "float": "D F load(T x) { return x; } D T store(F x) { return x; }",
    "double": "D F load(T x) { return x; } D T store(F x) { return x; }",
    "half": """
#ifdef __CUDA_ARCH__
D F load(T x) { F y; asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x)); return y; }
D T store(F x) { T y; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y; }
#endif
""",
    "brain": """
union Bits { float f; unsigned u; };
D F load(T x) { Bits b; b.u = (unsigned)x << 16; return b.f; }
D T store(F x) {  // to the nearest, of two to the even one
  Bits b; b.f = x;
  if (x != x) return 0x7fc0;
  return (T)((b.u + 0x7fff + ((b.u >> 16) & 1)) >> 16);
}
""",
}

_COMMON = """
D F sigmoid(F x) {
  F e = exp(x < 0 ? x : -x);  // at most 1
  return (x >= 0 ? (F)1 : e) / (1 + e);
}
D F gelu_inner(F x) { return tanh((F)0.7978845608028654 * (x + (F)0.044715 * x * x * x)); }
D F silu_slope(F x) { F s = sigmoid(x); return s * (1 + x * (1 - s)); }
D F linear(F x) { return x; }
D F relu(F x) { return x > 0 ? x : 0; }
D F silu(F x) { return x * sigmoid(x); }
D F gelu(F x) { return (F)0.5 * x * (1 + gelu_inner(x)); }

// what dA is multiplied with: from A, of gelu and silu from Z
D F slope_relu(F a) { return a > 0 ? 1 : 0; }
D F slope_sigmoid(F a) { return a * (1 - a); }
D F slope_tanh(F a) { return 1 - a * a; }
D F slope_silu(F z) { return silu_slope(z); }
D F slope_gelu(F z) {
  F t = gelu_inner(z);
  return (F)0.5 * (1 + t)
    + (F)0.5 * z * (1 - t * t) * (F)0.7978845608028654 * (1 + (F)0.134145 * z * z);
}

// V elements that lie side by side, read and written at once
template <int V> struct alignas(V * sizeof(T)) Pack { T v[V]; };

#define COLUMN ((long long)blockIdx.x * blockDim.x + threadIdx.x)
#define EACH(i, n) for (long long i = COLUMN; i < (n); i += (long long)gridDim.x * blockDim.x)
#define WIDE (16 / (int)sizeof(T))

extern "C" __global__ void nothing() {}

// a = f(z + bias), and z = z + bias where it is kept; a thread keeps to its columns
#define BIAS(NAME, F_, V) \\
extern "C" __global__ void NAME(T* z, const T* bias, T* a, int rows, int cols, int keep) { \\
  long long j = COLUMN; \\
  if (j * V >= cols) return; \\
  Pack<V> b = ((const Pack<V>*)bias)[j]; \\
  for (long long i = blockIdx.y; i < rows; i += gridDim.y) { \\
    long long at = i * (cols / V) + j; \\
    Pack<V> x = ((Pack<V>*)z)[at], y; \\
    for (int k = 0; k < V; k++) { \\
      F s = load(x.v[k]) + load(b.v[k]); \\
      x.v[k] = store(s); \\
      y.v[k] = store(F_(s)); \\
    } \\
    if (keep) ((Pack<V>*)z)[at] = x; \\
    ((Pack<V>*)a)[at] = y; \\
  } \\
}

// dz = da * f(kept); n: packs
#define SLOPE(NAME, F_, V) \\
extern "C" __global__ void NAME(const T* da, const T* kept, T* dz, long long n) { \\
  EACH(i, n) { \\
    Pack<V> d = ((const Pack<V>*)da)[i], x = ((const Pack<V>*)kept)[i]; \\
    for (int k = 0; k < V; k++) d.v[k] = store(load(d.v[k]) * F_(load(x.v[k]))); \\
    ((Pack<V>*)dz)[i] = d; \\
  } \\
}

// out = p * a + q * b; n: packs
#define MIX(NAME, V) \\
extern "C" __global__ void NAME(const T* a, const T* b, T* out, F p, F q, long long n) { \\
  EACH(i, n) { \\
    Pack<V> x = ((const Pack<V>*)a)[i], y = ((const Pack<V>*)b)[i]; \\
    for (int k = 0; k < V; k++) x.v[k] = store(p * load(x.v[k]) + q * load(y.v[k])); \\
    ((Pack<V>*)out)[i] = x; \\
  } \\
}
MIX(mix, 1)
MIX(mix_wide, WIDE)

extern "C" __global__ void bias_swiglu(T* z, const T* bias, T* a, int rows, int half, int keep) {
  long long j = COLUMN;
  if (j >= half) return;
  F b = load(bias[j]), c = load(bias[half + j]);
  for (long long i = blockIdx.y; i < rows; i += gridDim.y) {
    T* row = z + i * 2 * half;
    F gate = load(row[j]) + b, other = load(row[half + j]) + c;
    if (keep) { row[j] = store(gate); row[half + j] = store(other); }
    a[i * half + j] = store(silu(gate) * other);
  }
}

extern "C" __global__ void slope_swiglu(const T* da, const T* z, T* dz, int rows, int half) {
  long long j = COLUMN;
  if (j >= half) return;
  for (long long i = blockIdx.y; i < rows; i += gridDim.y) {
    const T* row = z + i * 2 * half;
    F d = load(da[i * half + j]), gate = load(row[j]), other = load(row[half + j]);
    dz[i * 2 * half + j] = store(d * other * silu_slope(gate));
    dz[i * 2 * half + half + j] = store(d * silu(gate));
  }
}

// one number of all threads of a block; they are a power of two
D F together(F x, bool largest) {
  __shared__ F held[256];
  __syncthreads();
  held[threadIdx.x] = x;
  for (unsigned s = blockDim.x / 2; s > 0; s /= 2) {
    __syncthreads();
    if (threadIdx.x < s) {
      F y = held[threadIdx.x + s];
      F here = held[threadIdx.x];
      held[threadIdx.x] = largest ? (here > y ? here : y) : here + y;
    }
  }
  __syncthreads();
  return held[0];
}

// a row a block
extern "C" __global__ void bias_softmax(T* z, const T* bias, T* a, int rows, int cols, int keep) {
  long long at = (long long)blockIdx.x * cols;
  F most = load(z[at]) + load(bias[0]), sum = 0;
  for (int j = threadIdx.x; j < cols; j += blockDim.x) {
    F x = load(z[at + j]) + load(bias[j]);
    most = x > most ? x : most;
  }
  most = together(most, true);
  for (int j = threadIdx.x; j < cols; j += blockDim.x)
    sum += exp(load(z[at + j]) + load(bias[j]) - most);
  sum = together(sum, false);
  for (int j = threadIdx.x; j < cols; j += blockDim.x)
    a[at + j] = store(exp(load(z[at + j]) + load(bias[j]) - most) / sum);
}

extern "C" __global__ void slope_softmax(const T* da, const T* a, T* dz, int rows, int cols) {
  long long at = (long long)blockIdx.x * cols;
  F sum = 0;
  for (int j = threadIdx.x; j < cols; j += blockDim.x) sum += load(da[at + j]) * load(a[at + j]);
  sum = together(sum, false);
  for (int j = threadIdx.x; j < cols; j += blockDim.x)
    dz[at + j] = store(load(a[at + j]) * (load(da[at + j]) - sum));
}
"""


def source(dtype: str) -> str:
    """CUDA C of all programs for one number format, by its dtype id; tf32 is stored as float32."""
    kind = _NAMES["float32" if dtype == "tf32" else dtype]
    computed = "double" if kind == "double" else "float"
    made = [f"BIAS(bias_{name}, {name}, 1) BIAS(bias_{name}_wide, {name}, WIDE)" for name in CELLS]
    made += [
        f"SLOPE(slope_{name}, slope_{name}, 1) SLOPE(slope_{name}_wide, slope_{name}, WIDE)"
        for name in CELLS
        if name != "linear"
    ]
    return "\n".join(
        (
            "#define D static __device__ inline",
            f"typedef {_STORED.get(kind, kind)} T;",
            f"typedef {computed} F;",
            _ELEMENT[kind],
            _COMMON,
            *made,
        )
    )


class Cells:
    """The programs on one GPU. `module`: a RawModule of `source(dtype)`; see `cupy.RawModule`."""

    def __init__(self, module: Any, dtype: str) -> None:
        self._get = module.get_function
        self._wide = 16 // np.dtype(stored(dtype)).itemsize
        self._number = np.float64 if dtype == "float64" else np.float32

    def nothing(self) -> Any:
        """A launch of nothing."""
        return self._bound("nothing", (1,), 1)

    def bias(self, name: str, z: Array, bias: Array, a: Array, *, training: bool) -> Any:
        """A call for a = activation(z + bias); z + bias stays in z where the way back needs it."""
        rows, cols = a.shape
        keep = np.int32(training and name in KEEPS_INPUT)
        sizes = np.int32(rows), np.int32(cols)
        if name == "softmax":
            return self._bound("bias_softmax", (rows,), _block(cols), z, bias, a, *sizes, keep)
        if name == "swiglu":
            return self._bound("bias_swiglu", *_columns(cols, rows), z, bias, a, *sizes, keep)
        wide = cols % self._wide == 0
        grid = _columns(cols // self._wide if wide else cols, rows)
        return self._bound(f"bias_{name}{'_wide' * wide}", *grid, z, bias, a, *sizes, keep)

    def slope(self, name: str, da: Array, kept: Array, dz: Array) -> Any:
        """A call for dz = da · activation'(kept)."""
        rows, cols = da.shape
        sizes = np.int32(rows), np.int32(cols)
        if name == "softmax":
            return self._bound("slope_softmax", (rows,), _block(cols), da, kept, dz, *sizes)
        if name == "swiglu":
            return self._bound("slope_swiglu", *_columns(cols, rows), da, kept, dz, *sizes)
        return self._flat(f"slope_{name}", da, kept, dz)

    def mix(self, a: Array, b: Array, out: Array, p: float, q: float) -> Any:
        """A call for out = p·a + q·b."""
        return self._flat("mix", a, b, out, self._number(p), self._number(q))

    def _flat(self, name: str, first: Array, *rest: Any) -> Any:
        wide = first.size % self._wide == 0
        packs = first.size // self._wide if wide else first.size
        blocks = min(-(-packs // _THREADS), 4 * _BLOCKS)
        name += "_wide" * wide
        return self._bound(name, (blocks,), _THREADS, first, *rest, np.int64(packs))

    def _bound(self, name: str, grid: tuple[int, ...], block: int, *args: Any) -> Any:
        kernel = self._get(name)
        return lambda: kernel(grid, (block,), args)


def stored(dtype: str) -> str:
    """NumPy's format of what is stored; of bfloat16, which it lacks, the bits."""
    return {"tf32": "float32", "bfloat16": "uint16"}.get(dtype, dtype)


def to_stored(array: np.ndarray[Any, Any], dtype: str) -> np.ndarray[Any, Any]:
    """float32 as it is stored; rounded to the nearest, of two to the even one."""
    if dtype != "bfloat16":
        return np.ascontiguousarray(array, stored(dtype))
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return np.asarray(np.where(np.isnan(array), 0x7FC0, rounded), np.uint16)


def from_stored(array: np.ndarray[Any, Any], dtype: str) -> np.ndarray[Any, Any]:
    """What is stored as numbers that NumPy knows; sums in float32 are such already."""
    if dtype != "bfloat16" or array.dtype != np.uint16:
        return array
    return (array.astype(np.uint32) << 16).view(np.float32)


def _block(cols: int) -> int:
    """Threads of a block for so many columns: a power of two."""
    return min(_THREADS, max(32, 1 << (cols - 1).bit_length()))


def _columns(cols: int, rows: int) -> tuple[tuple[int, int], int]:
    """Grid and block: threads along a row, as many rows at once as fill the GPU."""
    block = _block(cols)
    across = -(-cols // block)
    return (across, min(rows, max(1, _BLOCKS // across))), block
