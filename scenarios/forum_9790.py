# The forum's question (thread 9790): net.detect() with 265184 bytes free
# firmware: 4.5.5
#
#     omvsim models make yolov8n-like --size 640 --classes 2
#     omvsim run yolov8n-like.tflite --scenario forum_9790

# options: what omvsim's command line and the model decide
MODEL = "/model.tflite"
LOAD = "fb"
LOAD_TO_FB = True
FREE = 265184
# end of options


import gc  # step: import
import sensor  # step: camera
import tf  # step: import

sensor.reset()  # step: camera
sensor.set_pixformat(sensor.RGB565)  # step: camera
sensor.set_framesize(sensor.QVGA)  # step: camera
if LOAD_TO_FB:
    net = tf.load(MODEL, load_to_fb=True)  # step: load
else:
    net = tf.load(MODEL)  # step: load
img = sensor.snapshot()  # step: snapshot
thresholds = [(128, 255)]  # step: snapshot
rest = [None] * 512  # step: fill
count = found = None  # step: fill
gc.collect()  # step: fill
count = 0
while gc.mem_free() > FREE + 48:  # what else the user's script holds, in every hole: the rest is one run
    rest[count] = bytearray(16)  # step: fill
    count += 1
rest[count] = bytearray(gc.mem_free() - FREE - 16)  # step: fill
found = net.detect(img, thresholds=thresholds)  # step: predict
