# Is a person in the picture? Classification of a grayscale frame.
import sensor
import time
import ml

sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QVGA)
sensor.skip_frames(time=500)

model = ml.Model("/rom/person_detect.tflite")
print(model)

clock = time.clock()
while True:
    clock.tick()
    img = sensor.snapshot()
    scores = model.predict([img])[0].flatten().tolist()
    best = max(zip(scores, model.labels), key=lambda pair: pair[0])
    print("%s %.2f, %.1f fps" % (best[1], best[0], clock.fps()))
