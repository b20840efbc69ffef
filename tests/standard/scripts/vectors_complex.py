z = 1 + 2j  #: 12
w = complex(3, -1)  #: 12
print(z + w, z * w, z.real, z.imag, abs(3 + 4j), z == 1 + 2j, -z)  #: 12*2 8*2 12 8 12*2
zs = [complex(i, i * i) for i in range(5)]  #: 16*4 12*5 +32
print(sum(zs, 0j), zs)  #: 12*5
import cmath
print(cmath.phase(1j), cmath.sqrt(-1) if hasattr(cmath, "sqrt") else "-")  #: 8 12
#| (4+1j) (5+5j) 1.0 2.0 5.0 True (-1-2j)
#| (10+30j) [0j, (1+1j), (2+4j), (3+9j), (4+16j)]
#| 1.5707964 (-4.371139e-08+1j)
