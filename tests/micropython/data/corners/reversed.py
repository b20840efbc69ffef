class R:
    def __reversed__(self):
        return "mine"
print(reversed(R()), list(reversed([1, 2])), list(reversed("ab")))
