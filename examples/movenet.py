# A body's keypoints: the best cell of each heat map, by hand (5.0.0 has a class for it).
import sensor
import ml
from ulab import numpy as np

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)


def keypoints(model, inputs, outputs):
    heat = outputs[0]
    _, rows, cols, count = heat.shape
    flat = heat.reshape((rows * cols, count))
    best = np.argmax(flat, axis=0)
    return [(int(best[i]) % cols, int(best[i]) // cols) for i in range(count)]


model = ml.Model("/rom/movenet_singlepose_192.tflite", postprocess=keypoints)

while True:
    img = sensor.snapshot()
    points = model.predict([img])
    print(points[0], len(points))
