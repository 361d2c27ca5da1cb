// A block of CUDA threads on a CPU, with nothing of CUDA but its documentation.
//
// The threads of a block are fibers that run one after the other, each until it waits: for its block
// or for its warp. What is wrong when one runs far ahead of the others is so found every time. A
// barrier or a wait can be left out by its number. Copies arrive when they are waited for, not
// before; shared memory holds no number until it is written. The clock goes on in steps.

// few and small ones: they are most of what is compiled
#include <cstdint>
#include <cstring>
#include <utility>
#include <ucontext.h>

#define __global__
#define __device__
#define __shared__ static
#define __launch_bounds__(...)
#define DEVICE inline
#define ROOM(name) int4* name = (int4*)shim::room
#define __syncthreads() shim::block_waits(__COUNTER__)
#define arrived shim::Arrival{__COUNTER__}.wait

struct alignas(16) int4 { int x, y, z, w; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };
static float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static float2 make_float2(float x, float y) { return {x, y}; }
struct Index { unsigned x, y, z; };
static Index blockIdx, threadIdx, gridDim, blockDim;

namespace shim {

enum State { READY, AT_BLOCK, AT_WARP, DONE };
enum Wanted { MATRICES, TURNED_MATRICES, MULTIPLY_8, MULTIPLY_16 };
struct Copy { void* to; const void* from; int bytes; };
const int ROOM_BYTES = 1 << 18, STACK_BYTES = 1 << 15, MOST_THREADS = 512;
const int MOST_GROUPS = 8, MOST_COPIES = 16;  // on their way; and of one group
struct Group { Copy copies[MOST_COPIES]; int count; };
struct Fiber {
  ucontext_t here;
  State state;
  Wanted wanted;
  const void* row;
  unsigned* into;
  float* sums;
  unsigned a[4], b[2];
  Group groups[MOST_GROUPS];  // a ring: from `oldest` on, the open one at `open`
  int oldest, open;
};
alignas(16) static char room[ROOM_BYTES];
alignas(16) static char stacks[MOST_THREADS][STACK_BYTES];
static Fiber fibers[MOST_THREADS];
static ucontext_t scheduler;
static void (*body)();
static int me, left_out = -1, backwards = 0;
static unsigned draws, most_draws = ~0u;
static unsigned long long* time_passed;  // one for all programs
static const char* fault = nullptr;
// cells that hold no number yet, each time that the clock is read
static const float* watched;
static long long watched_cells;
static long long missing[1 << 14];
static int looks;

static void wait(State state) {
  fibers[me].state = state;
  const int mine = me;
  swapcontext(&fibers[mine].here, &scheduler);
}
static void block_waits(int number) {
  if (number != left_out) wait(AT_BLOCK);
}
static void start() {
  body();
  fibers[me].state = DONE;
}

static void arrive(const Copy& copy) {
  std::memset(copy.to, 0, 16);
  std::memcpy(copy.to, copy.from, copy.bytes);
}

struct Arrival {
  int number;
  template <int LATER> void wait() const {
    Fiber& fiber = fibers[me];
    if (number == left_out) return;
    for (; fiber.open - fiber.oldest > LATER; fiber.oldest++) {
      Group& group = fiber.groups[fiber.oldest % MOST_GROUPS];
      for (int i = 0; i < group.count; i++) arrive(group.copies[i]);
    }
  }
};

static float number(unsigned bits) {
#if BRAIN
  bits <<= 16;
  float x;
  std::memcpy(&x, &bits, 4);
  return x;
#else
  const unsigned short low = (unsigned short)bits;
  _Float16 x;
  std::memcpy(&x, &low, 2);
  return (float)x;
#endif
}

// PTX, "Matrix Fragments for mma.m16n8k8" and "… mma.m16n8k16": where each lane's elements are
static void multiply_all(Fiber* lanes, int depth) {
  float a[16][16], b[16][8];
  for (int lane = 0; lane < 32; lane++) {
    const int group = lane / 4, in_group = lane % 4;
    for (int i = 0; i < depth / 2; i++) {  // elements of A, two in a register
      const int row = group + (i / 2 % 2) * 8, k = in_group * 2 + i % 2 + i / 4 * 8;
      a[row][k] = number(lanes[lane].a[i / 2] >> i % 2 * 16 & 0xffff);
    }
    for (int i = 0; i < depth / 4; i++) {
      const int k = in_group * 2 + i % 2 + i / 2 * 8;
      b[k][group] = number(lanes[lane].b[i / 2] >> i % 2 * 16 & 0xffff);
    }
  }
  for (int lane = 0; lane < 32; lane++)
    for (int i = 0; i < 4; i++) {
      const int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
      for (int k = 0; k < depth; k++) lanes[lane].sums[i] += a[row][k] * b[k][column];
    }
}

// PTX, "ldmatrix"
static void matrices_all(Fiber* lanes, bool turned) {
  for (int lane = 0; lane < 32; lane++)
    for (int i = 0; i < 4; i++) {
      unsigned both = 0;
      for (int j = 0; j < 2; j++) {
        const int row = lane / 4, column = lane % 4 * 2 + j;
        const auto* from = (const unsigned short*)lanes[8 * i + (turned ? column : row)].row;
        both |= (unsigned)from[turned ? row : column] << 16 * j;
      }
      lanes[lane].into[i] = both;
    }
}

static void warp_does(Fiber* lanes) {
  for (int lane = 1; lane < 32; lane++)
    if (lanes[lane].wanted != lanes[0].wanted) fault = "lanes of a warp want different things";
  switch (lanes[0].wanted) {
    case MATRICES: return matrices_all(lanes, false);
    case TURNED_MATRICES: return matrices_all(lanes, true);
    case MULTIPLY_8: return multiply_all(lanes, 8);
    case MULTIPLY_16: return multiply_all(lanes, 16);
  }
}

// All lanes that can run, until they wait; whether the warp can go on.
static bool warp_runs(int first, int threads) {
  const int lanes = threads - first < 32 ? threads - first : 32;
  int ran = 0, at_warp = 0;
  for (int i = 0; i < lanes; i++) {
    me = first + (backwards ? lanes - 1 - i : i);
    if (fibers[me].state != READY) continue;
    threadIdx = {(unsigned)me, 0, 0};
    ++*time_passed;
    swapcontext(&scheduler, &fibers[me].here);
    ran++;
  }
  for (int i = 0; i < lanes; i++) at_warp += fibers[first + i].state == AT_WARP;
  if (at_warp < 32) return ran > 0;
  warp_does(&fibers[first]);
  for (int i = 0; i < lanes; i++) fibers[first + i].state = READY;
  return true;
}

static void run_block() {
  const int threads = (int)blockDim.x;
  std::memset(room, 0xff, ROOM_BYTES);
  for (int i = 0; i < threads; i++) {
    Fiber& fiber = fibers[i];
    fiber.state = READY;
    fiber.oldest = fiber.open = fiber.groups[0].count = 0;
    getcontext(&fiber.here);
    fiber.here.uc_stack.ss_sp = stacks[i];
    fiber.here.uc_stack.ss_size = STACK_BYTES;
    fiber.here.uc_link = &scheduler;
    makecontext(&fiber.here, start, 0);
  }
  draws = 0;
  while (!fault) {
    int done = 0, at_block = 0;
    bool moved = false;
    // each warp as far as it comes alone, before the next one begins
    for (int i = 0; i < (threads + 31) / 32; i++) {
      const int warp = backwards ? (threads + 31) / 32 - 1 - i : i;
      while (!fault && warp_runs(warp * 32, threads)) moved = true;
    }
    for (int i = 0; i < threads; i++) {
      done += fibers[i].state == DONE;
      at_block += fibers[i].state == AT_BLOCK;
    }
    if (done == threads) return;
    if (done + at_block == threads)
      for (int i = 0; i < threads; i++) {
        if (fibers[i].state == AT_BLOCK) fibers[i].state = READY;
      }
    else if (!moved)
      fault = "threads wait for each other";
  }
}

template <class... A> struct Launched {
  inline static void (*kernel)(A...);
  inline static void** args;
  template <size_t... I> static void call(std::index_sequence<I...>) { kernel(*(A*)args[I]...); }
  static void body() { call(std::index_sequence_for<A...>()); }
};
template <class... A> void launch(void (*kernel)(A...), unsigned blocks, unsigned threads, void** args) {
  gridDim = {blocks, 1, 1};
  blockDim = {threads, 1, 1};
  if (threads > MOST_THREADS) fault = "more threads than there is room for";
  Launched<A...>::kernel = kernel;
  Launched<A...>::args = args;
  body = Launched<A...>::body;
  for (unsigned block = 0; block < blocks && !fault; block++) {
    blockIdx = {block, 0, 0};
    run_block();
  }
}

static void ask_warp(Wanted wanted) {
  fibers[me].wanted = wanted;
  wait(AT_WARP);
}

}  // namespace shim

