"""What other tools write of a GPU's programs, read without a matrix.

traces     any such file, opened
rows       whose trace it is, and where each row of it ran, by how tools name their rows
slices     slices in columns, and the launches they are of
events     Chrome traces, event after event
proton     which clock Triton Proton counts
perfetto   traces as Perfetto keeps them, as FlashInfer writes
iket       NVIDIA's In-Kernel Event Tracing
"""
