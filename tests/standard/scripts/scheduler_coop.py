class Task:  #: 16*3 60
    def __init__(self, gen, period):  #: 16 32
        self.gen = gen  #: 16*2
        self.period = period
        self.next = 0  #: 32*2
def led(log):  #: 16
    on = False
    while True:
        on = not on
        log.append("led%d" % on)  #: 16*8
        yield
def sense(log):  #: 16
    k = 0
    while k < 4:
        k += 1
        log.append("s%d" % k)  #: 16*6 +32 16*2
        yield
log = []  #: 16*2
tasks = [Task(led(log), 3), Task(sense(log), 2)]  #: 52 16*2 52 16*4
for now in range(12):
    for t in tasks[:]:  #: 16*3 136 16*33
        if now >= t.next:
            t.next = now + t.period
            try:
                next(t.gen)  #: 16 12
            except StopIteration:
                tasks.remove(t)
print(log, len(tasks))
#5.0.0 20: 136
#5.0.0 21: 16*36
#| ['led1', 's1', 's2', 'led0', 's3', 'led1', 's4', 'led0'] 1
