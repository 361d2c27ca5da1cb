"""What is computed: dense networks and lists of products, as matrix products in order.

Workloads enter, Gemms leave. Must not know devices, tiles, times, files or windows.
"""
