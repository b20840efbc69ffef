# The same task on OpenMV 4.8.1 and later: ml.Model, Normalization and a post-processing callback.
import sensor
import ml
from ml.preprocessing import Normalization
from ml.postprocessing.ultralytics import YoloV8

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
sensor.set_windowing((240, 240))

model = ml.Model("/flash/yolov8.tflite")
boxes = YoloV8(threshold=0.5)
normalization = Normalization(scale=(0.0, 1.0))

while True:
    img = sensor.snapshot()
    for label, found in enumerate(model.predict([normalization(img)], callback=boxes)):
        for (x, y, w, h), score in found:
            img.draw_rectangle((x, y, w, h))
            print(label, x, y, w, h, score)
