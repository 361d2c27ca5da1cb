// One tile by tensor cores: halves or brain floats in, sums in float. A warp computes 64 × 64 cells.
//
// STAGES strips of 32 terms of k are on their way to shared memory at once. There they lie in packs
// of eight elements, in each row at other places, so that what a warp reads is in different banks.

#define WARPS_N (BN / 64)
#define STAGE ((BM + BN) * 4)  // packs of 16 bytes

// 32 terms of k of SIDE rows of A or columns of B. ALONG: in memory terms of k lie side by side.
template <int SIDE, bool ALONG> struct Strip {
  enum {
    IN_ROW = ALONG ? 4 : SIDE / 8,  // packs
    ROWS = THREADS / IN_ROW,        // that all threads bring at once
    TIMES = SIDE * 4 / THREADS
  };
  const T* next;  // this thread's first pack of the next strip
  int in_row;
  unsigned row, pack;

  DEVICE Strip(const T* from, int in_row, int side, int k) : in_row(in_row) {
    row = threadIdx.x / IN_ROW;
    pack = threadIdx.x % IN_ROW;
    next = from + (long long)((ALONG ? side : k) + row) * in_row + (ALONG ? k : side) + pack * 8;
  }

  // Where the pack of that row is.
  static DEVICE unsigned at(unsigned row, unsigned pack) {
    return row * IN_ROW + (pack ^ (ALONG ? row / 2 % 4 : row % 8));
  }

  // CHECKED: what lies outside is 0; `side` and k are where the strip begins, wide: eight elements
  // can be read at once.
  template <bool CHECKED>
  DEVICE void fetch(int4* to, int side, int sides, int k, int past, bool wide) {
#pragma unroll
    for (int i = 0; i < TIMES; i++) {
      const T* place = next + (long long)(i * ROWS) * in_row;
      int4* room = to + at(row + i * ROWS, pack);
      if (!CHECKED) {
        bring(room, place, 16);
        continue;
      }
      const int slow = (ALONG ? side : k) + row + i * ROWS, fast = (ALONG ? k : side) + pack * 8;
      const int here = slow < (ALONG ? sides : past) ? (ALONG ? past : sides) - fast : 0;
      const int count = here < 0 ? 0 : here > 8 ? 8 : here;
      if (wide) {
        bring(room, count ? place : next, 2 * count);
      } else {
#pragma unroll 1
        for (int j = 0; j < 8; j++) ((T*)room)[j] = j < count ? place[j] : (T)0;
      }
    }
    next += ALONG ? BK : (long long)BK * in_row;
  }

  // 16 rows or columns from `side` on, 16 terms from k on: four matrices, those of the first eight
  // terms before those of the last, where SIDES_FIRST; else those of the first eight rows before.
  template <bool SIDES_FIRST>
  static DEVICE void fragment(unsigned (&r)[4], const int4* from, unsigned side, unsigned k) {
    const unsigned lane = threadIdx.x % 32, in_matrix = lane % 8, one = lane / 8 % 2, two = lane / 16;
    const unsigned upper = SIDES_FIRST ? one : two, later = SIDES_FIRST ? two : one;
    if (ALONG)
      matrices<false>(r, from + at(side + upper * 8 + in_matrix, k / 8 + later));
    else
      matrices<true>(r, from + at(k + later * 8 + in_matrix, side / 8 + upper));
  }
};

// d [16 × 8] += a [16 × 16]·b [16 × 8] by a warp. Before Ampere in two halves of k: the registers of
// one are those that the whole has for the same terms.
DEVICE void multiply(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if ARCH >= 800
  multiply_16(d, a, b0, b1);
#else
  multiply_8(d, a[0], a[1], b0);
  multiply_8(d, a[2], a[3], b1);
#endif
}

