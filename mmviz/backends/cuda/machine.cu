// What only a GPU has, by names of our own. On a CPU a test gives these names a meaning.
//
// ARCH: compute capability × 10, as __CUDA_ARCH__. Instructions: PTX ISA 8, sections "Special
// Registers", "cp.async", "ldmatrix", "mma".

#ifdef __CUDA_ARCH__
#define ARCH __CUDA_ARCH__
#define DEVICE __device__ __forceinline__
#define ROOM(name) extern __shared__ int4 name[]

// The multiprocessor this thread is on now: numbers may have gaps, and it may move.
DEVICE unsigned multiprocessor() {
  unsigned id;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(id));
  return id;
}

// Nanoseconds by the one clock of all multiprocessors: steps of 1 µs before Hopper, of 32 ns since.
DEVICE unsigned long long now() {
  unsigned long long time;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(time) : : "memory");
  return time;
}

DEVICE unsigned shared_address(const void* place) { return (unsigned)__cvta_generic_to_shared(place); }

// 16 bytes from global to shared memory, of which the first `bytes` are read and the rest are 0;
// they are there after `arrived`. Before Ampere at once.
DEVICE void bring(void* to, const void* from, int bytes) {
#if ARCH >= 800
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
               : : "r"(shared_address(to)), "l"(from), "r"(bytes) : "memory");
#else
  union { int4 all; unsigned short v[8]; } held = {{0, 0, 0, 0}};
  if (bytes == 16) held.all = *(const int4*)from;
  else
    for (int i = 0; i < 8; i++)
      if (2 * i < bytes) held.v[i] = ((const unsigned short*)from)[i];
  *(int4*)to = held.all;
#endif
}

// What was brought since the last call belongs together.
DEVICE void brought() {
#if ARCH >= 800
  asm volatile("cp.async.commit_group;" : : : "memory");
#endif
}

// Waits until all groups of this thread but the last `LATER` have arrived.
template <int LATER> DEVICE void arrived() {
#if ARCH >= 800
  asm volatile("cp.async.wait_group %0;" : : "n"(LATER) : "memory");
#endif
}

// Four matrices of 8 × 8 halves, a row of 16 bytes behind the address of each lane: of matrix i the
// lanes 8i … 8i + 7. Lane l gets of each the two of row l / 4 from column 2·(l % 4) on; turned: of
// its transpose.
template <bool TURNED> DEVICE void matrices(unsigned (&r)[4], const void* row) {
  if (TURNED)
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row)) : "memory");
  else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row)) : "memory");
}

// d [16 × 8] += a [16 × 8]·b [8 × 8] by a warp, in fragments as PTX lays them out.
DEVICE void multiply_8(float (&d)[4], unsigned a0, unsigned a1, unsigned b) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
               "{%0, %1, %2, %3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a0), "r"(a1), "r"(b));
}

// The same of a [16 × 16] and b [16 × 8], from Ampere on.
#if ARCH >= 800
DEVICE void multiply_16(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if BRAIN
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, "
               "{%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, "
               "{%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
}
#endif

DEVICE unsigned short half(float x) {
  unsigned short y;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x));
  return y;
}
#endif
