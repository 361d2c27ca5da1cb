// One tile by tensor cores: halves or brain floats in, sums in float. A warp computes 64 × 32 cells.
//
// STAGES strips of 32 terms of k are on their way to shared memory at once. There they lie in packs
// of eight elements, in each row at other places, so that what a warp reads is in different banks.

#define WARPS_N (BN / 32)
#define STAGE ((BM + BN) * 4)  // packs of 16 bytes

// 32 terms of k of SIDE rows of A or columns of B. ALONG: in memory terms of k lie side by side.
template <int SIDE, bool ALONG> struct Strip {
  enum { IN_ROW = ALONG ? 4 : SIDE / 8 };  // packs

  // Where the pack of that row is.
  static DEVICE int at(int row, int pack) {
    return row * IN_ROW + (pack ^ (ALONG ? row / 2 % 4 : row % 8));
  }

  static DEVICE void fetch(int4* to, const T* from, int in_row, int side, int sides, int k, int past,
                      bool wide) {
#pragma unroll
    for (int i = 0; i < SIDE * 4 / THREADS; i++) {
      const int number = threadIdx.x + i * THREADS, row = number / IN_ROW, pack = number % IN_ROW;
      const int slow = (ALONG ? side : k) + row, fast = (ALONG ? k : side) + pack * 8;
      const int here = slow < (ALONG ? sides : past) ? (ALONG ? past : sides) - fast : 0;
      const int count = here < 0 ? 0 : here > 8 ? 8 : here;
      const T* place = count ? from + (long long)slow * in_row + fast : from;
      int4* room = to + at(row, pack);
      if (wide) {
        bring(room, place, 2 * count);
      } else {
        union { int4 all; T v[8]; } held = {{0, 0, 0, 0}};
#pragma unroll
        for (int j = 0; j < 8; j++)
          if (j < count) held.v[j] = place[j];
        *room = held.all;
      }
    }
  }

  // 16 rows or columns from `side` on, 16 terms from k on: four matrices, those of the first eight
  // terms before those of the last, where SIDES_FIRST; else those of the first eight rows before.
  template <bool SIDES_FIRST>
  static DEVICE void fragment(unsigned (&r)[4], const int4* from, int side, int k) {
    const int lane = threadIdx.x % 32, in_matrix = lane % 8, one = lane / 8 % 2, two = lane / 16;
    const int upper = SIDES_FIRST ? one : two, later = SIDES_FIRST ? two : one;
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

DEVICE void tile(const Product& product, OUT* c, int row, int column, int first, int past) {
  ROOM(room);
  typedef Strip<BM, !A_TURNED> A;
  typedef Strip<BN, B_TURNED> B;
  const int m = product.m, n = product.n;
  const int row_a = A_TURNED ? m : product.k, row_b = B_TURNED ? product.k : n;
  const bool wide_a = row_a % 8 == 0 && (A_TURNED || first % 8 == 0);
  const bool wide_b = row_b % 8 == 0 && (!B_TURNED || first % 8 == 0);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int i0 = warp / WARPS_N * 64, j0 = warp % WARPS_N * 32;
  const int steps = (past - first + BK - 1) / BK;
  float sums[4][4][4] = {};

#define FETCH(step)                                                                     \
  if ((step) < steps) {                                                                 \
    int4* stage = room + (step) % STAGES * STAGE;                                       \
    const int k = first + (step) * BK;                                                  \
    A::fetch(stage, product.a, row_a, row, m, k, past, wide_a);                         \
    B::fetch(stage + BM * 4, product.b, row_b, column, n, k, past, wide_b);             \
  }                                                                                     \
  brought();

#pragma unroll
  for (int step = 0; step < STAGES - 1; step++) { FETCH(step) }
  for (int step = 0; step < steps; step++) {
    arrived<STAGES - 2>();
    __syncthreads();  // all have this strip, and are done with the one before
    FETCH(step + STAGES - 1)
    const int4* in_a = room + step % STAGES * STAGE;
    const int4* in_b = in_a + BM * 4;
#pragma unroll
    for (int k = 0; k < BK; k += 16) {
      unsigned x[4][4], y[2][4];
#pragma unroll
      for (int i = 0; i < 4; i++) A::template fragment<true>(x[i], in_a, i0 + i * 16, k);
#pragma unroll
      for (int j = 0; j < 2; j++) B::template fragment<false>(y[j], in_b, j0 + j * 16, k);
#pragma unroll
      for (int i = 0; i < 4; i++)
#pragma unroll
        for (int j = 0; j < 4; j++)
          multiply(sums[i][j], x[i], y[j / 2][j % 2 * 2], y[j / 2][j % 2 * 2 + 1]);
    }
  }
#undef FETCH

  // a lane has of each 16 × 8 cells two side by side, and two more eight rows below
#pragma unroll
  for (int i = 0; i < 4; i++)
#pragma unroll
    for (int j = 0; j < 4; j++)
#pragma unroll
      for (int below = 0; below < 2; below++) {
        const int to_row = row + i0 + i * 16 + below * 8 + lane / 4;
        const int to_column = column + j0 + j * 8 + lane % 4 * 2;
        if (to_row >= m || to_column >= n) continue;
        OUT* place = c + (long long)to_row * n + to_column;
        const float x = sums[i][j][2 * below], y = sums[i][j][2 * below + 1];
        if (n % 2 == 0) {
          write_two(place, x, y);
        } else {
          write(place, x);
          if (to_column + 1 < n) write(place + 1, y);
        }
      }
}
