"""Export to a workbook with XlsxWriter in its mode of constant memory. Numbers stay numbers, lists
become JSON text, and nothing is formatted.
"""

import sys

import xlsxwriter
from columns import names, rows

source, target = sys.argv[1:]
with xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_urls": False}) as workbook:
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, names())
    for number, row in enumerate(rows(source), 1):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
