"""``%`` with a text or bytes on the left (py/objstr.c, ``str_modulo_format``)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestArguments(Pinned):
    """How many, from a tuple or one object, by name."""

    cases = r"""
'' % (), '%%' % (), 'a%%b' % (), '%%%s' % 1 ==> ('', '%', 'a%b', '%1')
'%s' % 1 ==> '1'
'%s' % 'a' ==> 'a'
'%s' % None ==> 'None'
'%s' % [1] ==> '[1]'
'%s' % {} ==> '{}'
'%s' % (1,) ==> '1'
'%s' % ((1, 2),) ==> '(1, 2)'
'%s' % b'a' ==> "b'a'"
'%s' % 1.5 ==> '1.5'
'%s' % True ==> 'True'
'%s %s' % (1, 2) ==> '1 2'
'%s' % () ==> ! TypeError: format string needs more arguments
'%s' % (1, 2) ==> ! TypeError: format string didn't convert all arguments
'%s %s' % 1 ==> ! TypeError: format string needs more arguments
'%s %s' % (1,) ==> ! TypeError: format string needs more arguments
'a' % 1 ==> ! TypeError: format string didn't convert all arguments
'a' % () ==> 'a'
'a' % (1,) ==> ! TypeError: format string didn't convert all arguments
'a' % {} ==> 'a'
'a' % {'b': 1} ==> 'a'
'a' % [] ==> ! TypeError: format string didn't convert all arguments
'%(a)s %(b)d' % {'a': 1, 'b': 2} ==> '1 2'
'%(a)s %(a)r' % {'a': 'x'} ==> "x 'x'"
'%(b)s' % {'a': 1} ==> ! KeyError: b
'%(a)s' % 1 ==> ! TypeError: format needs a dict
'%(a)s' % (1,) ==> ! TypeError: format needs a dict
'%(a' % {'a': 1} ==> ! ValueError: incomplete format key
'%(a)' % {'a': 1} ==> ! ValueError: incomplete format
'%(a)%' % {'a': 1} ==> ! ValueError: unsupported format character '%' (0x25) at index 4
'%()s' % {'': 1} ==> '1'
'%(a b)s' % {'a b': 1} ==> '1'
'%s %(a)s' % {'a': 1} ==> "{'a': 1} 1"
'%' % () ==> ! ValueError: incomplete format
'%' % 1 ==> ! ValueError: incomplete format
'a%' % 1 ==> ! ValueError: incomplete format
'%5' % 1 ==> ! ValueError: incomplete format
'%.' % 1 ==> ! ValueError: incomplete format
'%-' % 1 ==> ! ValueError: incomplete format
'%l' % 1 ==> ! ValueError: unsupported format character 'l' (0x6c) at index 1
'%q' % 1 ==> ! ValueError: unsupported format character 'q' (0x71) at index 1
'%y' % 1 ==> ! ValueError: unsupported format character 'y' (0x79) at index 1
'%z' % 1 ==> ! ValueError: unsupported format character 'z' (0x7a) at index 1
'%k' % 1 ==> ! ValueError: unsupported format character 'k' (0x6b) at index 1
'%!' % 1 ==> ! ValueError: unsupported format character '!' (0x21) at index 1
'%ld' % 5 ==> ! ValueError: unsupported format character 'l' (0x6c) at index 1
'%*d' % (5, 42) ==> '   42'
'%-*d|' % (5, 42) ==> '42   |'
'%.*f' % (1, 2.5) ==> '2.5'
'%*.*f' % (6, 1, 2.5) ==> '   2.5'
'%*d' % (5,) ==> ! TypeError: format string needs more arguments
'%*d' % ('a', 1) ==> ! TypeError: can't convert str to int
'%*s' % (-5, 'a') ==> 'a'
"""


class TestIntegers(Pinned):
    """Conversions of whole numbers; floats are cut."""

    setup = "B = 10 ** 20\n"
    cases = r"""
