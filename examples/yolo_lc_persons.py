# Boxes around persons with YOLO LC.
import sensor
import time
import ml
import ml.utils
from ml.postprocessing.darknet import YoloLC

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

model = ml.Model("/rom/yolo_lc_192.tflite", postprocess=YoloLC(threshold=0.4))

clock = time.clock()
while True:
    clock.tick()
    img = sensor.snapshot()
    for label, found in enumerate(model.predict([img])):
        boxes = [box for box, score in found]
        names = [model.labels[label]] * len(boxes)
        ml.utils.draw_predictions(img, boxes, names, [(0, 0, 255)] * len(boxes), format=None)
    print(clock.fps(), "fps")
