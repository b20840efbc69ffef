# The steps of the script in the headers of the recorded traces, books included, up to its first arrays. Two things
# follow from the measured thresholds: nothing is collected before the load, and functions came before arrays.

# options: what the thresholds' columns are
MODEL = "/rom/model.tflite"
INPUT = "ndarray"
LOOPS = 1
# end of options

import gc, gctrace
PATH = MODEL
gctrace.info("main_start")
gctrace.mark("import ml")
import ml
gctrace.info("after_import_ml")
gctrace.mark("import ulab/image")
from ulab import numpy as np
import image
gctrace.info("after_import_ulab")
gctrace.mark("collect")
gctrace.info("before_model")
gctrace.chunks("before_model")
gctrace.mark("Model()")
m = None
m = ml.Model(PATH)  # step: load
gctrace.mark("Model() done")
gctrace.info("after_model")
gctrace.chunks("after_model")
if LOOPS:
    def fill(buf, shape, dtype):
        pass
    lst = [fill] * len(m.input_shape)
    if INPUT == "callable":
        o = m.predict(lst)  # step: predict
    if INPUT == "ndarray":
        try:
            o = m.predict(lst)
        except Exception as e:
            gctrace.exc(e)
        o = None
        gc.collect()
        inp = [np.zeros(s) for s in m.input_shape]  # step: input
        o = m.predict(inp)  # step: predict
