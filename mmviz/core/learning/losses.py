"""How wrong an answer was: two losses, and their gradients behind the last layer.

Both are means over the batch. Cross-entropy is written for what answers with shares: after a
softmax -Σ t·log a over the classes; after a sigmoid, for each output by itself,
-Σ t·log a + (1 - t)·log(1 - a). With either the gradient before the activation is (A - T)/batch
(Bishop, Pattern Recognition and Machine Learning, 2006, 4.3). Squared error is ½·Σ (a - t)².
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from mmviz.core.learning.activations import Array
from mmviz.core.learning.training import activation_gradient
from mmviz.errors import InputError
from mmviz.text import N_

Loss = Literal["cross-entropy", "squared error"]
LOSSES: tuple[Loss, ...] = get_args(Loss)
SHARES = ("softmax", "sigmoid")  # activations that answer with shares
_LEAST = 1e-30  # a share that float32 rounds to 0 costs 69, not infinitely much


def natural(activation: str) -> Loss:
    """The loss that belongs to the activation of the last layer."""
    return "cross-entropy" if activation in SHARES else "squared error"


def check(loss: Loss, activation: str) -> None:
    """Raise InputError where the loss is not defined for what the last layer answers."""
    if loss == "cross-entropy" and activation not in SHARES:
        raise InputError(
            N_(
                "cross-entropy needs shares, and the last layer's activation is {activation}: "
                "choose squared error, or softmax there"
            ),
            activation=activation,
        )


def value(loss: Loss, activation: str, output: Array, target: Array, xp: Any) -> Any:
    """The loss of a batch, output and target [batch × outputs]: a number where they are, on a
    device as well; `float` of it waits for the device. Not to be added up in two bytes.
    """
    batch = len(output)
    if loss == "squared error":
        return 0.5 * xp.square(output - target).sum() / batch
    found = (target * xp.log(output.clip(_LEAST, 1))).sum()
    if activation == "sigmoid":
        found = found + ((1 - target) * xp.log((1 - output).clip(_LEAST, 1))).sum()
    return -found / batch


def is_direct(loss: Loss) -> bool:
    """Whether (A - T)/batch is dZ of the last layer already; else it is dA."""
    return loss == "cross-entropy"


def gradient(
    loss: Loss, activation: str, output: Array, target: Array, kept: Array, xp: Any
) -> Array:
    """dZ [batch × units] of the last layer; kept: as `activation_gradient` has it."""
    error = (output - target) / len(output)
    if is_direct(loss):
        return error
    return activation_gradient(activation, error, kept, xp)
