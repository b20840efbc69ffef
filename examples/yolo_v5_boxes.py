# Boxes with YOLOv5n.
import csi
import time
import ml
from ml.postprocessing.ultralytics import YoloV5

camera = csi.CSI()
camera.reset()
camera.pixformat(csi.RGB565)
camera.framesize(csi.QVGA)

model = ml.Model("/rom/yolo_v5_224_nano.tflite", postprocess=YoloV5(threshold=0.4))

clock = time.clock()
while True:
    clock.tick()
    img = camera.snapshot()
    for label, found in enumerate(model.predict([img])):
        for box, score in found:
            img.draw_rectangle(tuple(box), color=(255, 0, 0))
    print(clock.fps(), "fps")
