"""Where and when a tile is computed: devices, tiles, waves and orders."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

HARDWARE = Group(
    "hardware",
    N_("Where and when"),
    (
        Term(
            "device",
            N_("device"),
            N_(
                "a model of hardware, with the source of every figure: a GPU, a CPU or an array "
                "that need not be here"
            ),
            seen=("device", "devices"),
            types=("Device",),
            zh=("设备", "硬件的一个模型,每个数据都注明出处:不一定在手边的 GPU、CPU 或阵列"),
        ),
        Term(
            "machine",
            N_("machine"),
            N_("the real computer mmviz runs on"),
            seen=("machine", "this machine", "this computer"),
            types=("Machine",),
            zh=("本机", "mmviz 真正运行在上面的那台电脑"),
        ),
        Term(
            "gpu",
            N_("GPU"),
            N_("a processor of many SMs, made to do the same with many numbers at once"),
            seen=("GPU", "GPUs"),
            zh=("GPU", "有许多 SM 的处理器,适合对许多数同时做同样的事"),
        ),
        Term(
            "cpu",
            N_("CPU"),
            N_("the processor of a computer: a few fast cores, each of which does anything"),
            seen=("CPU", "CPUs"),
            zh=("CPU", "电脑的处理器:几个很快的核,什么都能做"),
        ),
        Term(
            "cuda",
            N_("CUDA"),
            N_("NVIDIA's way to run programs on its GPUs"),
            zh=("CUDA", "NVIDIA 在自家 GPU 上运行程序的方式"),
        ),
        Term(
            "datasheet",
            N_("datasheet"),
            N_("what the maker of a device publishes about it"),
            seen=("datasheet", "datasheets"),
            zh=("数据手册", "设备厂商公布的参数"),
        ),
        Term(
            "unit",
            N_("unit"),
            N_("what computes a tile at a time: a lane, a core, an SM, a systolic array"),
            seen=("unit", "units over time"),
            zh=("单元", "一次算一块的硬件:通道、核、SM 或脉动阵列"),
        ),
        Term(
            "lane",
            N_("lane"),
            N_("the part of a unit that works on one sum at a time"),
            seen=("lane", "lanes"),
            zh=("通道(计算通道)", "一次算一个和的那部分硬件"),
        ),
        Term(
            "core",
            N_("core"),
            N_("a processor of a CPU; it works on its own tile"),
            seen=("core", "cores"),
            zh=("核(核心)", "CPU 里的一个处理器,各算各的分块"),
        ),
        Term(
            "sm",
            N_("SM"),
            N_("one of the processors of a GPU; it works on one or a few tiles at a time"),
            seen=("SM", "SMs"),
            zh=("SM(流式多处理器)", "GPU 里的一个处理器,一次算一块或几块"),
        ),
        Term(
            "tensorcore",
            N_("tensor core"),
            N_(
                "the part of an SM that multiplies small matrices in few bits at once; it has the "
                "highest peak"
            ),
            seen=("tensor core", "tensor cores"),
            zh=("张量核心", "SM 里一次乘一小块低位数矩阵的部分;峰值最高"),
        ),
        Term(
            "tile",
            N_("tile"),
            N_("a rectangle of Y that one unit computes"),
            seen=("tile", "tiles"),
            zh=("分块(tile)", "Y 里由一个单元计算的一个矩形"),
        ),
        Term(
            "tiling",
            N_("tiling"),
            N_("a product cut into tiles on a device, with an order"),
            seen=("tiling", "tilings"),
            types=("Tiling",),
            zh=("分块方案", "一个乘法在某设备上怎样切块、按什么顺序算"),
        ),
        Term(
            "kstep",
            N_("k-step"),
            N_("a stretch of the sums, walked at once"),
            seen=("k-step", "k-steps", "k-steps per tile"),
            zh=("k 步", "沿着和的方向,一次走过的一段"),
        ),
        Term(
            "slot",
            N_("slot"),
            N_("room for one tile at work; units times tiles that fit on each"),
            seen=("slot", "slots"),
            zh=("槽位", "能放一块正在计算的分块的位置;单元数 × 每个单元能放的块数"),
        ),
        Term(
            "resident",
            N_("resident tiles"),
            N_("tiles that share one unit at the same time"),
            seen=("resident tiles", "resident tile", "resident"),
            zh=("驻留分块", "同时占用一个单元的分块"),
        ),
        Term(
            "wave",
            N_("wave"),
            N_(
                "as many tiles as there are slots, computed at the same time; waves = ceil(tiles / "
                "slots)"
            ),
            seen=("wave", "waves"),
            zh=("波次(wave)", "同时计算的一轮分块,块数等于槽位数"),
        ),
        Term(
            "idle",
            N_("idle"),
            N_("has nothing to do although the product is not finished"),
            zh=("空闲", "乘法还没算完,却没事做"),
        ),
        Term(
            "busy",
            N_("busy"),
            N_("the share of the slots' time in which they compute"),
            zh=("忙", "槽位的时间里真正在算的比例"),
        ),
        Term(
            "occupied",
            N_("occupied"),
            N_("has a fold of a product in it, also while it fills and drains"),
            zh=("占用", "阵列里有一折乘法,包括装入和排出的时候"),
        ),
        Term(
            "order",
            N_("order"),
            N_("which tile comes when, and to whom it is dealt: rows, swizzle, stream-K …"),
            seen=("order", "orders"),
            types=("Order",),
            zh=("顺序", "哪一块什么时候算、分给谁:按行、swizzle、stream-K……"),
        ),
        Term(
            "swizzle",
            N_("swizzle"),
            N_("an order in narrow bands, so that tiles computed together share rows and columns"),
            zh=("swizzle", "按窄带走的顺序,让同时计算的分块共用行和列"),
        ),
        Term(
            "splitk",
            N_("split-K"),
            N_("each tile's sum cut into parts that are computed side by side and added up"),
            seen=("split-K", "split-k"),
            zh=("split-K(沿 K 切分)", "把每块的和切成几段,同时算,最后相加"),
        ),
        Term(
            "streamk",
            N_("stream-K"),
            N_("all k-steps of all tiles shared out evenly, tiles cut where a share ends"),
            seen=("stream-K", "stream-k"),
            zh=("stream-K", "把所有分块的 k 步平均分给各单元,份额到哪里就在哪里切"),
        ),
        Term(
            "piece",
            N_("piece"),
            N_("a part of a tile's sum, where it is cut along k"),
            seen=("piece", "pieces", "parts"),
            zh=("片段", "沿 k 切开后,一块的和里的一段"),
        ),
        Term(
            "systolic",
            N_("systolic array"),
            N_("a grid of multipliers that hand numbers on to their neighbours"),
            seen=("systolic array", "systolic arrays", "systolic"),
            zh=("脉动阵列", "一片乘法器,把数直接传给旁边的乘法器"),
        ),
        Term(
            "wstat",
            N_("weight-stationary"),
            N_("the weights stay in the array, the inputs flow through"),
            seen=("weight-stationary", "weight stationary"),
            zh=("权重固定(weight-stationary)", "权重留在阵列里,输入流过去"),
        ),
        Term(
            "ostat",
            N_("output-stationary"),
            N_("the sums stay in the array, inputs and weights flow through"),
            seen=("output-stationary", "output stationary"),
            zh=("输出固定(output-stationary)", "和留在阵列里,输入与权重流过去"),
        ),
        Term(
            "istat",
            N_("input-stationary"),
            N_("the inputs stay in the array, the weights flow through"),
            seen=("input-stationary", "input stationary"),
            zh=("输入固定(input-stationary)", "输入留在阵列里,权重流过去"),
        ),
        Term(
            "multiplier",
            N_("multiplier"),
            N_(
                "a place in a systolic array: each cycle it multiplies two numbers and adds to a "
                "sum"
            ),
            seen=("multiplier", "multipliers"),
            zh=("乘法器", "脉动阵列里的一个位置:每个周期乘两个数,加到和上"),
        ),
        Term(
            "fold",
            N_("fold"),
            N_("a part of a product that fills a systolic array once; fold comes after fold"),
            seen=("fold", "folds"),
            zh=("折", "一次填满脉动阵列的那部分乘法;一折接一折"),
        ),
        Term(
            "cycle",
            N_("cycle"),
            N_("a tick of the hardware's clock"),
            seen=("cycle", "cycles"),
            zh=("周期", "硬件时钟的一拍"),
        ),
        Term(
            "dataflow",
            N_("dataflow"),
            N_("which of the three matrices sits still in a systolic array"),
            seen=("dataflow", "dataflows"),
            zh=("数据流", "脉动阵列里三个矩阵中哪一个不动"),
        ),
        Term(
            "reuse",
            N_("reuse"),
            N_("how often a number that was loaded is used before it is loaded again"),
            zh=("复用", "一个数读进来以后,再次读取之前用了几次"),
        ),
        Term(
            "loads",
            N_("loads of A and B"),
            N_("how many numbers the units read of the two matrices, with tiles and without"),
            zh=("A 和 B 的读取", "各单元一共从两个矩阵读多少个数,分块与不分块各是多少"),
        ),
        Term(
            "ladder",
            N_("ladder"),
            N_("one layer computed in ever better ways, rung by rung: each loads less per sum"),
            seen=(),
            zh=("阶梯", "同一层用越来越好的方法来算,一级一级:每级为同一个和读得更少"),
        ),
        Term(
            "trace",
            N_("trace"),
            N_("a table of tiles: which, on which unit, from when to when"),
            seen=("trace", "traces"),
            types=("Trace",),
            zh=("轨迹", "一张分块的表:哪一块、在哪个单元、从何时到何时"),
        ),
        Term(
            "frame",
            N_("frame"),
            N_("what a trace is at one instant"),
            seen=(),
            types=("Frame",),
            zh=("一帧", "轨迹在某一瞬间的样子"),
        ),
    ),
)
