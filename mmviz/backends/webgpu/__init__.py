"""A GPU on any computer: WGSL kernels over wgpu (Vulkan, Metal, Direct3D 12).

adapters   which GPUs there are, and which one a person would take
products   WGSL of the products: the ladder of kernels
cells      WGSL of all the rest of a pass: row functions, slopes, sums, update
device     an open GPU: buffers, programs, what is submitted
matrix     a stored matrix and the parts of it that one binding can hold
passes     a pass of a network as a list of submissions
backend    who it is
"""
