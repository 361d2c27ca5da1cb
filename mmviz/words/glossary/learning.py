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
            zh=("前向传播", "从输入到输出,每层一个乘法"),
        ),
        Term(
            "backward",
            N_("backward pass"),
            N_("from the error back to each weight, by the chain rule"),
            seen=("backward pass", "backward"),
            zh=("反向传播", "从误差往回算到每个权重,用链式法则"),
        ),
        Term(
            "dgrad",
            N_("dgrad"),
            N_("the product that tells the layer before how its outputs should change"),
            zh=("数据梯度(dgrad)", "告诉前一层它的输出该怎么变的那个乘法"),
        ),
        Term(
            "wgrad",
            N_("wgrad"),
            N_("the product that tells how this layer's weights should change; its K is the batch"),
            zh=("权重梯度(wgrad)", "告诉本层权重该怎么变的那个乘法;它的 K 就是批大小"),
        ),
        Term(
            "update",
            N_("update"),
            N_("the last part of a training step: every weight is moved a little"),
            seen=(),
            zh=("更新", "训练步的最后一步:每个权重挪一点"),
        ),
        Term(
            "loss",
            N_("loss"),
            N_("one number for how far the outputs are off"),
            seen=(),
            zh=("损失", "输出差多远,用一个数表示"),
        ),
        Term(
            "crossentropy",
            N_("cross-entropy"),
            N_("a loss that is small when the right class gets a high share"),
            zh=("交叉熵", "正确类别分到的概率越高就越小的一种损失"),
        ),
        Term(
            "sgd",
            N_("SGD"),
            N_("change the weights a little against the gradient of one batch, again and again"),
            zh=("随机梯度下降(SGD)", "用一批样本的梯度,把权重往回挪一点,反复做"),
        ),
        Term(
            "lr",
            N_("learning rate"),
            N_("how far the weights move in a step"),
            zh=("学习率", "一步里权重挪多远"),
        ),
        Term(
            "filter",
            N_("filter"),
            N_("the weights of one neuron, drawn where the pixels are that they multiply"),
            seen=("filter", "filters"),
            zh=("滤波器", "一个神经元的权重,画在它所乘的像素的位置上"),
        ),
        Term(
            "momentum",
            N_("momentum"),
            N_("part of the last step is added to the next"),
            zh=("动量", "把上一步的一部分加到下一步里"),
        ),
        Term(
            "step",
            N_("training step"),
            N_("one batch forward, back, and one change of the weights"),
            seen=(),
            zh=("训练步", "一批样本前向、反向各一次,权重改一次"),
        ),
        Term(
            "epoch",
            N_("epoch"),
            N_("once through all training examples"),
            seen=("epoch", "epochs"),
            zh=("轮(epoch)", "把所有训练样本用一遍"),
        ),
        Term(
            "unseen",
            N_("unseen"),
            N_("not used in training, neither the hand nor the drawing"),
            zh=("未见过的", "训练里没有用过,写法和图都没有"),
        ),
    ),
)
