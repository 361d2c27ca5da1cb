"""How a network learns: the words of a training step."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

LEARNING = Group(
    "learning",
    N_("Learning"),
    (
        Term(
            "forward",
            N_("forward pass"),
            N_("from inputs to outputs, a product a layer"),
            seen=("forward pass", "forward"),
        ),
        Term(
            "backward",
            N_("backward pass"),
            N_("from the error back to each weight, by the chain rule"),
            seen=("backward pass", "backward"),
        ),
        Term(
            "dgrad",
            N_("dgrad"),
            N_("the product that tells the layer before how its outputs should change"),
        ),
        Term(
            "wgrad",
            N_("wgrad"),
            N_("the product that tells how this layer's weights should change; its K is the batch"),
        ),
        Term(
            "update",
            N_("update"),
            N_("the last part of a training step: every weight is moved a little"),
            seen=(),
        ),
        Term(
            "loss",
            N_("loss"),
            N_("one number for how far the outputs are off"),
            seen=(),
        ),
        Term(
            "crossentropy",
            N_("cross-entropy"),
            N_("a loss that is small when the right class gets a high share"),
        ),
        Term(
            "sgd",
            N_("SGD"),
            N_("change the weights a little against the gradient of one batch, again and again"),
        ),
        Term(
            "lr",
            N_("learning rate"),
            N_("how far the weights move in a step"),
        ),
        Term(
            "filter",
            N_("filter"),
            N_("the weights of one neuron, drawn where the pixels are that they multiply"),
            seen=("filter", "filters"),
        ),
        Term(
            "momentum",
            N_("momentum"),
            N_("part of the last step is added to the next"),
        ),
        Term(
            "step",
            N_("training step"),
            N_("one batch forward, back, and one change of the weights"),
            seen=(),
        ),
        Term(
            "epoch",
            N_("epoch"),
            N_("once through all training examples"),
            seen=("epoch", "epochs"),
        ),
        Term(
            "unseen",
            N_("unseen"),
            N_("not used in training, neither the hand nor the drawing"),
        ),
    ),
)
