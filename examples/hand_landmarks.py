# Landmarks of one hand in the middle of the picture.
import sensor
import ml
import ml.utils
from ml.preprocessing import Normalization
from ml.postprocessing.mediapipe import HandLandmarks

FINGERS = ((0, 4), (0, 8), (0, 12), (0, 16), (0, 20))

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

model = ml.Model("/rom/hand_landmarks_full_224.tflite", postprocess=HandLandmarks(threshold=0.4))
middle = Normalization(roi=(40, 0, 240, 240))

while True:
    img = sensor.snapshot()
    for side, hands in enumerate(model.predict([middle(img)])):
        for box, score, points in hands:
            ml.utils.draw_skeleton(img, points, FINGERS)
            print("right" if side else "left", score)
