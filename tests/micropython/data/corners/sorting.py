print(sorted([3, 1, 2, 1, 3], reverse=True), sorted([]), sorted([1]), sorted("hello"), sorted(range(30), key=lambda x: x % 7)[:4])
