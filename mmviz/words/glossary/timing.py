"""How long it takes: what a time is made of, and how it is measured."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

TIMING = Group(
    "timing",
    N_("How long"),
    (
        Term(
            "setup",
            N_("setup"),
            N_("what is priced: workload, batch, training, device, number format, tile, order"),
            seen=(),
            types=("Setup",),
            zh=("配置", "要估时的东西:工作量、批大小、是否训练、设备、数值格式、分块、顺序"),
        ),
        Term(
            "flops",
            N_("FLOP/s"),
            N_("how many of them in a second"),
            seen=("FLOP/s", "kFLOP/s", "MFLOP/s", "GFLOP/s", "TFLOP/s", "PFLOP/s"),
            zh=("FLOP/s(每秒浮点运算次数)", "一秒能做多少次"),
        ),
        Term(
            "peak",
            N_("peak"),
            N_("the most FLOP/s the datasheet promises"),
            seen=("peak", "where the peak goes"),
            zh=("峰值", "数据手册上给出的最高 FLOP/s"),
        ),
        Term(
            "bandwidth",
            N_("bandwidth"),
            N_("bytes that memory delivers in a second"),
            zh=("带宽", "内存一秒能送来的字节数"),
        ),
        Term(
            "intensity",
            N_("arithmetic intensity"),
            N_("FLOP for each byte moved, each matrix moved once"),
            seen=("arithmetic intensity", "intensity", "FLOP per byte", "FLOP/B"),
            zh=("算术强度", "每搬一个字节做几次运算"),
        ),
        Term(
            "roofline",
            N_("roofline"),
            N_("the most FLOP/s possible at each intensity: first bandwidth, then the peak"),
            zh=("屋顶线模型(roofline)", "每个强度下最多能达到的 FLOP/s:先受带宽限制,再受峰值限制"),
        ),
        Term(
            "ridge",
            N_("ridge (point)"),
            N_("the intensity at which memory and arithmetic take equally long"),
            seen=("ridge", "ridge point"),
            zh=("脊点", "搬数据和做运算花同样时间的那个强度"),
        ),
        Term(
            "membound",
            N_("memory-bound"),
            N_("moving the bytes takes longer than the arithmetic"),
            seen=("memory-bound", "memory bound"),
            zh=("访存受限", "搬数据比做运算更久"),
        ),
        Term(
            "compbound",
            N_("compute-bound"),
            N_("the arithmetic takes longer than moving the bytes"),
            seen=("compute-bound", "compute bound"),
            zh=("计算受限", "做运算比搬数据更久"),
        ),
        Term(
            "limiter",
            N_("limiter"),
            N_("what most of the predicted time goes to"),
            seen=("limiter", "limited by"),
            zh=("限制因素", "预测时间里占得最多的那一项"),
        ),
        Term(
            "tilequant",
            N_("tile quantization"),
            N_("work on cells past the edge, because tiles come whole"),
            zh=("分块取整(tile quantization)", "分块只能整块算,边外的格子也要花时间"),
        ),
        Term(
            "wavequant",
            N_("wave quantization"),
            N_("units idle in the last wave, because waves come whole"),
            zh=("波次取整(wave quantization)", "波次只能整轮跑,最后一轮有单元空闲"),
        ),
        Term(
            "alignment",
            N_("alignment"),
            N_("whether rows begin where the hardware can load whole pieces"),
            zh=("对齐", "每行的开头是否落在硬件能整块读取的位置"),
        ),
        Term(
            "efficiency",
            N_("kernel efficiency"),
            N_(
                "how much of the peak a kernel reaches while all units compute; fitted to measured "
                "products"
            ),
            zh=("核函数效率", "所有单元都在算的时候,核函数达到峰值的几成;由实测乘法拟合"),
        ),
        Term(
            "tileeff",
            N_("tile efficiency"),
            N_("the share of the computed cells that are cells of Y, not past its edge"),
            seen=("tile efficiency", "tile eff."),
            zh=("分块效率", "算过的格子里真正属于 Y、不在边外的比例"),
        ),
        Term(
            "waveeff",
            N_("wave efficiency"),
            N_("the share of the slots' time, all waves together, in which they have a tile"),
            seen=("wave efficiency", "wave eff."),
            zh=("波次效率", "所有波次合起来,槽位的时间里有分块的比例"),
        ),
        Term(
            "constants",
            N_("constants"),
            N_(
                "the numbers of the time model that no datasheet gives, fitted to measured products"
            ),
            zh=("常数", "时间模型里数据手册没有给出的数,由实测乘法拟合"),
        ),
        Term(
            "close",
            N_("too close to call"),
            N_("two figures that are nearer to each other than their errors allow to tell apart"),
            seen=("too close to call", "no verdict"),
            zh=("难分高下", "两个数相差太小,在误差之内分不出高低"),
        ),
        Term(
            "noisy",
            N_("noisy"),
            N_("samples of one run that differ much, as when other programs were running"),
            seen=("noisy", "a little noisy"),
            zh=("有噪声", "同一次运行的采样相差很大,比如当时有别的程序在跑"),
        ),
        Term(
            "advice",
            N_("shape advice"),
            N_("neighbouring batches and widths that would take less time, and why"),
            zh=("形状建议", "旁边哪些批大小和宽度会更省时间,以及为什么"),
        ),
        Term(
            "thread",
            N_("thread"),
            N_("a line of work that a core follows; more of them than cores take turns"),
            seen=("thread", "threads"),
            zh=("线程", "一个核依次执行的一串工作;比核多时要轮流"),
        ),
        Term(
            "kernel",
            N_("kernel"),
            N_("the program a GPU runs for one product"),
            seen=("kernel", "kernels"),
            zh=("核函数(kernel)", "GPU 为一个乘法运行的程序"),
        ),
        Term(
            "launch",
            N_("launch"),
            N_("the time to get a kernel started, whatever it computes"),
            seen=("launch", "launches"),
            zh=("核函数启动", "让核函数开始运行所花的时间,与它算什么无关"),
        ),
        Term(
            "graph",
            N_("CUDA graph"),
            N_("a list of launches prepared once and replayed with less waiting"),
            seen=("CUDA graph", "CUDA graphs"),
            zh=("CUDA 图", "事先录好的一串启动,重放时等待更少"),
        ),
        Term(
            "calibration",
            N_("calibration"),
            N_("fitting the constants of the time model to measured products of a device"),
            seen=("calibration", "calibrate", "calibrated", "uncalibrated"),
            zh=("校准", "用设备上实测的乘法拟合时间模型的常数"),
        ),
        Term(
            "budget",
            N_("budget"),
            N_("the longest a pass may take, 33 ms at 30 pictures a second"),
            zh=("时间预算", "一次最多能花多久,每秒 30 幅图就是 33 ms"),
        ),
        Term(
            "error",
            N_("error (±)"),
            N_("how far predictions were off on average, on measured products kept out of the fit"),
            seen=("error", "error unknown"),
            zh=("误差(±)", "预测平均偏多少,用没有参加拟合的实测乘法核对"),
        ),
        Term(
            "backend",
            N_("backend"),
            N_("who multiplies here: a loop in Python, NumPy, a GPU's library"),
            seen=("backend", "backends"),
            types=("Backend",),
            zh=("后端", "在本机上做乘法的是谁:Python 循环、NumPy 或 GPU 的库"),
        ),
        Term(
            "numpy",
            N_("NumPy"),
            N_("Python's library for whole arrays; its products run in BLAS on all cores"),
            zh=("NumPy", "Python 的数组库;它的乘法由 BLAS 在所有核上完成"),
        ),
        Term(
            "cupy",
            N_("CuPy"),
            N_("a GPU's arrays in Python; its products run in cuBLAS on an NVIDIA GPU"),
            zh=("CuPy", "Python 的 GPU 数组库;它的乘法由 NVIDIA GPU 上的 cuBLAS 完成"),
        ),
        Term(
            "torch",
            N_("PyTorch"),
            N_("the library most networks are trained with; computes on CPUs and on GPUs"),
            zh=("PyTorch", "训练神经网络最常用的库;可在 CPU 和 GPU 上计算"),
        ),
        Term(
            "onnxruntime",
            N_("ONNX Runtime"),
            N_("a library that trained networks are deployed with: inference alone"),
            zh=("ONNX Runtime", "部署训练好的网络所用的库:只做推理"),
        ),
        Term(
            "forloops",
            N_("Python for-loops"),
            N_(
                "every multiplication written out in Python, as a beginner would; slow, but each "
                "step can be seen"
            ),
            zh=("Python 循环", "像初学者那样用 Python 逐个乘;慢,但每一步都看得见"),
        ),
        Term(
            "blas",
            N_("BLAS"),
            N_("the library of tuned matrix products that NumPy calls, such as OpenBLAS"),
            seen=("BLAS", "OpenBLAS"),
            zh=("BLAS", "NumPy 调用的、调优过的矩阵乘法库,例如 OpenBLAS"),
        ),
        Term(
            "sample",
            N_("sample"),
            N_("one timed pass"),
            seen=("sample", "samples"),
            zh=("采样", "计时的一遍"),
        ),
        Term(
            "run",
            N_("run"),
            N_("all samples of one plan with the machine they came from"),
            seen=(),
            types=("Run",),
            zh=("一次运行", "一个计划的全部采样,连同测它的机器"),
        ),
        Term(
            "sweep",
            N_("sweep"),
            N_("the time of a pass at every batch, or every width, of a range"),
            zh=("扫描", "对一段范围内的每个批大小(或宽度)各求一遍的时间"),
        ),
        Term(
            "race",
            N_("race"),
            N_("two setups computed on one clock, side by side"),
            seen=(),
            zh=("赛跑", "两种配置用同一个时钟并排计算"),
        ),
        Term(
            "earlier",
            N_("earlier run, journal"),
            N_("a run as it was kept on disk while it was measured, one file each"),
            seen=(),
            types=("KeptRun", "Journal"),
            zh=("以前的运行", "测量时就写到磁盘上的一次运行,每次一个文件"),
        ),
        Term(
            "load",
            N_("load"),
            N_(
                "what went on beside a run: cores that others took, threads that waited for one; "
                "what reads it"
            ),
            seen=(),
            types=("Load", "Meter"),
            zh=("负载", "运行期间别的程序占了多少核、有多少线程在等"),
        ),
        Term(
            "quota",
            N_("quota"),
            N_(
                "how many cores a container may keep busy; used up, it is held back until the "
                "period ends"
            ),
            zh=("配额", "容器最多能用几个核;用完就要等到本周期结束"),
        ),
        Term(
            "hindrance",
            N_("hindrance"),
            N_("what kept a run from having the machine to itself, said beside it"),
            seen=(),
            zh=("干扰", "使一次运行不能独占机器的事,写在它旁边"),
        ),
        Term(
            "step_of_time",
            N_("steps"),
            N_(
                "a device without a calibrated time model has no seconds: its time is counted in "
                "k-steps"
            ),
            seen=("steps", "in steps"),
            zh=("步", "设备还没有校准的时间模型时没有秒数:时间按 k 步来数"),
        ),
        Term(
            "visit",
            N_("visit, block"),
            N_("a few milliseconds in which a calibration times a product; some calls in a row"),
            seen=(),
            zh=("一访、一组", "校准给一个乘法计时的几毫秒;接连的几次调用"),
        ),
        Term(
            "latency",
            N_("latency"),
            N_("how long until one answer is there"),
            zh=("延迟", "等一个结果要多久"),
        ),
        Term(
            "throughput",
            N_("throughput"),
            N_("how many answers in a second"),
            zh=("吞吐量", "一秒出多少个结果"),
        ),
        Term(
            "p50",
            N_("p50 (median)"),
            N_("half of the passes took no longer"),
            seen=("p50", "median"),
            zh=("p50(中位数)", "一半的次数不超过这个时间"),
        ),
        Term(
            "p99",
            N_("p99"),
            N_("99 of 100 passes took no longer"),
            zh=("p99(第 99 百分位数)", "100 次里有 99 次不超过这个时间"),
        ),
        Term(
            "since",
            N_("since last run"),
            N_(
                "whether a backend takes longer than in an earlier run: faster, slower, the same, "
                "or ambiguous where the noise is too wide to tell"
            ),
            seen=("since last run", "ambiguous"),
            zh=(
                "与上次运行相比",
                "某个后端比早先一次运行更快、更慢、相同,还是因噪声太大而无法判断",
            ),
        ),
        Term(
            "distribution",
            N_("distribution"),
            N_("how often a pass took how long; the longest bar is the most frequent time"),
            zh=("分布", "一次计算花多长时间各出现多少次;最长的条是最常见的时间"),
        ),
    ),
)
