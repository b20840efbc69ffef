# Palms. BlazePalm() leaves 1.5 MB of garbage.
import gc
import sensor
import ml
from ml.postprocessing.mediapipe import BlazePalm

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

detector = BlazePalm(threshold=0.4)
gc.collect()
model = ml.Model("/rom/palm_detection_full_192.tflite", postprocess=detector)

while True:
    img = sensor.snapshot()
    for box, score, points in model.predict([img]):
        img.draw_rectangle(tuple(box), color=(255, 255, 0))
        print("palm %.2f" % score)
