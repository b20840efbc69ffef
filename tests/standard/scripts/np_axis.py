from ulab import numpy as np  #: 12
m = np.array([[3.0, 1.0, 2.0], [9.0, 7.0, 8.0]])  #: 16*6 52 16 24
print(np.sum(m, axis=0), np.sum(m, axis=1), np.mean(m, axis=0), np.max(m, axis=1), np.argmax(m, axis=1), np.min(m, axis=0))  #: 20*2 52 16 12 20*2 52 16 8 20*2 52 16 12 16*2 20*2 52 16 8 16*2 20*2 52 16 4 16*2 20*2 52 16 12 8*13
print(np.sort(m, axis=1), np.flip(m), np.roll(m, 1), np.diff(np.array([1, 4, 9])), np.cumsum(np.array([1, 2, 3])) if hasattr(np, "cumsum") else "-")  #: 16 52 24 16*3 52 16 24 52 16 24 16*2 52 16 12 2 16 52 16 8 16 8*20
print(np.std(m, axis=0), np.all(m > 0), np.any(m > 8), np.isfinite(m), np.delete(np.arange(5), 2) if hasattr(np, "delete") else "-")  #: 20*2 52 16 12 16 52 16 1 16*3 52 16 6 16 52 16 1 16*3 52 16 6 52 16 6 16 52 16 10 4 16*5 52 16 8*4
print(np.linalg.det(np.array([[1, 2], [3, 4]])), np.linalg.inv(np.array([[2.0, 0.0], [0.0, 4.0]])), np.linalg.norm(np.array([3, 4])))  #: 16*6 52 16*3 8 16*6 52 16*3 52 16*5 52 16 8 52 16 4 8*5
print(np.trapz(np.array([1, 2, 3])), np.interp(np.array([1.5]), np.array([1, 2]), np.array([10, 20])), np.polyfit(np.array([0, 1, 2]), np.array([1, 3, 5]), 1), np.polyval([2, 1], [0, 1]))  #: 16*2 52 16 12 8 16*2 52 16 4 16*2 52 16 8 16*2 52 16 8 16 52 16 4 16*2 52 16 12 16*2 52 16 12*2 8*3 12 8*3 24 16*3 52 16 8 16*4 8 16 52 16 8*6
#| array([12.0, 8.0, 10.0], dtype=float32) array([6.0, 24.0], dtype=float32) array([6.0, 4.0, 5.0], dtype=float32) array([3.0, 9.0], dtype=float32) array([0, 0], dtype=int16) array([3.0, 1.0, 2.0], dtype=float32)
#| array([[1.0, 2.0, 3.0],
#|        [7.0, 8.0, 9.0]], dtype=float32) array([8.0, 7.0, 9.0, 2.0, 1.0, 3.0], dtype=float32) array([[8.0, 3.0, 1.0],
#|        [2.0, 9.0, 7.0]], dtype=float32) array([3.0, 5.0], dtype=float32) -
#| array([3.0, 3.0, 3.0], dtype=float32) True True array([[True, True, True],
#|        [True, True, True]], dtype=bool) array([0, 1, 3, 4], dtype=int16)
#| -2.0 array([[0.5, 0.0],
#|        [0.0, 0.25]], dtype=float32) 5.0
#| 4.0 array([15.0], dtype=float32) array([2.0, 1.0], dtype=float32) array([1.0, 3.0], dtype=float32)