'%d' % 0 ==> '0'
'%d' % 5 ==> '5'
'%d' % -5 ==> '-5'
'%d' % 255 ==> '255'
'%d' % -255 ==> '-255'
'%i' % 0 ==> '0'
'%i' % 5 ==> '5'
'%i' % -5 ==> '-5'
'%i' % 255 ==> '255'
'%i' % -255 ==> '-255'
'%u' % 0 ==> '0'
'%u' % 5 ==> '5'
'%u' % -5 ==> '-5'
'%u' % 255 ==> '255'
'%u' % -255 ==> '-255'
'%x' % 0 ==> '0'
'%x' % 5 ==> '5'
'%x' % -5 ==> '-5'
'%x' % 255 ==> 'ff'
'%x' % -255 ==> '-ff'
'%X' % 0 ==> '0'
'%X' % 5 ==> '5'
'%X' % -5 ==> '-5'
'%X' % 255 ==> 'FF'
'%X' % -255 ==> '-FF'
'%o' % 0 ==> '0'
'%o' % 5 ==> '5'
'%o' % -5 ==> '-5'
'%o' % 255 ==> '377'
'%o' % -255 ==> '-377'
'%5d|' % 42 ==> '   42|'
'%5d|' % -42 ==> '  -42|'
'%-5d|' % 42 ==> '42   |'
'%-5d|' % -42 ==> '-42  |'
'%05d|' % 42 ==> '00042|'
'%05d|' % -42 ==> '-0042|'
'%+d|' % 42 ==> '+42|'
'%+d|' % -42 ==> '-42|'
'% d|' % 42 ==> ' 42|'
'% d|' % -42 ==> '-42|'
'%+5d|' % 42 ==> '  +42|'
'%+5d|' % -42 ==> '  -42|'
'%-05d|' % 42 ==> '42000|'
'%-05d|' % -42 ==> '-4200|'
'%.3d|' % 42 ==> '042|'
'%.3d|' % -42 ==> '-042|'
'%5.3d|' % 42 ==> '  042|'
'%5.3d|' % -42 ==> ' -042|'
'%#x|' % 42 ==> '0x2a|'
'%#x|' % -42 ==> '-0x2a|'
'%#X|' % 42 ==> '0X2A|'
'%#X|' % -42 ==> '-0X2A|'
'%#o|' % 42 ==> '0o52|'
'%#o|' % -42 ==> '-0o52|'
'%#d|' % 42 ==> '42|'
'%#d|' % -42 ==> '-42|'
'%#06x|' % 42 ==> '0x002a|'
'%#06x|' % -42 ==> '-0x02a|'
'%-#6x|' % 42 ==> '0x2a  |'
'%-#6x|' % -42 ==> '-0x2a |'
'%+x|' % 42 ==> '+2a|'
'%+x|' % -42 ==> '-2a|'
'%08x|' % 42 ==> '0000002a|'
'%08x|' % -42 ==> '-000002a|'
'%0d|' % 42 ==> '42|'
'%0d|' % -42 ==> '-42|'
'%1d|' % 42 ==> '42|'
'%1d|' % -42 ==> '-42|'
'%d' % B ==> '100000000000000000000'
'%d' % -B ==> '-100000000000000000000'
'%x' % B ==> '56bc75e2d63100000'
'%x' % -B ==> '-56bc75e2d63100000'
'%o' % B ==> '12657072742654304000000'
'%o' % -B ==> '-12657072742654304000000'
'%i' % B ==> '100000000000000000000'
'%i' % -B ==> '-100000000000000000000'
'%25d' % B ==> '    100000000000000000000'
'%25d' % -B ==> '   -100000000000000000000'
'%-25d' % B ==> '100000000000000000000    '
'%-25d' % -B ==> '-100000000000000000000   '
'%+d' % B ==> '+100000000000000000000'
'%+d' % -B ==> '-100000000000000000000'
'%d' % 1.9 ==> '1'
'%d' % -1.9 ==> '-1'
'%d' % True ==> '1'
'%d' % 1.0 ==> '1'
'%d' % '1' ==> ! TypeError: can't convert str to int
'%d' % None ==> ! TypeError: can't convert NoneType to int
'%d' % [] ==> ! TypeError: can't convert list to int
'%d' % (1,) ==> '1'
'%x' % 1.5 ==> ! TypeError: can't convert float to int
'%x' % True ==> '1'
'%x' % 'a' ==> ! TypeError: can't convert str to int
'%u' % -1 ==> '-1'
'%c' % 97 ==> 'a'
'%c' % 'a' ==> 'a'
'%c' % 'ñ' ==> ! TypeError: %c needs int or char
'%c' % 'ab' ==> ! TypeError: %c needs int or char
'%c' % '' ==> ! TypeError: %c needs int or char
'%c' % 0 ==> '\x00'
'%c' % 1.5 ==> ! TypeError: integer needed
'%c' % None ==> ! TypeError: integer needed
'%c' % True ==> '\x01'
'%c' % 256 + 65 ==> ! TypeError: unsupported types for __add__: 'str', 'int'
'%5c|' % 'a', '%-5c|' % 97, '%05c|' % 97 ==> ('    a|', 'a    |', '    a|')
'%d%%' % 50 ==> '50%'
'%d %s %x' % (1, 'a', 255) ==> '1 a ff'
'%+d % d' % (1, 2) ==> '+1  2'
'%+-5d|%-+5d|' % (1, 2) ==> '+1   |+2   |'
'%0+5d' % 3 ==> '+0003'
'%+ d' % 3 ==> '+3'
'%- 5d|' % 3 ==> ' 3   |'
'%000005d' % 3 ==> '00003'
"""


class TestTexts(Pinned):
    """``%s`` and ``%r``: width and precision."""

    setup = "class C:\n    def __str__(self):\n        return 'see'\n    def __repr__(self):\n        return 'rep'\n"
    cases = r"""
