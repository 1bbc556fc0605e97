"""Export to a workbook with PyExcelerate, which keeps all cells in memory. Numbers stay numbers,
lists become JSON text, and nothing is formatted.
"""

import sys

from columns import names, rows
from pyexcelerate import Workbook

source, target = sys.argv[1:]
workbook = Workbook()
workbook.new_sheet("Calls", data=[names(), *rows(source)])
workbook.save(target)
