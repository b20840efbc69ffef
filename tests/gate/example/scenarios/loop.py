# a script that holds a buffer beside its model

# options
MODEL = "/rom/model.tflite"
LOOPS = 3
COLLECT = "none"
# end of options

import ml  # step: import ml
import sensor  # step: camera

sensor.reset()  # step: camera
sensor.set_pixformat(sensor.GRAYSCALE)  # step: camera
sensor.set_framesize(sensor.QVGA)  # step: camera
buffer = bytearray(65536)  # step: buffer
model = ml.Model(MODEL)  # step: load
for _ in range(LOOPS):
    img = sensor.snapshot()  # step: predict
    model.predict([img])  # step: predict
