"""The GPU's own clock around what is submitted."""

from __future__ import annotations

import struct
from typing import Any


class Clock:
    """Two stamps, at the begin and the end of a pass; they are read when somebody asks, since
    reading takes longer than a small pass.
    """

    def __init__(self, wgpu: Any, device: Any) -> None:
        self._device = device
        self._set = device.create_query_set(type="timestamp", count=2)
        usage = wgpu.BufferUsage
        self._ticks = device.create_buffer(size=16, usage=usage.QUERY_RESOLVE | usage.COPY_SRC)
        self._tick_s = 1e-9 * _period(device)
        self._both = self._writes(begins=True, ends=True)

    def stamps(self, *, begins: bool, ends: bool) -> dict[str, Any] | None:
        """What a compute pass that begins or ends what is timed, or both, is told of it."""
        if begins and ends:
            return self._both
        return self._writes(begins, ends) if begins or ends else None

    def read(self) -> float | None:
        """Seconds between the last two stamps; None where the clock stands still."""
        encoder = self._device.create_command_encoder()
        encoder.resolve_query_set(self._set, 0, 2, self._ticks, 0)
        self._device.queue.submit([encoder.finish()])
        begin, end = _stamps(self._device, self._ticks)
        return (end - begin) * self._tick_s if end > begin else None

    def _writes(self, begins: bool, ends: bool) -> dict[str, Any]:
        writes = {"query_set": self._set}
        if begins:
            writes["beginning_of_pass_write_index"] = 0
        if ends:
            writes["end_of_pass_write_index"] = 1
        return writes


def _stamps(device: Any, ticks: Any) -> tuple[int, int]:
    begin, end = struct.unpack("<QQ", device.queue.read_buffer(ticks))
    return begin, end


def _period(device: Any) -> float:
    """Nanoseconds of a tick; native WebGPU counts in the GPU's own (gfx-rs/wgpu#3741)."""
    from wgpu.backends.wgpu_native import lib

    return float(lib.wgpuQueueGetTimestampPeriod(device.queue._internal))
