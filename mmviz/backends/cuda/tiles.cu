// A product C [m × n] = A·B in tiles of BM × BN cells, and who computed which of them when.
//
// Made for one number format and one way that A and B lie: see source.py. `tile` computes one tile;
// it is in plain.cu or in tensor.cu. Pieces: tiles, or the parts of k of each, part after part.

// Elements of the output; two of a row at once where they lie at their own size.
DEVICE void write(float* to, float x) { *to = x; }
DEVICE void write_two(float* to, float x, float y) { *(float2*)to = make_float2(x, y); }
#if !PLAIN
DEVICE unsigned short element(float x) {
#if BRAIN
  union { float f; unsigned u; } bits;
  bits.f = x;
  if (x != x) return 0x7fc0;
  return (unsigned short)((bits.u + 0x7fff + ((bits.u >> 16) & 1)) >> 16);  // of two as near: even
#else
  return half(x);
#endif
}
DEVICE void write(unsigned short* to, float x) { *to = element(x); }
DEVICE void write_two(unsigned short* to, float x, float y) {
  *(unsigned*)to = (unsigned)element(y) << 16 | element(x);
}
#endif

struct Product {
  const T* a;
  const T* b;
  OUT* c;
  int m, n, k;
};

// C's tile at (row, column) from the terms first … past - 1 of k, and nothing else.
DEVICE void tile(const Product& product, OUT* c, int row, int column, int first, int past);

// places [tiles × 2]: the tile (along m, along n) of each number. part_k: terms of k in all parts
// but the last, which takes the rest; with more than one, c is [parts × m × n]. ticket: 0, or no
// ticket: a block computes the piece of its own number; else it draws one after the other until
// there are none. stamps [pieces × 4]: start and end in ns, clock ticks of the multiprocessor
// between them, and block << 32 | multiprocessor at the end << 16 | at the start; or none.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS)
tiles(const T* a, const T* b, OUT* c, int m, int n, int k, const int* places, int tiles, int parts,
      int part_k, unsigned* ticket, unsigned long long* stamps) {
  __shared__ unsigned drawn;
  const Product product = {a, b, c, m, n, k};
  unsigned piece = blockIdx.x;
  while (true) {
    if (ticket) {
      if (threadIdx.x == 0) drawn = atomicAdd(ticket, 1u);
      __syncthreads();
      piece = drawn;
    }
    if (piece >= (unsigned)tiles * parts) return;
    unsigned long long began = 0;
    long long ticks = 0;
    unsigned place = 0;
    if (stamps && threadIdx.x == 0) {
      place = multiprocessor();
      began = now();
      ticks = clock64();
    }
    const int part = piece / tiles, number = piece % tiles;
    const int first = part * part_k, past = part + 1 == parts ? k : first + part_k;
    tile(product, c + (long long)part * m * n, places[2 * number] * BM, places[2 * number + 1] * BN,
         first, past);
    __syncthreads();  // the tile is done when all of its threads are, and `drawn` is read
    if (stamps && threadIdx.x == 0) {
      ticks = clock64() - ticks;
      unsigned long long* row = stamps + 4ull * piece;
      row[0] = began;
      row[1] = now();
      row[2] = ticks;
      row[3] = (unsigned long long)blockIdx.x << 32 | multiprocessor() << 16 | place;
    }
    if (!ticket) return;
  }
}

// C = the sum of its parts [parts × cells], of float.
extern "C" __global__ void add_parts(const float* from, RESULT* c, long long cells, int parts) {
  for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < cells;
       i += (long long)gridDim.x * blockDim.x) {
    float sum = 0;
    for (int part = 0; part < parts; part++) sum += from[part * cells + i];
    write(c + i, sum);
  }
}

// steps [count]: by how many ns the clock goes on each time that it does. present: 1 for the number
// of each multiprocessor that got a block.
extern "C" __global__ void probe(unsigned long long* steps, int count, unsigned char* present) {
  present[multiprocessor()] = 1;
  if (blockIdx.x > 0 || threadIdx.x > 0) return;
  unsigned long long last = now();
  for (int i = 0; i < count; i++) {
    unsigned long long next = now();
    while (next == last) next = now();
    steps[i] = next - last;
    last = next;
  }
}
