# "Yes" and "No" out of the microphone.
from ml.apps import MicroSpeech

speech = MicroSpeech()
while True:
    label, scores = speech.listen(timeout=0, threshold=0.7)
    if label:
        print(label)
