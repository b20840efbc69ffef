import json  #: 16
class Settings:  #: 16*2 60
    DEFAULTS = {"exposure": 10000, "gain": 2.0, "roi": [0, 0, 320, 240], "mode": "auto"}  #: 16 32 16*2 32
    def __init__(self, text=None):  #: 12 20
        self.v = dict(self.DEFAULTS)  #: 16*2 32 16
        if text:
            self.v.update(json.loads(text))  #: 8 16 8 16 48
    def __getattr__(self, k):  #: 16 48
        try:
            return self.v[k]  #: 16 12*2
        except KeyError:
            raise AttributeError(k)  #: 16 12*2
    def dump(self):  #: 16
        return json.dumps(self.v)  #: 8 +32 +56 +80 +104 16
s = Settings('{"gain": 4.5, "new": null}')  #: 16 12
print(s.gain, s.mode, s.roi, s.new, len(json.loads(s.dump())))  #: 8 16*5 8 32 48
try:
    s.nope  #: +24
except AttributeError as e:
    print(e)
#| 4.5 auto [0, 0, 320, 240] None 5
#| nope
