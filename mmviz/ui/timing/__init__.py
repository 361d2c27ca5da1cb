"""Live timing: the child process, the table, the charts."""
