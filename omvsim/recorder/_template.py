"""The recorder's MicroPython text. ``@NAME@`` marks are replaced by the generator; no line of it needs a library.

It is written for a heap that may be full: nothing is formatted (``print`` writes its arguments one by one), nothing is
kept but the model, its inputs and the last outputs, and each stage catches its own exception. Module names: ``tf`` up
to 4.5.5, ``ml`` from 4.5.6; ``omv`` tells the release on all of them. Every line has a number, so that a line that was
lost is noticed; numbers are small ints and cost no heap. Where the way to the PC may drop what it is not asked for in
time, the script waits with each line until the one before was acknowledged (``PACED``).
"""

PACED = """\
class Heard:
    # how many lines the PC has: it writes them as two bytes, and indexing those costs no heap
    lines = 0

    def write(self, offset, data):
        Heard.lines = data[0] + 256 * data[1]
        return len(data)


import protocol
protocol.register(name="@CHANNEL@", backend=Heard())


def nth():
    global N
    for _ in range(5000):  # 5 s: a PC that is gone must not stop the camera
        if Heard.lines >= N:
            break
        time.sleep_ms(1)
    N += 1
    return N
"""
"""Waits for the PC (firmware with protocol version 2 and ``protocol.register``: openmv/openmv v5.0.0
``modules/py_protocol.c``); the ring of the printed text has 1 024 bytes there and overflows silently
(``protocol/omv_protocol_channel_stdio.c``)."""

PLAIN = """\
def nth():
    global N
    N += 1
    return N
"""

SCRIPT = """\
# omvsim recorder 2: prints what this camera's heap does while it loads and runs a model, one JSON object a line.
# Run it in the IDE or with "omvsim trace record"; needs nothing installed. Made for: @TITLE@
import gc
import sys
import time
try:
    import micropython
    mem_info = micropython.mem_info
except (ImportError, AttributeError):
    mem_info = None
try:
    import ml
    tf = None
except ImportError:
    ml = None
    import tf
try:
    import omv
    version = omv.version_string()
    board = omv.board_type()
except (ImportError, AttributeError):
    version = "unknown"
    board = sys.platform

PATH = "@PATH@"
FRAMES = @FRAMES@
MAP = @MAP@
PROBE = @PROBE@
N = 0


@NTH@

def snapshot(label):
    print('{"n":', nth(), ',"ev":"snapshot","label":"', label, '","used":', gc.mem_alloc(), ',"free":', gc.mem_free(),
          "}", sep="")
    if mem_info:
        print('{"n":', nth(), ',"ev":"mem_info","label":"', label, '"}', sep="")
        if MAP:
            mem_info(1)
        else:
            mem_info()


def failed(e):
    # the text of an exception is printed as it is: a quote in it would end the JSON string
    kind = type(e).__name__
    text = e.args[0] if e.args else ""
    if isinstance(text, str) and '"' in text:
        e = text.replace('"', "'")
    print('{"n":', nth(), ',"ev":"exception","text":"', kind, ": ", e, '"}', sep="")


def took(what, start):
    us = time.ticks_diff(time.ticks_us(), start)
    print('{"n":', nth(), ',"ev":"time","what":"', what, '","us":', us, "}", sep="")


def fill(buf, shape, dtype):
    pass


def load():
    if tf:
        return tf.load(PATH, load_to_fb=@TO_FB@)
    @ML_LOAD@


def ram(m):
    value = m.ram
    return value() if callable(value) else value


def inputs(m):
    if tf:
        import image
        color = m.input_channels() == 3
        return image.Image(m.input_width(), m.input_height(), image.RGB565 if color else image.GRAYSCALE)
    return [fill] * len(m.input_shape)


def run(m, data):
    return m.@TF_CALL@ if tf else m.predict(data)


def probe(label):
    # the largest buffers there are, one after the other: each length of a free run, to a block of 16 bytes
    held = [None] * 3
    print('{"n":', nth(), ',"ev":"probe","label":"', label, '","bytes":[', sep="", end="")
    for i in range(3):
        low = 0
        high = gc.mem_free() // 16
        while low < high:
            middle = (low + high + 1) // 2
            try:
                held[i] = None
                held[i] = bytearray(middle * 16)
                low = middle
            except MemoryError:
                high = middle - 1
        try:
            held[i] = bytearray(low * 16)
        except MemoryError:
            pass  # what the search itself left behind is in the way now: the figure stands
        print("," if i else "", low * 16, sep="", end="")
    print("]}")


gc.collect()
print('{"ev":"header","schema":"omvsim.trace","version":1,"origin":"recorder","firmware":"', version,
      '","board":"', board, '","models":[@MODEL@],"load":"@LOAD@"}', sep="")
snapshot("before_model")
m = None
o = None
try:
    t = time.ticks_us()
    m = load()
    took("load", t)
except Exception as e:
    failed(e)
snapshot("after_model")
if m is not None:
    try:
        size = ram(m)
        print('{"n":', nth(), ',"ev":"model","ram":', size, "}", sep="")
        print(m)
    except Exception as e:
        failed(e)
    gc.collect()
    snapshot("after_model_collect")
    try:
        data = inputs(m)
        for i in range(FRAMES):
            t = time.ticks_us()
            o = run(m, data)
            took("predict", t)
            snapshot("after_predict")
    except Exception as e:
        failed(e)
m = None
o = None
data = None
gc.collect()
snapshot("end")
if PROBE:
    try:
        probe("end")
    except Exception as e:
        print("]}")
        failed(e)
print('{"n":', nth(), ',"ev":"end"}', sep="")
"""
