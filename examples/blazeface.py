# Faces with keypoints. BlazeFace() leaves 678 320 bytes of garbage: collect before the model is loaded.
import gc
import sensor
import time
import ml
import ml.utils
from ml.postprocessing.mediapipe import BlazeFace

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

detector = BlazeFace(threshold=0.4)
gc.collect()
model = ml.Model("/rom/blazeface_front_128.tflite", postprocess=detector)

clock = time.clock()
while True:
    clock.tick()
    img = sensor.snapshot()
    for box, score, points in model.predict([img]):
        ml.utils.draw_predictions(img, [box], ("face",), ((0, 0, 255),), format=None)
        ml.utils.draw_keypoints(img, points, color=(255, 0, 0))
    print(clock.fps(), "fps")