// CHECKED: not all that is read lies inside, or eight elements cannot be read at once.
template <bool CHECKED>
DEVICE void sums_of(const Product& product, OUT* c, int row, int column, int first, int past) {
  ROOM(room);  // [STAGES * STAGE]
  typedef Strip<BM, !A_TURNED> A;
  typedef Strip<BN, B_TURNED> B;
  const int m = product.m, n = product.n;
  const int row_a = A_TURNED ? m : product.k, row_b = B_TURNED ? product.k : n;
  const bool wide_a = row_a % 8 == 0 && (A_TURNED || first % 8 == 0);
  const bool wide_b = row_b % 8 == 0 && (!B_TURNED || first % 8 == 0);
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const unsigned i0 = warp / WARPS_N * 64, j0 = warp % WARPS_N * 64;
  A a(product.a, row_a, row, first);
  B b(product.b, row_b, column, first);
  float sums[4][8][4] = {};

#define FETCH(k)                                                                   \
  if ((k) < past) {                                                                \
    int4* stage = room + filled * STAGE;                                           \
    a.template fetch<CHECKED>(stage, row, m, k, past, wide_a);                     \
    b.template fetch<CHECKED>(stage + BM * 4, column, n, k, past, wide_b);         \
  }                                                                                \
  brought();                                                                       \
  filled = filled + 1 == STAGES ? 0 : filled + 1;

  int filled = 0, read = 0;  // stages
#pragma unroll 1
  for (int i = 0; i < STAGES - 1; i++) { FETCH(first + i * BK) }
  for (int k = first; k < past; k += BK) {
    arrived<STAGES - 2>();
    __syncthreads();  // all have this strip, and are done with the one before
    FETCH(k + (STAGES - 1) * BK)
    const int4* in_a = room + read * STAGE;
    const int4* in_b = in_a + BM * 4;
    read = read + 1 == STAGES ? 0 : read + 1;
#pragma unroll
    for (int term = 0; term < BK; term += 16) {
      unsigned x[4][4], y[4][4];
#pragma unroll
      for (int i = 0; i < 4; i++) A::template fragment<true>(x[i], in_a, i0 + i * 16, term);
#pragma unroll
      for (int j = 0; j < 4; j++) B::template fragment<false>(y[j], in_b, j0 + j * 16, term);
#pragma unroll
      for (int i = 0; i < 4; i++)
#pragma unroll
        for (int j = 0; j < 8; j++)
          multiply(sums[i][j], x[i], y[j / 2][j % 2 * 2], y[j / 2][j % 2 * 2 + 1]);
    }
  }
#undef FETCH

  // a lane has of each 16 × 8 cells two side by side, and two more eight rows below
#pragma unroll
  for (int i = 0; i < 4; i++)
#pragma unroll
    for (int below = 0; below < 2; below++) {
      const int to_row = row + i0 + i * 16 + below * 8 + lane / 4;
      if (CHECKED && to_row >= m) continue;
      OUT* line = c + (long long)to_row * n;
#pragma unroll
      for (int j = 0; j < 8; j++) {
        const int to_column = column + j0 + j * 8 + lane % 4 * 2;
        const float x = sums[i][j][2 * below], y = sums[i][j][2 * below + 1];
        if (!CHECKED) {
          write_two(line + to_column, x, y);
        } else {
          if (to_column < n) write(line + to_column, x);
          if (to_column + 1 < n) write(line + to_column + 1, y);
        }
      }
    }
}

DEVICE void tile(const Product& product, OUT* c, int row, int column, int first, int past) {
  const bool inside = row + BM <= product.m && column + BN <= product.n;
  const bool whole = (past - first) % BK == 0 && first % 8 == 0;
  const bool wide = product.n % 8 == 0 && (A_TURNED ? product.m : product.k) % 8 == 0 &&
                    (!B_TURNED || product.k % 8 == 0);
  if (inside && whole && wide)
    sums_of<false>(product, c, row, column, first, past);
  else
    sums_of<true>(product, c, row, column, first, past);
}
