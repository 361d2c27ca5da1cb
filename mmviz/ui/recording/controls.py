"""Beside the name of the panel Recording: what is recorded, how, Open and Record."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from mmviz.state.recording.asked import BACKENDS, ORDERS, SIDES, Asked
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import cut_short, muted

RECORD, STOP = N_("● Record"), N_("■ Stop")
