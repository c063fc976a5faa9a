"""Hosts the bundled VST3 in DawDreamer: parameters, a take through a trigger, time, tempo maps, state. `./x test` runs it."""

import json
import sys
import tempfile
import time
from pathlib import Path

import dawdreamer
import numpy

sys.path.insert(0, str(Path(__file__).parent))
import juce

RATE, BLOCK, BEAT = 48_000, 512, 24_000
PARAMETERS = [
    "Bypass", "Gain", "Mix", "Width", "Slot", "Switch at", "Notes", "Feel", "Bars", "Steps", "Guidance", "Variation", "Seed lock",
    "Generate", "Inpaint", "Vary", "Next", "Previous",
]
# who waits longer for a take waits in vain
PATIENCE = 180.0


class Host:
    """A project at 120 BPM with one instance."""

    def __init__(self, path):
        self.engine = dawdreamer.RenderEngine(RATE, BLOCK)
        self.engine.set_bpm(120.0)
        self.plugin = self.engine.make_plugin_processor("inlay", path)
        self.engine.load_graph([(self.plugin, [])])
        self.index = {p["name"]: p["index"] for p in self.plugin.get_parameters_description()}

    def set(self, name, value):
        self.plugin.set_parameter(self.index[name], value)

    def play(self, seconds):
        """What it plays from the song's start on."""
        self.engine.render(seconds)
        return self.engine.get_audio()

    def pull(self, name):
        """Lets a trigger go up within a second of playing."""
        up = numpy.zeros(RATE, dtype=numpy.float32)
        up[RATE // 2 :] = 1.0
        self.plugin.set_automation(self.index[name], up)
        self.play(1.0)
        self.plugin.set_automation(self.index[name], numpy.zeros(1, dtype=numpy.float32))

    def edit(self, **fields):
        """Writes into the instance's part of its state, as a project would."""

        def change(data):
            state = json.loads(data)
            own = json.loads(state["fields"].get("inlay", "{}"))
            own.update(fields)
            state["fields"]["inlay"] = json.dumps(own)
            return json.dumps(state).encode()

        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "state")
            self.plugin.save_state(path)
            juce.edit(path, change)
            self.plugin.load_state(path)


def check(what, holds):
    if not holds:
        raise SystemExit(f"the VST3 fails: {what}")
    print(f"  {what}")


def same(a, b, start, frames, shift=0):
    """Whether two sounds are the same from `start` on."""
    return numpy.array_equal(a[:, start : start + frames], b[:, start + shift : start + shift + frames])


def parameters(host):
    check("all parameters are there", [name for name in PARAMETERS if name in host.index] == PARAMETERS)
    for name, value, text in [("Gain", None, "0.0 dB"), ("Bars", 0.5, "4 bars"), ("Slot", 1.0, "8"), ("Mix", 0.5, "50 %")]:
        before = host.plugin.get_parameter(host.index[name])
        if value is not None:
            host.set(name, value)
        said = host.plugin.get_parameter_text(host.index[name])
        # this host leaves units away
        check(f"{name} reads {said}", said and text.startswith(said))
        host.set(name, before)


def making(host):
    check("it is silent with nothing to play", not host.play(1.0).any())
    host.edit(prompt="house drums", seed=7, ahead=False)
    host.set("Bars", 0.0)
    host.set("Steps", 0.0)
    host.set("Seed lock", 1.0)
    host.play(0.1)
    host.pull("Generate")
    start = time.monotonic()
    while not host.play(2.0).any() and time.monotonic() - start < PATIENCE:
        time.sleep(0.1)
    took = time.monotonic() - start
    check(f"a take comes, {took:.1f} s after the trigger", took < PATIENCE)


def timing(host):
    sound = host.play(8.0)
    bar = 4 * BEAT
    check("it plays from the first bar on, without a seam", all(same(sound, sound, 300, bar - 300, k * bar) for k in (1, 2, 3)))
    check("it plays the same every time", numpy.array_equal(sound, host.play(8.0)))
    return sound


def tempo_map(host, sound):
    # a tempo that glides from 120 to 140 in beats 4 to 8, and back in beats 8 to 12
    ppqn = 960
    beats = numpy.arange(24 * ppqn) / ppqn
    tempo = numpy.interp(beats, [0, 4, 8, 12, 24], [120, 120, 140, 120, 120]).astype(numpy.float32)
    host.engine.set_bpm(tempo, ppqn)
    moved = host.play(10.0)
    host.engine.set_bpm(120.0)
    check("a tempo map is followed", numpy.isfinite(moved).all() and same(moved, sound, 300, 4 * BEAT - 600))
    # the last beats are at 120 again: where they are in the loop follows from the song's position there
    seconds = float(numpy.sum(60.0 / tempo[: 14 * ppqn]) / ppqn)
    at, frames = int(round(seconds * RATE)), 2 * BEAT
    there, bar = moved[:, at : at + frames], sound[:, 4 * BEAT : 8 * BEAT]
    expected = numpy.roll(bar, -2 * BEAT, axis=1)[:, :frames]
    best = min(range(-48, 49), key=lambda lag: float(numpy.abs(there[:, 100:-100] - numpy.roll(expected, lag, axis=1)[:, 100:-100]).sum()))
    check(f"behind it the loop is within a millisecond of the song ({best} frames)", abs(best) <= 48 and there.any())


def state(path, host, sound):
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "state")
        host.plugin.save_state(file)
        other = Host(path)
        other.plugin.load_state(file)
        check("a project that is opened again plays the same samples", numpy.array_equal(other.play(8.0), sound))
        again = str(Path(folder) / "again")
        other.plugin.save_state(again)
        own = [json.loads(juce.read(path))["fields"]["inlay"] for path in (file, again)]
        check("and is saved the same", own[0] == own[1])


def main():
    path = sys.argv[1]
    host = Host(path)
    parameters(host)
    making(host)
    sound = timing(host)
    tempo_map(host, sound)
    state(path, host, sound)
    print("the VST3 holds in DawDreamer")


if __name__ == "__main__":
    main()