'%5s|' % 'abc' ==> '  abc|'
'%-5s|' % 'abc' ==> 'abc  |'
'%05s|' % 'abc' ==> '  abc|'
'%.2s|' % 'abc' ==> 'ab|'
'%5.2s|' % 'abc' ==> '   ab|'
'%-5.2s|' % 'abc' ==> 'ab   |'
'%.0s|' % 'abc' ==> '|'
'%.9s|' % 'abc' ==> 'abc|'
'%+s|' % 'abc' ==> 'abc|'
'% s|' % 'abc' ==> 'abc|'
'%#s|' % 'abc' ==> 'abc|'
'%r|' % "a'b" ==> '"a\'b"|'
'%8r|' % "a'b" ==> '   "a\'b"|'
'%-8r|' % "a'b" ==> '"a\'b"   |'
'%.2r|' % "a'b" ==> '"a|'
'%s %r' % (C(), C()) ==> 'see rep'
'%5s|%-5s|%.1s' % (C(), C(), C()) ==> '  see|see  |s'
'%s %r' % ('ñ', 'ñ') ==> "\xf1 '\\xf1'"
'%4s|%-4s|%.1s' % ('ñ', 'ñ', 'ab') ==> '  \xf1|\xf1  |a'
'%s' % 'a' * 2 ==> 'aa'
'%r' % [1, 'a'], '%r' % ('a',), '%r' % None ==> ("[1, 'a']", "'a'", 'None')
'%a' % 'a' ==> ! ValueError: unsupported format character 'a' (0x61) at index 1
'%s' % '' ==> ''
'%10s|%-10s|' % ([1], {}) ==> '       [1]|{}        |'
b'%d %x' % (1, 255) ==> b'1 ff'
b'%s' % b'a' ==> b'a'
b'%s' % 'a' ==> b'a'
b'%s' % 1 ==> b'1'
b'%s' % bytearray(b'a') ==> b"bytearray(b'a')"
b'%r' % 'a' ==> b"'a'"
b'%c' % 97 ==> b'a'
b'%5d|' % 3 ==> b'    3|'
b'%(a)s' % {'a': b'x'} ==> b'x'
b'%(a)s' % {b'a': b'x'} ==> ! KeyError: a
b'%' % 1 ==> ! ValueError: incomplete format
bytearray(b'%d') % 1 ==> ! TypeError: unsupported types for __mod__: 'bytearray', 'int'
"""


class TestFloats(Pinned):
    """Values that single and double precision print alike; where they are rounded to fewer digits, single precision."""

    cases = r"""
