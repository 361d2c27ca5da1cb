"""ONNX Runtime, loaded when it is used, and who computes for it here: its execution providers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmviz.backends.onnx_model import product_model
from mmviz.backends.threads import blas_threads
from mmviz.errors import Unavailable
from mmviz.text import N_, Text

_INSTALL = N_('install it with pip install "mmviz[onnxruntime]"')
_REINSTALL = N_("reinstall onnxruntime and onnx")
_BROKEN = N_("ONNX Runtime cannot be imported: {why}")
_FATAL = 4  # of its log, that it writes to standard error: what breaks is an exception as well


@dataclass(frozen=True, slots=True)
class Provider:
    """id: as in `onnxruntime:ID`; key: what ONNX Runtime calls it; name: of what it computes on.

    gpu: it certainly computes on one. bound: data can lie on its device, under that type of
    device; "" where they are copied there and back in every pass.
    """

    id: str
    key: str
    name: str
    gpu: bool = False
    bound: str = ""
    dtypes: tuple[str, ...] = ("float32",)


PROVIDERS = (
    Provider(
        "cuda",
        "CUDAExecutionProvider",
        "CUDA GPU",
        gpu=True,
        bound="cuda",
        dtypes=("float32", "tf32", "float16"),
    ),
    Provider("migraphx", "MIGraphXExecutionProvider", "AMD GPU", gpu=True),
    Provider("dml", "DmlExecutionProvider", "DirectX 12 GPU", gpu=True),
    Provider("coreml", "CoreMLExecutionProvider", "Core ML"),
    Provider("openvino", "OpenVINOExecutionProvider", "OpenVINO"),
    Provider("cpu", "CPUExecutionProvider", "the CPU", bound="cpu"),
)
"""The one that is taken unasked first. On the CPU float16 is computed in float32: not listed."""


def load() -> Any:
    """The package; raises Unavailable with reason and remedy."""
    try:
        import onnx  # noqa: F401  # it makes the models
        import onnxruntime
    except ModuleNotFoundError as error:
        if error.name == "onnxruntime":
            raise Unavailable(N_("ONNX Runtime is not installed"), _INSTALL) from None
        if error.name == "onnx":
            raise Unavailable(N_("the package onnx is not installed"), _INSTALL) from None
        raise Unavailable(Text(_BROKEN, why=line(error)), _REINSTALL) from None
    except Exception as error:  # a broken install can fail in any way while importing
        raise Unavailable(Text(_BROKEN, why=line(error)), _REINSTALL) from None
    return onnxruntime


def loaded() -> Any | None:
    """The package where this process has it already, else None."""
    return sys.modules.get("onnxruntime")


def choose(runtime: Any, wanted: str) -> Provider:
    """The provider that is wanted, or for "" the first that computes; raises Unavailable.

    That it is listed says little: without its libraries ONNX Runtime takes the CPU, silently.
    """
    listed = set(runtime.get_available_providers())
    reason = Text(N_("this ONNX Runtime was built without it"))
    for provider in PROVIDERS:
        if wanted in ("", provider.id) and provider.key in listed:
            try:
                _try_out(runtime, provider)
            except Exception as error:
                reason = Text("{why}", why=line(error))
            else:
                return provider
    cannot = N_("ONNX Runtime cannot compute here: {why}")
    raise Unavailable(Text(cannot, why=reason), _REINSTALL)


def session(runtime: Any, provider: Provider, model: bytes, dtype: str) -> Any:
    """A session of the model on this provider and no other.

    Its threads are as many as NumPy's BLAS has; they stop when a pass ends, and do not wait for
    the next one on cores that another backend is timed on.
    """
    options = runtime.SessionOptions()
    options.log_severity_level = _FATAL
    options.intra_op_num_threads = blas_threads() or 0
    options.add_session_config_entry("session.force_spinning_stop", "1")
    if provider.id != "cpu":
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    settings = {"use_tf32": "1" if dtype == "tf32" else "0"} if provider.id == "cuda" else {}
    made = runtime.InferenceSession(model, options, providers=[(provider.key, settings)])
    if provider.key not in made.get_providers():
        raise Unavailable(Text(N_("{name} did not load"), name=provider.key))
    return made


def line(error: Exception) -> str:
    """The first line with something in it, without the stop at its end."""
    lines = [text.strip().rstrip(".") for text in str(error).splitlines() if text.strip()]
    return lines[0][:200] if lines else type(error).__name__


def _try_out(runtime: Any, provider: Provider) -> None:
    one = np.ones((1, 2, 2), np.float32)
    session(runtime, provider, product_model(one.dtype), "float32").run(None, {"a": one, "b": one})
