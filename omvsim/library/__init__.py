"""The frozen Python package of the firmware, ``ml``: one file a class, what it returns and what it asks for.

The code is omvsim's own: functions of the host that do each step through the machine. Facts: openmv/openmv,
``scripts/libraries/ml`` at the tags; orders and sizes were measured on 4.8.1 and 5.0.0.
"""
