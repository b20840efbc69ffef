cfg = {"cam": {"w": 320, "h": 240, "fmt": "rgb"}, "net": {"ip": "10.0.0.1", "ports": [80, 443]}, "on": True}  #: 16 24 16 24 16*4
cfg["cam"]["w"] = 640
cfg["net"]["ports"].append(8080)
cfg.setdefault("log", {})["level"] = 2  #: 12 16 32 16
for k in sorted(cfg.keys()):  #: 12 16*3
    print(k, cfg[k] if not isinstance(cfg[k], dict) else sorted(cfg[k].items(), key=lambda x: x[0]))  #: 12 16*7 12 16*5 12 16*6
def walk(d, p=""):  #: 12 20
    for k in d:
        if isinstance(d[k], dict):
            walk(d[k], p + k + ".")  #: 5 16 5 16 5 16
        else:
            print(p + k, d[k])  #: 10 16 7 16 10 16 8 16 6 16 6 16
walk(cfg)
#| cam [('fmt', 'rgb'), ('h', 240), ('w', 640)]
#| log [('level', 2)]
#| net [('ip', '10.0.0.1'), ('ports', [80, 443, 8080])]
#| on True
#| on True
#| log.level 2
#| net.ip 10.0.0.1
#| net.ports [80, 443, 8080]
#| cam.fmt rgb
#| cam.w 640
#| cam.h 240
