"""Opens the editor of the bundled VST3 in DawDreamer on an X server, types a prompt, lets it generate, photographs it, and closes it.

    window.py BUNDLE PICTURE

DawDreamer holds Python while its window is open, so another process does what a user would do: this file, called with "--hand".
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = "dusty boom bap drums"
# the first frame of a software driver may take long
PATIENCE = 90.0


def hand(picture):
    """What a user does: clicks on the prompt, types, presses Enter, waits, leaves."""

    def run(*command):
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()

    def windows():
        return run("xdotool", "search", "--onlyvisible", "--name", "inlay")

    end = time.monotonic() + PATIENCE
    while not windows():
        if time.monotonic() > end:
            sys.exit("no window opened")
        time.sleep(0.2)
    time.sleep(8.0)
    window = windows()[-1]
    run("xdotool", "mousemove", "--window", window, "300", "22", "click", "1")
    time.sleep(1.0)
    run("xdotool", "type", "--delay", "60", WORDS)
    time.sleep(1.0)
    run("xdotool", "key", "Return")
    time.sleep(10.0)
    run("xdotool", "mousemove", "--window", window, "450", "600")
    time.sleep(1.0)
    run("import", "-window", "root", picture)
    run("xdotool", "key", "Escape")
    time.sleep(0.5)
    # as the window manager asks for it: whoever destroys the window himself ends its program
    run("xdotool", "key", "--clearmodifiers", "alt+F4")


def main(bundle, picture):
    import dawdreamer

    sys.path.insert(0, str(Path(__file__).parent))
    import juce

    engine = dawdreamer.RenderEngine(48_000, 512)
    plugin = engine.make_plugin_processor("inlay", bundle)
    engine.load_graph([(plugin, [])])
    engine.render(0.1)
    user = subprocess.Popen([sys.executable, __file__, "--hand", picture])
    plugin.open_editor()
    if user.wait() != 0:
        sys.exit("the window could not be used")
    kept = {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "state")
        plugin.save_state(path)
        juce.edit(path, lambda data: kept.update(json.loads(data)) or data)
    session = json.loads(kept["fields"]["inlay"])
    if session["prompt"] != WORDS:
        sys.exit(f"typed {WORDS!r}, and the prompt is {session['prompt']!r}")
    if len(session["takes"]) != 1:
        sys.exit(f"Enter made {len(session['takes'])} takes")
    print("  a prompt is typed into the window, Enter makes a take, and the project keeps both")


if __name__ == "__main__":
    if sys.argv[1] == "--hand":
        hand(sys.argv[2])
    else:
        main(sys.argv[1], sys.argv[2])
