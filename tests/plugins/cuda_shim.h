// A block of CUDA threads on a CPU, with nothing of CUDA but its documentation.
//
// The threads of a block are fibers that run one after the other, each until it waits: for its block
// or for its warp. What is wrong when one runs far ahead of the others is so found every time. A
// barrier or a wait can be left out by its number. Copies arrive when they are waited for, not
// before; shared memory holds no number until it is written. The clock goes on in steps.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>
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
struct Fiber {
  ucontext_t here;
  std::vector<char> stack;
  State state;
  Wanted wanted;
  const void* row;
  unsigned* into;
  float* sums;
  unsigned a[4], b[2];
  std::vector<std::vector<Copy>> groups;
};
const int ROOM_BYTES = 1 << 18, STACK_BYTES = 1 << 15;
alignas(16) static char room[ROOM_BYTES];
static std::vector<Fiber> fibers;
static ucontext_t scheduler;
static std::function<void()> body;
static int me, left_out = -1, backwards = 0;
static unsigned draws, most_draws = ~0u;
static unsigned long long time_passed;
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

struct Arrival {
  int number;
  template <int LATER> void wait() const {
    auto& groups = fibers[me].groups;
    if (number == left_out) return;
    // the last group is still open: nothing of it has been handed over
    while ((int)groups.size() - 1 > LATER) {
      for (const Copy& copy : groups.front()) {
        std::memset(copy.to, 0, 16);
        std::memcpy(copy.to, copy.from, copy.bytes);
      }
      groups.erase(groups.begin());
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
    time_passed++;
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
  fibers.resize(threads);
  for (Fiber& fiber : fibers) {
    fiber.stack.resize(STACK_BYTES);
    fiber.state = READY;
    fiber.groups.assign(1, {});
    getcontext(&fiber.here);
    fiber.here.uc_stack.ss_sp = fiber.stack.data();
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
    for (const Fiber& fiber : fibers) {
      done += fiber.state == DONE;
      at_block += fiber.state == AT_BLOCK;
    }
    if (done == threads) return;
    if (done + at_block == threads)
      for (Fiber& fiber : fibers) {
        if (fiber.state == AT_BLOCK) fiber.state = READY;
      }
    else if (!moved)
      fault = "threads wait for each other";
  }
}

template <class... A, size_t... I>
void call(void (*kernel)(A...), void** args, std::index_sequence<I...>) {
  kernel(*(A*)args[I]...);
}
template <class... A> void launch(void (*kernel)(A...), unsigned blocks, unsigned threads, void** args) {
  gridDim = {blocks, 1, 1};
  blockDim = {threads, 1, 1};
  body = [=] { call(kernel, args, std::index_sequence_for<A...>()); };
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
static unsigned multiprocessor_numbers() { return 6; }
static unsigned long long now() {
  if (shim::watched) {
    long long count = 0;
    for (long long i = 0; i < shim::watched_cells; i++) count += std::isnan(shim::watched[i]);
    shim::missing[shim::looks++ % (1 << 14)] = count;
  }
  return ++shim::time_passed / 2 * 32;
}
static long long clock64() { return (long long)++shim::time_passed * 48; }
static unsigned atomicAdd(unsigned* at, unsigned by) {
  if (shim::draws++ >= shim::most_draws) return ~0u;  // the other blocks' turn
  const unsigned was = *at;
  *at += by;
  return was;
}
static void bring(void* to, const void* from, int bytes) {
  if ((uintptr_t)to % 16 || (uintptr_t)from % 16) shim::fault = "copies of 16 bytes lie at such";
#if ARCH >= 800
  shim::fibers[shim::me].groups.back().push_back({to, from, bytes});
#else
  std::memset(to, 0, 16);
  std::memcpy(to, from, bytes);
#endif
}
static void brought() { shim::fibers[shim::me].groups.push_back({}); }
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
