"""What is computed: the network, its products, and the numbers in them."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

COMPUTING = Group(
    "computing",
    N_("What is computed"),
    (
        Term(
            "network",
            N_("network"),
            N_(
                "layers one after another: what one gives is what the next reads; the first reads "
                "the input features"
            ),
            seen=("network", "networks"),
            types=("Network",),
        ),
        Term(
            "layer",
            N_("dense layer"),
            N_("neurons that all read the same inputs; one matrix product"),
            seen=("dense layer", "layer", "layers", "dense", "dense layers"),
            types=("Dense",),
        ),
        Term(
            "neuron",
            N_("neuron"),
            N_("one column of weights; it multiplies each input by its weight and adds up"),
            seen=("neuron", "neurons"),
        ),
        Term(
            "weight",
            N_("weight"),
            N_(
                "a number a neuron multiplies one input by; training changes it; all of a layer's "
                "are the matrix W"
            ),
            seen=("weight", "weights"),
        ),
        Term(
            "bias",
            N_("bias"),
            N_("a number added to a neuron's sum"),
            seen=("bias", "biases"),
        ),
        Term(
            "given",
            N_("given numbers"),
            N_("numbers of X or W that were set one by one; all others are drawn at random"),
            seen=(),
            types=("GivenMatrix",),
        ),
        Term(
            "features",
            N_("features"),
            N_("the numbers of one example, as the first layer reads them"),
            seen=("features", "feature"),
        ),
        Term(
            "units_of_layer",
            N_("units of a layer"),
            N_("how many neurons it has, and so how many numbers it gives for an example"),
            seen=("width", "widths"),
        ),
        Term(
            "activation",
            N_("activation function"),
            N_("what is done to each sum afterwards, such as cutting off below 0"),
            seen=("activation function", "activation"),
        ),
        Term(
            "relu",
            N_("ReLU"),
            N_("an activation: what is below 0 becomes 0, the rest stays"),
        ),
        Term(
            "softmax",
            N_("softmax"),
            N_("turns scores into shares that add up to 1"),
        ),
        Term(
            "tanh",
            N_("tanh"),
            N_("an activation: squeezes every sum into −1 to 1"),
        ),
        Term(
            "gelu",
            N_("GELU"),
            N_("an activation: a smooth ReLU, used in transformers"),
        ),
        Term(
            "silu",
            N_("SiLU"),
            N_("an activation: a sum times its own sigmoid"),
        ),
        Term(
            "swiglu",
            N_("SwiGLU"),
            N_("an activation of two products: one, through SiLU, scales the other"),
        ),
        Term(
            "linear",
            N_("linear"),
            N_("no activation: the sums stay as they are"),
            seen=(),
        ),
        Term(
            "sigmoid",
            N_("sigmoid"),
            N_("an activation: squeezes every sum into 0 to 1"),
        ),
        Term(
            "activations",
            N_("activations"),
            N_(
                "what a layer reads: the numbers the layer before gave, a row an example; the "
                "matrix X"
            ),
        ),
        Term(
            "attention",
            N_("attention"),
            N_(
                "in a transformer, products that compare every token with every other, and mix them"
            ),
        ),
        Term(
            "mlp",
            N_("MLP"),
            N_(
                "dense layers one after another; in a transformer the two or three behind each "
                "attention"
            ),
            seen=("MLP", "MLPs"),
        ),
        Term(
            "token",
            N_("token"),
            N_("a piece of a text, about three quarters of a word; a row of X each"),
            seen=("token", "tokens"),
        ),
        Term(
            "example",
            N_("example"),
            N_("one input to the network, one row of X"),
            seen=("example", "examples"),
        ),
        Term(
            "batch",
            N_("batch (size)"),
            N_("how many examples are computed together"),
            seen=("batch", "batches", "batch size"),
        ),
        Term(
            "inference",
            N_("inference"),
            N_("using a network that is trained: one forward pass, and no weight changes"),
        ),
        Term(
            "training",
            N_("training"),
            N_(
                "finding the weights: forward, back, and a small change of every weight, again and "
                "again"
            ),
        ),
        Term(
            "pass",
            N_("pass"),
            N_(
                "one way through all layers: forward; in training forward, backward and the update "
                "of the weights"
            ),
            seen=("pass", "passes"),
            types=("Pass",),
        ),
        Term(
            "workload",
            N_("workload"),
            N_("what a pass computes: a network, or a list of products"),
            seen=("workload", "workloads"),
            types=("Workload",),
        ),
        Term(
            "gemm",
            N_("matrix product (GEMM)"),
            N_("rows of one matrix times columns of another: M × N results, each a sum of K terms"),
            seen=(
                "matrix product",
                "matrix products",
                "matrix multiplication",
                "matrix multiplications",
                "product",
                "products",
                "GEMM",
            ),
            types=("Gemm",),
        ),
        Term(
            "xwy",
            N_("X, W, Y"),
            N_(
                "what a layer reads, its weights, what it gives: Y = X·W; rows of X are examples, "
                "columns of W are neurons"
            ),
            seen=("X", "W", "Y", "X·W", "W·X"),
        ),
        Term(
            "mnk",
            N_("M, N, K"),
            N_("rows of the result, columns of the result, terms in each sum"),
            seen=("M", "N", "K", "m", "n", "k", "m · n · k", "M × N × K"),
        ),
        Term(
            "cell",
            N_("cell"),
            N_("one number of Y: one row of X times one column of W"),
            seen=("cell", "cells", "element", "elements"),
        ),
        Term(
            "dot",
            N_("dot product"),
            N_("multiply in pairs, add up"),
            seen=("dot product", "dot products"),
        ),
        Term(
            "operands",
            N_("operands"),
            N_("the two matrices that are multiplied, here X and W"),
            seen=("operands", "operand"),
        ),
        Term(
            "vectorize",
            N_("vectorized"),
            N_("written as one operation on whole arrays instead of a loop over numbers"),
        ),
        Term(
            "role",
            N_("role"),
            N_("what a product of a training step is for: forward, dgrad or wgrad"),
            seen=("role", "roles"),
        ),
        Term(
            "count",
            N_("count, stack"),
            N_("how many launches of a product follow one another; how many of it each computes"),
            seen=(),
        ),
        Term(
            "slice",
            N_("slice"),
            N_("one product of a stack, with matrices of its own; its tiles share the waves"),
            seen=("slice", "slices"),
        ),
        Term(
            "grouped",
            N_("grouped product"),
            N_("products of several shapes in one launch, as those of a layer's experts"),
            seen=("grouped product", "grouped products"),
        ),
        Term(
            "flop",
            N_("FLOP"),
            N_("one multiplication or one addition; a product has 2·M·N·K"),
            seen=("FLOP", "FLOPs", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"),
        ),
    ),
)
