"""Where the user's own files are, whether anything is there or not."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def data() -> Path:
    """The folder of what is kept: own devices, calibrations, runs, languages."""
    return platformdirs.user_data_path("mmviz", appauthor=False)


def config() -> Path:
    """The folder of the settings."""
    return platformdirs.user_config_path("mmviz", appauthor=False)
