"""A GPU on any computer: WGSL kernels over wgpu (Vulkan, Metal, Direct3D 12).

adapters   which GPUs there are, and which one a person would take
products   WGSL of the products: the ladder of kernels
register   those of its kernels that share blocks
cells      WGSL of all the rest of a pass: row functions, slopes, sums, update
device     an open GPU: buffers, programs, what is submitted
clock      the GPU's own
faults     what wgpu says, as what it means
matrix     a stored matrix and the parts of it that one binding can hold
work       what lies ready on a GPU: groups of dispatches
passes     a pass of a network
lists      a pass of a list of products
tickets    products whose workgroups draw tickets, in a pass of either
recorder   a pass recorded by them
backend    who it is
tiles      who records
"""
