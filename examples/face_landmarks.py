# Landmarks of every face: one model finds the faces, another looks at each of them.
import gc
import sensor
import ml
import ml.utils
from ml.preprocessing import Normalization
from ml.postprocessing.mediapipe import BlazeFace, FaceLandmarks

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)

faces = BlazeFace(threshold=0.4)
gc.collect()
detection = ml.Model("/rom/blazeface_front_128.tflite", postprocess=faces)
landmarks = ml.Model("/rom/face_landmarks_192.tflite", postprocess=FaceLandmarks(threshold=0.4))

while True:
    img = sensor.snapshot()
    for (x, y, w, h), score, points in detection.predict([img]):
        around = Normalization(roi=(x - w // 2, y - h // 2, w * 2, h * 2))
        for box, score, points in landmarks.predict([around(img)]):
            ml.utils.draw_keypoints(img, points, radius=0, color=(0, 255, 0))
