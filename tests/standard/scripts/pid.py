class PID:  #: 16*3 60
    def __init__(self, kp, ki, kd, lim=100):  #: 12 20 32
        self.kp, self.ki, self.kd = kp, ki, kd  #: 16 32
        self.i = 0.0
        self.last = None  #: 48
        self.lim = lim
    def step(self, err, dt=0.05):  #: 12 20
        self.i += err * dt  #: 8*80
        self.i = max(-self.lim, min(self.lim, self.i))
        d = 0 if self.last is None else (err - self.last) / dt  #: 8*78
        self.last = err
        return self.kp * err + self.ki * self.i + self.kd * d  #: 8*200
pid = PID(0.6, 0.1, 0.02)  #: 16 20
pos = 0.0
for k in range(40):
    u = pid.step(50 - pos)  #: 8*40
    pos += u * 0.05  #: 8*80
print("%.3f %.3f" % (pos, u))  #: 16*3
#| 39.501 11.959
