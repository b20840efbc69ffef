from collections import OrderedDict
print(OrderedDict([(1, 2), (3, 4)]) == OrderedDict([(1, 2), (3, 4)]), OrderedDict([(1, 2), (3, 4)]) == OrderedDict([(3, 4), (1, 2)]), OrderedDict([(1, 2)]) == OrderedDict([(1, 2), (3, 4)]), OrderedDict([(1, 2)]) == {1: 2}, {1: 2} == OrderedDict([(1, 2)]))
