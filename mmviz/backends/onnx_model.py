"""A network, or a product, as a model in memory that ONNX Runtime reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.errors import Unavailable
from mmviz.text import N_, Text

MOST_BYTES = 2**31 - 2**20
"""A message of protobuf holds less than 2 GiB; something is left for all but the weights."""

X, Y, A, B = "x", "y", "a", "b"  # names of what goes in and comes out

_OPSET, _IR = 20, 9  # the first with Gelu, and the format that came with it
_NODES = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"}


def network_model(network: Network, values: Values, type: np.dtype[Any]) -> bytes:
    """x [batch × inputs] -> y [batch × outputs]: a Gemm a layer, and its activation.

    Weights and biases stand in it as constants of `type`. Raises Unavailable where they are too
    large for one.
    """
    size = network.parameters * type.itemsize
    if size > MOST_BYTES:
        limit = N_("a model of ONNX Runtime's holds 2 GiB at most, these weights take {size:size}")
        raise Unavailable(Text(limit, size=size))
    import onnx

    nodes: list[Any] = []
    constants: list[Any] = []
    element = onnx.helper.np_dtype_to_tensor_dtype(type)

    def constant(name: str, array: NDArray[np.float32]) -> str:
        data = np.ascontiguousarray(array, dtype=type)
        made = onnx.helper.make_tensor(name, element, data.shape, data.tobytes(), raw=True)
        constants.append(made)
        return name

    def node(kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        names = [f"{kind}{len(nodes)}_{i}" for i in range(outputs)]
        nodes.append(onnx.helper.make_node(kind, inputs, names, **attributes))
        return names if outputs > 1 else names[0]

    a = X
    layers = zip(network.layers, values.weights, values.biases, strict=True)
    for i, (layer, w, b) in enumerate(layers):
        z = node("Gemm", a, constant(f"w{i}", w), constant(f"b{i}", b))
        a = _activation(node, layer.activation, z)
    nodes.append(onnx.helper.make_node("Identity", [a], [Y]))  # it is optimized away
    x = onnx.helper.make_tensor_value_info(X, element, ["batch", network.inputs])
    y = onnx.helper.make_tensor_value_info(Y, element, ["batch", network.widths[-1]])
    return _written(onnx.helper.make_graph(nodes, "network", [x], [y], constants))


def product_model(type: np.dtype[Any]) -> bytes:
    """y [stack × m × n] = a [stack × m × k] · b [stack × k × n], whatever their sizes."""
    import onnx

    element = onnx.helper.np_dtype_to_tensor_dtype(type)
    node = onnx.helper.make_node("MatMul", [A, B], [Y])
    value = onnx.helper.make_tensor_value_info
    inputs = [value(A, element, ["stack", "m", "k"]), value(B, element, ["stack", "k", "n"])]
    output = value(Y, element, ["stack", "m", "n"])
    return _written(onnx.helper.make_graph([node], "product", inputs, [output]))


def _activation(node: Callable[..., Any], name: str, z: str) -> str:
    if name == "linear":
        return z
    if name in _NODES:
        found = node(_NODES[name], z)
    elif name == "gelu":
        found = node("Gelu", z, approximate="tanh")
    elif name == "softmax":
        found = node("Softmax", z, axis=1)
    elif name == "silu":
        found = node("Mul", z, node("Sigmoid", z))
    elif name == "swiglu":
        gate, other = node("Split", z, outputs=2, axis=1, num_outputs=2)
        found = node("Mul", node("Mul", gate, node("Sigmoid", gate)), other)
    else:
        raise ValueError(f"no activation {name!r}")
    return str(found)


def _written(graph: Any) -> bytes:
    import onnx

    opsets = [onnx.helper.make_opsetid("", _OPSET)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
    return bytes(model.SerializeToString())