static unsigned multiprocessor() { return blockIdx.x % 3 * 2 + 1; }
static unsigned long long now() {
  if (shim::watched) {
    long long count = 0;
    for (long long i = 0; i < shim::watched_cells; i++) count += shim::watched[i] != shim::watched[i];
    shim::missing[shim::looks++ % (1 << 14)] = count;
  }
  return ++*shim::time_passed / 2 * 32;
}
static long long clock64() { return (long long)++*shim::time_passed * 48; }
static unsigned atomicAdd(unsigned* at, unsigned by) {
  if (shim::draws++ >= shim::most_draws) return ~0u;  // the other blocks' turn
  const unsigned was = *at;
  *at += by;
  return was;
}
static void bring(void* to, const void* from, int bytes) {
  if ((uintptr_t)to % 16 || (uintptr_t)from % 16) shim::fault = "copies of 16 bytes lie at such";
#if ARCH >= 800
  shim::Fiber& fiber = shim::fibers[shim::me];
  shim::Group& group = fiber.groups[fiber.open % shim::MOST_GROUPS];
  if (group.count == shim::MOST_COPIES) shim::fault = "more copies than there is room for";
  else group.copies[group.count++] = {to, from, bytes};
#else
  shim::arrive({to, from, bytes});
#endif
}
static void brought() {
#if ARCH >= 800
  shim::Fiber& fiber = shim::fibers[shim::me];
  fiber.groups[++fiber.open % shim::MOST_GROUPS].count = 0;
  if (fiber.open - fiber.oldest >= shim::MOST_GROUPS) shim::fault = "copies nobody waits for";
#endif
}
template <bool TURNED> void matrices(unsigned (&r)[4], const void* row) {
  shim::Fiber& fiber = shim::fibers[shim::me];
  if ((uintptr_t)row % 16) shim::fault = "a row of a matrix lies at 16 bytes";
  fiber.row = row;
  fiber.into = r;
  shim::ask_warp(TURNED ? shim::TURNED_MATRICES : shim::MATRICES);
}
static void multiply_8(float (&d)[4], unsigned a0, unsigned a1, unsigned b) {
  shim::Fiber& fiber = shim::fibers[shim::me];
  fiber.sums = d;
  fiber.a[0] = a0, fiber.a[1] = a1, fiber.b[0] = b;
  shim::ask_warp(shim::MULTIPLY_8);
}
static void multiply_16(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
  shim::Fiber& fiber = shim::fibers[shim::me];
  fiber.sums = d;
  std::memcpy(fiber.a, a, sizeof a);
  fiber.b[0] = b0, fiber.b[1] = b1;
  shim::ask_warp(shim::MULTIPLY_16);
}
static unsigned short half(float x) {
  const _Float16 y = (_Float16)x;
  unsigned short bits;
  std::memcpy(&bits, &y, 2);
  return bits;
}
