"""What really ran: tiles with the time, the unit and the core they were computed at."""
