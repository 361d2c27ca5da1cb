"""An open GPU: its buffers, its programs, and what is submitted to it."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.webgpu.adapters import Adapter, load
from mmviz.backends.webgpu.clock import Clock
from mmviz.backends.webgpu.faults import (
    FAILED,
    NO_HALF,
    NO_ROOM,
    NOT_OPENED,
    REFUSED,
    TOO_LARGE,
    NoRoomError,
    meaning,
)
from mmviz.backends.webgpu.matrix import Matrix, Part
from mmviz.errors import Unavailable
from mmviz.text import Text

_LIMITS = (  # asked for as high as the adapter goes; what is not asked for is WebGPU's least
    "max-buffer-size",
    "max-storage-buffer-binding-size",
    "max-compute-workgroup-storage-size",
    "max-compute-invocations-per-workgroup",
    "max-compute-workgroup-size-x",
    "max-compute-workgroup-size-y",
)
_PIECE = 1 << 26  # bytes that are written or read at once
_LOOKED_AT = 1 << 24  # bytes: less is not asked for memory
_COUNTED = 1 << 32  # bytes of a binding: programs count its elements in 32 bits
GROUPS = 65_535  # workgroups along a side of a dispatch: the least every adapter takes


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One dispatch, ready to be submitted. flop: of it, 0 where it is no product."""

    program: Any
    bindings: Any
    groups: tuple[int, ...]
    flop: int = 0


