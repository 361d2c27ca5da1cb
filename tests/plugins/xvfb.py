"""A real X display for the tests that show a real window."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from collections.abc import Iterator

import pytest

START_S = 30  # a loaded machine is slow; one without Xvfb says so at once


@pytest.fixture
def xvfb() -> Iterator[str]:
    """The name of a display served by an Xvfb of this test alone, as the variable DISPLAY wants it.

    Skips the test where Xvfb is missing; with the variable CI set it fails instead.
    """
    if shutil.which("Xvfb") is None:
        reason = "Xvfb is missing; run: apt-get install -y xvfb"
        if os.environ.get("CI", "").lower() in ("", "0", "false"):
            pytest.skip(reason)
        pytest.fail(reason, pytrace=False)
    # The server finds a free number itself and tells it through the pipe: no race for :99.
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1200x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
    ) as server:
        os.close(writing)
        try:
            ready, _, _ = select.select([reading], [], [], START_S)
            number = os.read(reading, 16).decode().strip() if ready else ""
            if not number:
                pytest.fail("Xvfb did not start", pytrace=False)
            yield f":{number}"
        finally:
            os.close(reading)
            server.terminate()
