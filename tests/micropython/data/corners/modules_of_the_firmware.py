import sys, gc
print(sys, gc.__name__, type(sys.__dict__).__name__)
try:
    sys.nothing = 1
except AttributeError as e:
    print(e)
import builtins
builtins.twelve = 12
print(twelve)
try:
    gc.collect = 3
except AttributeError as e:
    print(e)
try:
    del gc.collect
except AttributeError as e:
    print(e)
