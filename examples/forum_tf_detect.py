# The script of forum thread 9790, written anew from its description, for OpenMV 4.5.5 and older:
# a YOLOv8 model is loaded next to the frame buffer and run with net.detect().
import sensor
import tf
import gc

sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
sensor.set_windowing((240, 240))
sensor.skip_frames(time=2000)

net = tf.load("yolov8.tflite", load_to_fb=True)
print("loaded,", gc.mem_free(), "bytes free")

while True:
    img = sensor.snapshot()
    for label, found in enumerate(net.detect(img, thresholds=[(128, 255)])):
        for detection in found:
            print(label, detection.rect())
