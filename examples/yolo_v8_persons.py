# Boxes around persons with YOLOv8n.
import sensor
import time
import ml
from ml.postprocessing.ultralytics import YoloV8

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

model = ml.Model("/rom/yolov8n_192.tflite", postprocess=YoloV8(threshold=0.4))

clock = time.clock()
while True:
    clock.tick()
    img = sensor.snapshot()
    for found in model.predict([img]):
        for (x, y, w, h), score in found:
            img.draw_rectangle((x, y, w, h), color=(255, 0, 0))
            print("person", x, y, w, h, score)
    print(clock.fps(), "fps")
