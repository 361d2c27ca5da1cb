"""Choosing, editing and saving devices: between the session and the device editor."""

from __future__ import annotations

from PyQt6.QtCore import QObject

from mmviz.errors import InputError
from mmviz.files import devices
from mmviz.state.derived import device_known
from mmviz.state.device import edit as device_edit
from mmviz.text import N_, Text
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dialogs import ask_to_write

_DEVICES = Text(N_("Devices")), (".toml",)


class DeviceControl(QObject):
    """Every edit goes through the controller, so that it is seen at once and can be undone."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller = controller
        self.window = controller.window
        commands, editor = self.window.commands, self.window.device_editor
        commands["edit_device"].triggered.connect(editor.open)
        commands["save_device"].triggered.connect(self.save)
        commands["device_to_file"].triggered.connect(
            lambda: controller.edit("", device_edit.back_to_file)
        )
        editor.figure_chosen.connect(
            lambda name, value: controller.edit(name, device_edit.set_figure, name, value)
        )
        editor.name_chosen.connect(lambda name: controller.edit("", device_edit.rename, name))
        editor.settled.connect(controller.settle)
        editor.refused.connect(self.window.notice.say)
        self.window.closing.connect(editor.close)
        self.window.top.device.problem.connect(self.window.notice.say)

    def save(self) -> None:
        """Write the device as it is now to a file of the user's, and go on with that one."""
        try:
            self._save()
        except InputError as error:
            self.window.notice.say_why(error)

    def _save(self) -> None:
        device = device_known(self.controller.session, self.controller.facts)  # as it is wanted
        suggested = devices.make_own_folder() / f"{device_edit.own_name(device)}.toml"
        path = ask_to_write(self.window, N_("Save as own device"), str(suggested), (_DEVICES,))
        if path:
            saved = devices.save_as(device, path)
            self.controller.edit("", device_edit.saved_as, saved)
            self.window.notice.say(Text(N_("saved {path}"), path=path), folder=path)
