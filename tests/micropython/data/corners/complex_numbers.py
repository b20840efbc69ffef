inf = float("inf")
nan = float("nan")
for z in ("complex(0, 0) ** 2", "complex(0, 0) ** 0", "0j ** 1j", "complex(1, 0) / complex(0, 2)", "complex(3, 4) / complex(2, 0)"):
    try:
        print(eval(z))
    except ZeroDivisionError as e:
        print(e)
print({complex(1, 2): 3}[complex(1, 2)])
