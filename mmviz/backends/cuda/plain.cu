// One tile by multiply-adds of float: each thread 8 × 8 cells, four quarters of 4 × 4.
//
// A warp computes 32 × 64 cells, lanes 4 × 8: what its lanes read at once from shared memory lies
// side by side. The next strips travel through registers while this one is multiplied.
// Source of the way: S. Boehm, How to Optimize a CUDA Matmul Kernel (2022), kernels 5, 6, 10.

#define WARPS_N (BN / 64)

// BK terms of k of SIDE rows of A or columns of B. ALONG: in memory terms of k lie side by side,
// else the rows or columns do.
template <int SIDE, bool ALONG> struct Strip {
  enum {
    IN_ROW = (ALONG ? BK : SIDE) / 4,  // packs of four floats
    ROWS = THREADS / IN_ROW,           // that all threads bring at once
    PACKS = SIDE * BK / 4 / THREADS
  };
  float4 held[PACKS];
  const float* next;  // this thread's first pack of the next strip
  int in_row;

  DEVICE Strip(const float* from, int in_row, int side, int k) : in_row(in_row) {
    const unsigned row = threadIdx.x / IN_ROW, first = threadIdx.x % IN_ROW * 4;
    next = from + (long long)((ALONG ? side : k) + row) * in_row + (ALONG ? k : side) + first;
  }

  // CHECKED: what lies outside is 0; four floats are read at once where each row allows it.
  template <bool CHECKED> DEVICE void fetch(int side, int sides, int k, int past) {
#pragma unroll
    for (int i = 0; i < PACKS; i++) {
      const float* place = next + (long long)(i * ROWS) * in_row;
      if (!CHECKED) {
        held[i] = *(const float4*)place;
        continue;
      }
      const int slow = (ALONG ? side : k) + threadIdx.x / IN_ROW + i * ROWS;
      const int fast = (ALONG ? k : side) + threadIdx.x % IN_ROW * 4;
      const int here = slow < (ALONG ? sides : past) ? (ALONG ? past : sides) - fast : 0;
      if (here >= 4 && in_row % 4 == 0 && fast % 4 == 0) {
        held[i] = *(const float4*)place;
      } else {
        held[i].x = here > 0 ? place[0] : 0.f;
        held[i].y = here > 1 ? place[1] : 0.f;
        held[i].z = here > 2 ? place[2] : 0.f;
        held[i].w = here > 3 ? place[3] : 0.f;
      }
    }
    next += ALONG ? BK : (long long)BK * in_row;
  }

  DEVICE void put(float (*to)[SIDE + GAP]) const {
#pragma unroll
    for (int i = 0; i < PACKS; i++) {
      const unsigned at = threadIdx.x + i * THREADS;
      const unsigned slow = at / IN_ROW, fast = at % IN_ROW * 4;
      if (ALONG) {
        to[fast][slow] = held[i].x;
        to[fast + 1][slow] = held[i].y;
        to[fast + 2][slow] = held[i].z;
        to[fast + 3][slow] = held[i].w;
      } else {
        *(float4*)&to[slow][fast] = held[i];
      }
    }
  }
};

DEVICE void eight(float (&v)[8], const float* low, const float* high) {
  const float4 x = *(const float4*)low, y = *(const float4*)high;
  v[0] = x.x; v[1] = x.y; v[2] = x.z; v[3] = x.w;
  v[4] = y.x; v[5] = y.y; v[6] = y.z; v[7] = y.w;
}

// CHECKED: not all that is read lies inside, or four floats cannot be read at once.
template <bool CHECKED>
DEVICE void sums_of(const Product& product, OUT* c, int row, int column, int first, int past) {
  ROOM(room);  // [2 * BK * (BM + GAP + BN + GAP)] floats
  typedef float RowA[BM + GAP];
  typedef float RowB[BN + GAP];
  RowA* as = (RowA*)room;  // [2 * BK], as of B
  RowB* bs = (RowB*)(as + 2 * BK);
  const int m = product.m, n = product.n;
  const int row_a = A_TURNED ? m : product.k, row_b = B_TURNED ? product.k : n;
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const unsigned i0 = warp / WARPS_N * 32 + lane / 8 * 4, j0 = warp % WARPS_N * 64 + lane % 8 * 4;
  Strip<BM, !A_TURNED> a(product.a, row_a, row, first);
  Strip<BN, B_TURNED> b(product.b, row_b, column, first);
  float sums[8][8] = {};

  a.template fetch<CHECKED>(row, m, first, past);
  b.template fetch<CHECKED>(column, n, first, past);
  a.put(as);
  b.put(bs);
  __syncthreads();
  int turn = 0;  // which half of the room is read
  for (int k = first; k < past; k += BK) {
    const bool more = k + BK < past;
    if (more) {
      a.template fetch<CHECKED>(row, m, k + BK, past);
      b.template fetch<CHECKED>(column, n, k + BK, past);
    }
#pragma unroll
    for (int term = 0; term < BK; term++) {
      const float* in_a = as[turn * BK + term];
      const float* in_b = bs[turn * BK + term];
      float x[8], y[8];
      eight(x, in_a + i0, in_a + i0 + 16);
      eight(y, in_b + j0, in_b + j0 + 32);
#pragma unroll
      for (int i = 0; i < 8; i++)
#pragma unroll
        for (int j = 0; j < 8; j++) sums[i][j] += x[i] * y[j];
    }
    if (!more) break;
    turn ^= 1;
    a.put(as + turn * BK);
    b.put(bs + turn * BK);
    __syncthreads();
  }

#pragma unroll
  for (int i = 0; i < 8; i++) {
    const int to_row = row + i0 + i % 4 + i / 4 * 16;
    if (CHECKED && to_row >= m) continue;
#pragma unroll
    for (int right = 0; right < 2; right++) {
      const int to_column = column + j0 + right * 32;
      OUT* place = c + (long long)to_row * n + to_column;
      const float* sum = sums[i] + right * 4;
      if (!CHECKED) {
        *(float4*)place = make_float4(sum[0], sum[1], sum[2], sum[3]);
      } else {
#pragma unroll
        for (int j = 0; j < 4; j++)
          if (to_column + j < n) place[j] = sum[j];
      }
    }
  }
}

DEVICE void tile(const Product& product, OUT* c, int row, int column, int first, int past) {
  const bool inside = row + BM <= product.m && column + BN <= product.n;
  const bool whole = (past - first) % BK == 0 && first % 4 == 0;
  const bool wide = product.n % 4 == 0 && (A_TURNED ? product.m : product.k) % 4 == 0 &&
                    (!B_TURNED || product.k % 4 == 0);
  if (inside && whole && wide)
    sums_of<false>(product, c, row, column, first, past);
  else
    sums_of<true>(product, c, row, column, first, past);
}
