# Load a model, then predict in a loop.

# options: what omvsim's command line and the model decide
MODULE = "ml"  # "tf" up to 4.5.5
MODEL = "/rom/model.tflite"
LOAD_TO_FB = False
POSTPROCESS = None  # a module of ml.postprocessing, e.g. ultralytics
DETECTOR = None  # its class, e.g. YoloV8
INPUT = "camera"  # camera, image, ndarray or callable
PIXFORMAT = RGB565
FRAMESIZE = QVGA
FRAMEBUFFERS = None  # as many as the firmware makes
WIDTH = 96
HEIGHT = 96
INPUTS = 1
COLLECT = "none"  # gc.collect() before "load", each "frame" or "both"
LOOPS = 5
KEEP_OUTPUT = False
CALLBACK = False
METHOD = classify  # of a model of the tf module
# end of options

if COLLECT != "none":
    import gc  # step: import
if INPUT == "camera":
    import sensor  # step: camera
if INPUT == "image":
    import image  # step: import
if INPUT == "ndarray":
    from ulab import numpy as np  # step: import
if MODULE == "tf":
    import tf  # step: import tf
else:
    import ml  # step: import ml
if POSTPROCESS:
    from ml.postprocessing.POSTPROCESS import DETECTOR  # step: import ml

if INPUT == "camera":
    sensor.reset()  # step: camera
    sensor.set_pixformat(sensor.PIXFORMAT)  # step: camera
    sensor.set_framesize(sensor.FRAMESIZE)  # step: camera
    if FRAMEBUFFERS:
        sensor.set_framebuffers(FRAMEBUFFERS)  # step: camera
    sensor.snapshot()  # step: camera

if COLLECT in ("load", "both"):
    gc.collect()  # step: collect
if MODULE == "tf":
    if LOAD_TO_FB:
        model = tf.load(MODEL, load_to_fb=True)  # step: load
    else:
        model = tf.load(MODEL)  # step: load
elif POSTPROCESS and LOAD_TO_FB:
    model = ml.Model(MODEL, load_to_fb=True, postprocess=DETECTOR())  # step: load
elif POSTPROCESS:
    model = ml.Model(MODEL, postprocess=DETECTOR())  # step: load
elif LOAD_TO_FB:
    model = ml.Model(MODEL, load_to_fb=True)  # step: load
else:
    model = ml.Model(MODEL)  # step: load

if LOOPS:
    if INPUT == "image":
        img = image.Image(WIDTH, HEIGHT, image.PIXFORMAT)  # step: input
    if INPUT == "ndarray":
        inputs = [np.zeros(shape) for shape in model.input_shape]  # step: input
    if INPUT == "callable":

        def fill(buffer, shape, dtype):
            pass

        inputs = [fill] * INPUTS  # step: input
    if CALLBACK:

        def callback(model, inputs, outputs):
            return None

    for frame in range(LOOPS):
        if COLLECT in ("frame", "both"):
            gc.collect()  # step: predict
        if INPUT == "camera":
            img = sensor.snapshot()  # step: predict
        if MODULE == "tf" and METHOD == "detect":
            if KEEP_OUTPUT:
                outputs = model.detect(img, thresholds=[(128, 255)])  # step: predict
            else:
                model.detect(img, thresholds=[(128, 255)])  # step: predict
        elif MODULE == "tf":
            if KEEP_OUTPUT:
                outputs = model.METHOD(img)  # step: predict
            else:
                model.METHOD(img)  # step: predict
        elif INPUT in ("camera", "image"):
            if CALLBACK:
                model.predict([img], callback=callback)  # step: predict
            elif KEEP_OUTPUT:
                outputs = model.predict([img])  # step: predict
            else:
                model.predict([img])  # step: predict
        elif CALLBACK:
            model.predict(inputs, callback=callback)  # step: predict
        elif KEEP_OUTPUT:
            outputs = model.predict(inputs)  # step: predict
        else:
            model.predict(inputs)  # step: predict
