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
            zh=("网络", "一层接一层:上一层的输出就是下一层的输入,第一层读输入特征"),
        ),
        Term(
            "layer",
            N_("dense layer"),
            N_("neurons that all read the same inputs; one matrix product"),
            seen=("dense layer", "layer", "layers", "dense", "dense layers"),
            types=("Dense",),
            zh=("全连接层", "读同一组输入的一批神经元;就是一个矩阵乘法"),
        ),
        Term(
            "neuron",
            N_("neuron"),
            N_("one column of weights; it multiplies each input by its weight and adds up"),
            seen=("neuron", "neurons"),
            zh=("神经元", "一列权重;把每个输入乘以对应的权重,再加起来"),
        ),
        Term(
            "weight",
            N_("weight"),
            N_(
                "a number a neuron multiplies one input by; training changes it; all of a layer's "
                "are the matrix W"
            ),
            seen=("weight", "weights"),
            zh=("权重", "神经元拿来乘某个输入的数;训练改的就是它"),
        ),
        Term(
            "bias",
            N_("bias"),
            N_("a number added to a neuron's sum"),
            seen=("bias", "biases"),
            zh=("偏置", "加在神经元的和上的一个数"),
        ),
        Term(
            "given",
            N_("given numbers"),
            N_("numbers of X or W that were set one by one; all others are drawn at random"),
            seen=(),
            types=("GivenMatrix",),
            zh=("指定的数", "X 或 W 里逐个设定的数;其余的随机生成"),
        ),
        Term(
            "features",
            N_("features"),
            N_("the numbers of one example, as the first layer reads them"),
            seen=("features", "feature"),
            zh=("特征", "一个样本里的那些数,第一层读的就是它们"),
        ),
        Term(
            "units_of_layer",
            N_("units of a layer"),
            N_("how many neurons it has, and so how many numbers it gives for an example"),
            seen=("width", "widths"),
            zh=("单元数", "一层有几个神经元,也就是对一个样本给出几个数"),
        ),
        Term(
            "activation",
            N_("activation function"),
            N_("what is done to each sum afterwards, such as cutting off below 0"),
            seen=("activation function", "activation"),
            zh=("激活函数", "对每个和再做的一步,比如把负数变成 0"),
        ),
        Term(
            "relu",
            N_("ReLU"),
            N_("an activation: what is below 0 becomes 0, the rest stays"),
            zh=("ReLU", "一种激活函数:小于 0 的变成 0,其余不变"),
        ),
        Term(
            "softmax",
            N_("softmax"),
            N_("turns scores into shares that add up to 1"),
            zh=("softmax", "把得分变成加起来等于 1 的概率"),
        ),
        Term(
            "tanh",
            N_("tanh"),
            N_("an activation: squeezes every sum into −1 to 1"),
            zh=("tanh", "一种激活函数:把每个和压到 −1 与 1 之间"),
        ),
        Term(
            "gelu",
            N_("GELU"),
            N_("an activation: a smooth ReLU, used in transformers"),
            zh=("GELU", "一种激活函数:平滑的 ReLU,用在 Transformer 里"),
        ),
        Term(
            "silu",
            N_("SiLU"),
            N_("an activation: a sum times its own sigmoid"),
            zh=("SiLU", "一种激活函数:和乘以它自己的 sigmoid"),
        ),
        Term(
            "swiglu",
            N_("SwiGLU"),
            N_("an activation of two products: one, through SiLU, scales the other"),
            zh=("SwiGLU", "由两个乘法组成的激活函数:一个经过 SiLU 后去缩放另一个"),
        ),
        Term(
            "linear",
            N_("linear"),
            N_("no activation: the sums stay as they are"),
            seen=(),
            zh=("线性", "没有激活函数:和保持原样"),
        ),
        Term(
            "sigmoid",
            N_("sigmoid"),
            N_("an activation: squeezes every sum into 0 to 1"),
            zh=("sigmoid", "一种激活函数:把每个和压到 0 与 1 之间"),
        ),
        Term(
            "activations",
            N_("activations"),
            N_(
                "what a layer reads: the numbers the layer before gave, a row an example; the "
                "matrix X"
            ),
            zh=("激活值", "一层读的数:前一层给出的,每个样本一行;就是矩阵 X"),
        ),
        Term(
            "attention",
            N_("attention"),
            N_(
                "in a transformer, products that compare every token with every other, and mix them"
            ),
            zh=("注意力", "Transformer 里让每个词元与其他词元比较并混合的那些乘法"),
        ),
        Term(
            "mlp",
            N_("MLP"),
            N_(
                "dense layers one after another; in a transformer the two or three behind each "
                "attention"
            ),
            seen=("MLP", "MLPs"),
            zh=("MLP", "一层接一层的全连接层;Transformer 里每个注意力后面的那两三层"),
        ),
        Term(
            "token",
            N_("token"),
            N_("a piece of a text, about three quarters of a word; a row of X each"),
            seen=("token", "tokens"),
            zh=("词元(token)", "文本的一小块,约四分之三个英文单词;每个是 X 的一行"),
        ),
        Term(
            "example",
            N_("example"),
            N_("one input to the network, one row of X"),
            seen=("example", "examples"),
            zh=("样本", "给网络的一份输入,X 的一行"),
        ),
        Term(
            "batch",
            N_("batch (size)"),
            N_("how many examples are computed together"),
            seen=("batch", "batches", "batch size"),
            zh=("批大小", "一起计算的样本有几个"),
        ),
        Term(
            "inference",
            N_("inference"),
            N_("using a network that is trained: one forward pass, and no weight changes"),
            zh=("推理", "使用训练好的网络:只做一次前向传播,权重不变"),
        ),
        Term(
            "training",
            N_("training"),
            N_(
                "finding the weights: forward, back, and a small change of every weight, again and "
                "again"
            ),
            zh=("训练", "求权重的过程:前向、反向、每个权重改一点,反复进行"),
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
            zh=("一遍(pass)", "把所有层走一次:推理时只有前向;训练时前向、反向,再更新权重"),
        ),
        Term(
            "workload",
            N_("workload"),
            N_("what a pass computes: a network, or a list of products"),
            seen=("workload", "workloads"),
            types=("Workload",),
            zh=("工作量", "一遍要算的东西:一个网络,或一列矩阵乘法"),
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
            zh=("矩阵乘法(GEMM)", "一个矩阵的行乘另一个矩阵的列,M×N 个结果,每个 K 项"),
        ),
        Term(
            "xwy",
            N_("X, W, Y"),
            N_(
                "what a layer reads, its weights, what it gives: Y = X·W; rows of X are examples, "
                "columns of W are neurons"
            ),
            seen=("X", "W", "Y", "X·W", "W·X"),
            zh=("X、W、Y", "一层读的、它的权重、它给出的:Y = X·W;X 的行是样本,W 的列是神经元"),
        ),
        Term(
            "mnk",
            N_("M, N, K"),
            N_("rows of the result, columns of the result, terms in each sum"),
            seen=("M", "N", "K", "m", "n", "k", "m · n · k", "M × N × K"),
            zh=("M、N、K", "结果的行数、结果的列数、每个和的项数"),
        ),
        Term(
            "cell",
            N_("cell"),
            N_("one number of Y: one row of X times one column of W"),
            seen=("cell", "cells", "element", "elements"),
            zh=("格(元素)", "Y 里的一个数:X 的一行乘 W 的一列"),
        ),
        Term(
            "dot",
            N_("dot product"),
            N_("multiply in pairs, add up"),
            seen=("dot product", "dot products"),
            zh=("点积", "两两相乘,再加起来"),
        ),
        Term(
            "operands",
            N_("operands"),
            N_("the two matrices that are multiplied, here X and W"),
            seen=("operands", "operand"),
            zh=("操作数", "相乘的两个矩阵,这里是 X 和 W"),
        ),
        Term(
            "vectorize",
            N_("vectorized"),
            N_("written as one operation on whole arrays instead of a loop over numbers"),
            zh=("向量化", "不逐个数循环,而是对整个数组写成一次运算"),
        ),
        Term(
            "role",
            N_("role"),
            N_("what a product of a training step is for: forward, dgrad or wgrad"),
            seen=("role", "roles"),
            zh=("用途", "训练步里一个乘法做什么用:forward、dgrad 或 wgrad"),
        ),
        Term(
            "count",
            N_("count, stack"),
            N_("how often the same product comes one after another; how many are launched as one"),
            seen=(),
            zh=("次数、叠放", "同一个乘法接连做几次;几个合成一次启动"),
        ),
        Term(
            "flop",
            N_("FLOP"),
            N_("one multiplication or one addition; a product has 2·M·N·K"),
            seen=("FLOP", "FLOPs", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"),
            zh=("FLOP(浮点运算次数)", "一次乘法或一次加法;一个矩阵乘法有 2·M·N·K 次"),
        ),
    ),
)
