# SPDX-License-Identifier: GPL-3.0-or-later
"""Three days of hours as a TOA5 file, with averages, their extremes, and totals."""
import datetime
import math

HEAD = ['"TOA5","Mast","CR1000","1","CR1000.Std.32.05","CPU:mast.CR1","1","Hourly"',
        '"TIMESTAMP","RECORD","T_Avg","T_Min","T_Max","RH_Avg","Rain_Tot"',
        '"TS","RN","Deg C","Deg C","Deg C","%","mm"', '"","","Avg","Min","Max","Avg","Tot"']
START = datetime.datetime(2026, 1, 1)


def write(path):
    lines = list(HEAD)
    for i in range(72):
        t = 10 + 6 * math.sin(i / 24 * 2 * math.pi)
        lines.append(f'"{START + datetime.timedelta(hours=i)}",{i},{t:.2f},{t - 2:.2f},{t + 3:.2f},'
                     f'{70 - 2 * t:.1f},{max(0, i % 17 - 14)}')
    path.write_text("\r\n".join(lines) + "\r\n")
    return path
