# Centres of faces with a FOMO model.
import sensor
import time
import ml
from ml.postprocessing.edgeimpulse import Fomo

COLORS = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

model = ml.Model("/rom/fomo_face_detection.tflite", postprocess=Fomo(threshold=0.4))

clock = time.clock()
while True:
    clock.tick()
    img = sensor.snapshot()
    for label, found in enumerate(model.predict([img])):
        if label == 0:
            continue  # background
        for (x, y, w, h), score in found:
            img.draw_circle((x + w // 2, y + h // 2, 12), color=COLORS[label])
            print(f"{model.labels[label]} at {x},{y}: {score:.2f}")
    print(clock.fps(), "fps")