'%f' % 1.5 ==> '1.500000'
'%f' % -0.25 ==> '-0.250000'
'%f' % 0.0 ==> '0.000000'
'%f' % 1234.5 ==> '1234.500000'
'%.0f' % 1.5 ==> '2'
'%.0f' % -0.25 ==> '-0'
'%.0f' % 0.0 ==> '0'
'%.0f' % 1234.5 ==> '1235'
'%.1f' % 1.5 ==> '1.5'
'%.1f' % -0.25 =~> '-0.2'
'%.1f' % 0.0 ==> '0.0'
'%.1f' % 1234.5 ==> '1234.5'
'%.3f' % 1.5 ==> '1.500'
'%.3f' % -0.25 ==> '-0.250'
'%.3f' % 0.0 ==> '0.000'
'%.3f' % 1234.5 ==> '1234.500'
'%e' % 1.5 ==> '1.500000e+00'
'%e' % -0.25 ==> '-2.500000e-01'
'%e' % 0.0 ==> '0.000000e+00'
'%e' % 1234.5 ==> '1.234500e+03'
'%.0e' % 1.5 ==> '2e+00'
'%.0e' % -0.25 =~> '-2e-01'
'%.0e' % 0.0 ==> '0e+00'
'%.0e' % 1234.5 ==> '1e+03'
'%.2e' % 1.5 ==> '1.50e+00'
'%.2e' % -0.25 ==> '-2.50e-01'
'%.2e' % 0.0 ==> '0.00e+00'
'%.2e' % 1234.5 ==> '1.23e+03'
'%E' % 1.5 ==> '1.500000E+00'
'%E' % -0.25 ==> '-2.500000E-01'
'%E' % 0.0 ==> '0.000000E+00'
'%E' % 1234.5 ==> '1.234500E+03'
'%g' % 1.5 ==> '1.5'
'%g' % -0.25 ==> '-0.25'
'%g' % 0.0 ==> '0'
'%g' % 1234.5 ==> '1234.5'
'%.2g' % 1.5 ==> '1.5'
'%.2g' % -0.25 ==> '-0.25'
'%.2g' % 0.0 ==> '0'
'%.2g' % 1234.5 ==> '1.2e+03'
'%G' % 1.5 ==> '1.5'
'%G' % -0.25 ==> '-0.25'
'%G' % 0.0 ==> '0'
'%G' % 1234.5 ==> '1234.5'
'%F' % 1.5 ==> '1.500000'
'%F' % -0.25 ==> '-0.250000'
'%F' % 0.0 ==> '0.000000'
'%F' % 1234.5 ==> '1234.500000'
'%s' % 1.5 ==> '1.5'
'%s' % -0.25 ==> '-0.25'
'%s' % 0.0 ==> '0.0'
'%s' % 1234.5 ==> '1234.5'
'%r' % 1.5 ==> '1.5'
'%r' % -0.25 ==> '-0.25'
'%r' % 0.0 ==> '0.0'
'%r' % 1234.5 ==> '1234.5'
'%8.2f|' % 2.5 ==> '    2.50|'
'%8.2f|' % -2.5 ==> '   -2.50|'
'%-8.2f|' % 2.5 ==> '2.50    |'
'%-8.2f|' % -2.5 ==> '-2.50   |'
'%08.2f|' % 2.5 ==> '00002.50|'
'%08.2f|' % -2.5 ==> '-0002.50|'
'%+.1f|' % 2.5 ==> '+2.5|'
'%+.1f|' % -2.5 ==> '-2.5|'
'% .1f|' % 2.5 ==> ' 2.5|'
'% .1f|' % -2.5 ==> '-2.5|'
'%+8.1f|' % 2.5 ==> '    +2.5|'
'%+8.1f|' % -2.5 ==> '    -2.5|'
'%-+8.1f|' % 2.5 ==> '+2.5    |'
'%-+8.1f|' % -2.5 ==> '-2.5    |'
'%#.0f|' % 2.5 ==> '3|'
'%#.0f|' % -2.5 ==> '-3|'
'%5f|' % 2.5 ==> '2.500000|'
'%5f|' % -2.5 ==> '-2.500000|'
'%.f|' % 2.5 ==> '3|'
'%.f|' % -2.5 ==> '-3|'
'%f' % float('inf') ==> 'inf'
'%f' % float('nan') ==> 'nan'
'%e' % float('inf') ==> 'inf'
'%e' % float('nan') ==> 'nan'
'%g' % float('inf') ==> 'inf'
'%g' % float('nan') ==> 'nan'
'%d' % float('inf') ==> ! OverflowError: can't convert inf to int
'%d' % float('nan') ==> ! ValueError: can't convert NaN to int
'%s' % float('inf') ==> 'inf'
'%s' % float('nan') ==> 'nan'
'%5f' % float('inf') ==> '  inf'
'%5f' % float('nan') ==> '  nan'
'%05f' % float('inf') ==> '00inf'
'%05f' % float('nan') ==> '00nan'
'%+f' % float('inf') ==> '+inf'
'%+f' % float('nan') ==> '+nan'
'%f' % 5 ==> '5.000000'
'%f' % True ==> '1.000000'
'%f' % -3 ==> '-3.000000'
'%.1f' % 5 ==> '5.0'
'%.1f' % True ==> '1.0'
'%.1f' % -3 ==> '-3.0'
'%e' % 5 ==> '5.000000e+00'
'%e' % True ==> '1.000000e+00'
'%e' % -3 ==> '-3.000000e+00'
'%g' % 5 ==> '5'
'%g' % True ==> '1'
'%g' % -3 ==> '-3'
'%.0f' % 5 ==> '5'
'%.0f' % True ==> '1'
'%.0f' % -3 ==> '-3'
'%f' % 'a' ==> ! TypeError: can't convert str to float
'%f' % None ==> ! TypeError: can't convert NoneType to float
'%f' % [] ==> ! TypeError: can't convert list to float
'%f' % 1j ==> ! TypeError: can't convert complex to float
'%.1f' % 0.25 =~> '0.2'
'%.1f' % 0.75 ==> '0.8'
'%.1f' % 0.05 =~> '0.0'
'%.1f' % -0.05 =~> '-0.0'
'%.1f' % 0.95 =~> '1.0'
'%.0f' % 0.5 =~> '0'
'%.0f' % 2.5 ==> '3'
'%.0f' % -0.5 =~> '-0'
'%.10f' % 0.5 ==> '0.5000000000'
'%5.1f%%' % 12.5 ==> ' 12.5%'
"""
