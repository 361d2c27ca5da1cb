// What a test calls: a launch by name, and what is to be done otherwise in it.

#define BARRIERS __COUNTER__

extern "C" {
int barriers() { return BARRIERS; }
void otherwise(int left_out, int backwards, unsigned most_draws) {
  shim::left_out = left_out, shim::backwards = backwards, shim::most_draws = most_draws;
}
void tell_time(unsigned long long* passed) { shim::time_passed = passed; }
void watch(const float* cells, long long count) {
  shim::watched = cells, shim::watched_cells = count, shim::looks = 0;
}
const long long* looks(int* count) {
  *count = shim::looks;
  return shim::missing;
}
const char* launch(const char* name, unsigned blocks, unsigned threads, void** args) {
  shim::fault = nullptr;
  if (!std::strcmp(name, "tiles")) shim::launch(tiles, blocks, threads, args);
  else if (!std::strcmp(name, "add_parts")) shim::launch(add_parts, blocks, threads, args);
  else if (!std::strcmp(name, "probe")) shim::launch(probe, blocks, threads, args);
  else return "no such program";
  return shim::fault;
}
}