class Device:
    """Opened on an adapter; `close` gives everything back, its thread too.

    binding: bytes that one binding holds at most, where it shall be less than the adapter's own.
    All raise MemoryError where the GPU's memory does not suffice, and Unavailable, which says what
    happened, where the GPU fails or is gone.
    """

    def __init__(self, adapter: Adapter, binding: int | None = None) -> None:
        self._wgpu = load()
        self.adapter = adapter
        features = [
            name
            for name, has in (("timestamp-query", adapter.timed), ("shader-f16", adapter.half))
            if has
        ]
        limits = {name: adapter.limit(name) for name in _LIMITS}
        with self._understood(NOT_OPENED):
            self._device = adapter.handle.request_device_sync(
                required_features=features, required_limits=limits
            )
        own = min(limits["max-storage-buffer-binding-size"], _COUNTED)
        self.binding = own if binding is None else min(own, binding)
        self.workgroup_bytes = limits["max-compute-workgroup-storage-size"]
        self.workgroup_threads = limits["max-compute-invocations-per-workgroup"]
        self._programs: dict[str, Any] = {}
        self._buffers: list[Any] = []
        try:
            with self._understood(NOT_OPENED):
                self._clock = Clock(self._wgpu, self._device) if adapter.timed else None
            self._tick = self._buffer(16, self._wgpu.BufferUsage.COPY_SRC)
        except BaseException:
            self.close()
            raise

    @property
    def bytes(self) -> int:
        """Of the GPU's memory, taken so far."""
        return sum(int(buffer.size) for buffer in self._buffers)

    def check(self, dtype: str) -> None:
        """Raises Unavailable where it does not compute in this dtype."""
        if dtype == "float16" and not self.adapter.half:
            raise Unavailable(Text(NO_HALF, gpu=self.adapter.name))

    def matrix(self, rows: int, cols: int, dtype: str) -> Matrix:
        """Room for one."""
        itemsize = np.dtype(dtype).itemsize
        usage = self._wgpu.BufferUsage
        size = -(-rows * cols * itemsize // 256) * 256  # four elements can be read at any row's end
        wanted = usage.STORAGE | usage.COPY_SRC | usage.COPY_DST
        return Matrix(self._buffer(size, wanted), rows, cols, itemsize)

    def free(self, matrix: Matrix) -> None:
        """Give its memory back before the device is closed."""
        self._buffers.remove(matrix.buffer)
        matrix.buffer.destroy()

    def upload(self, values: NDArray[Any], dtype: str) -> Matrix:
        """`values` [rows × cols], or one row, as a matrix of `dtype`."""
        values = np.atleast_2d(values)
        rows, cols = values.shape
        matrix = self.matrix(rows, cols, dtype)
        self.send(matrix, values)
        return matrix

    def send(self, matrix: Matrix, values: NDArray[Any]) -> None:
        """Write `values` into it, a piece at a time."""
        dtype = np.float16 if matrix.itemsize == 2 else np.float32
        step = max(1, _PIECE // max(1, matrix.cols * matrix.itemsize))
        step += step % 2  # an even number of float16 is a whole number of words
        for i in range(0, len(values), step):
            piece = np.ascontiguousarray(values[i : i + step], dtype=dtype).reshape(-1)
            if piece.nbytes % 4:
                piece = np.append(piece, dtype(0))  # a whole number of words
            at = i * matrix.cols * matrix.itemsize
            with self._understood():
                self._device.queue.write_buffer(matrix.buffer, at, piece)

    def download(self, matrix: Matrix) -> NDArray[Any]:
        """What is in it, [rows × cols]."""
        dtype = np.float16 if matrix.itemsize == 2 else np.float32
        values = np.empty(matrix.rows * matrix.cols, dtype)
        whole = values.view(np.uint8)
        for at in range(0, matrix.bytes, _PIECE):
            size = min(_PIECE, matrix.bytes - at)
            with self._understood():
                piece = self._device.queue.read_buffer(matrix.buffer, at, size + -size % 4)
            whole[at : at + size] = np.frombuffer(piece, np.uint8)[:size]
        return values.reshape(matrix.rows, matrix.cols)

    def program(self, code: str) -> Any:
        """The compiled program; raises Refused where the driver does not take it."""
        if code not in self._programs:
            with self._understood(REFUSED):
                module = self._device.create_shader_module(code=code)
                self._programs[code] = self._device.create_compute_pipeline(
                    layout="auto", compute={"module": module, "entry_point": "main"}
                )
        return self._programs[code]

    def step(
        self,
        program: Any,
        params: Sequence[int | float],
        parts: Iterable[Part],
        groups: tuple[int, ...],
        flop: int = 0,
    ) -> Step:
        """A dispatch of `program` with whole or real `params` at binding 0 and `parts` after it."""
        form = "".join("f" if isinstance(value, float) else "I" for value in params)
        packed = struct.pack(f"<{form}", *params)
        packed += bytes(-len(packed) % 16)
        usage = self._wgpu.BufferUsage
        uniform = self._buffer(len(packed), usage.UNIFORM | usage.COPY_DST)
        bound = [{"buffer": uniform, "offset": 0, "size": len(packed)}]
        bound += [{"buffer": p.buffer, "offset": p.offset, "size": p.size} for p in parts]
        with self._understood():
            self._device.queue.write_buffer(uniform, 0, packed)
            bindings = self._device.create_bind_group(
                layout=program.get_bind_group_layout(0),
                entries=[{"binding": i, "resource": resource} for i, resource in enumerate(bound)],
            )
        return Step(program, bindings, groups, flop)

    def submit(self, *batches: Sequence[Step]) -> None:
        """Hand them over, to be done one after the other, each batch by itself; does not wait."""
        with self._understood():
            for i, steps in enumerate(batches):
                encoder = self._device.create_command_encoder()
                stamps = None
                if self._clock is not None:
                    stamps = self._clock.stamps(begins=i == 0, ends=i == len(batches) - 1)
                compute = encoder.begin_compute_pass(timestamp_writes=stamps)
                for step in steps:
                    compute.set_pipeline(step.program)
                    compute.set_bind_group(0, step.bindings)
                    compute.dispatch_workgroups(*step.groups)
                compute.end()
                self._device.queue.submit([encoder.finish()])

    def wait(self) -> None:
        """Until all that was submitted is done."""
        poll = getattr(self._device, "_poll_wait", None)  # no part of WebGPU, and ten times faster
        with self._understood():
            if poll is not None:
                poll()
            else:  # what is read comes after all that was submitted
                self._device.queue.read_buffer(self._tick, 0, 4)

    def clocked(self) -> float | None:
        """Seconds that the last `submit` took by the GPU's own clock; None where it has none, or
        one that stands still.
        """
        if self._clock is None:
            return None
        with self._understood():
            return self._clock.read()

    def close(self) -> None:
        """Give back its memory and its thread; nothing may be called afterwards."""
        device = self._device
        try:
            for buffer in self._buffers:
                buffer.destroy()
        finally:
            device.destroy()
            self.__dict__.clear()

    def _buffer(self, size: int, usage: int) -> Any:
        most = self.adapter.limit("max-buffer-size")
        if size > most:
            raise NoRoomError(Text(TOO_LARGE, gpu=self.adapter.name, size=size, most=most))
        if self.adapter.software and size > _LOOKED_AT and size > _available():
            raise NoRoomError(Text(NO_ROOM, gpu=self.adapter.name))
        with self._understood():
            buffer = self._device.create_buffer(size=size, usage=usage)
        self._buffers.append(buffer)
        return buffer

    @contextmanager
    def _understood(self, doing: str = FAILED) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise meaning(error, self.adapter.name, doing) from None


def _available() -> int:
    """Bytes of this computer's memory that are free."""
    import psutil  # a machine that has NumPy alone lists its backends all the same

    return int(psutil.virtual_memory().available)
