/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

G_BEGIN_DECLS

/** "525,600": grouped as the locale does. */
char *op_format_count    (guint64 count);
/** "12 s", "3 min", "2 h 10 min", "7 d": how long something takes. */
char *op_format_duration (double seconds);
/** "1,204 records saved as TOA5": said when a file was written. */
char *op_format_saved_toa5 (guint64 n_records);
/** "+0.31 s", "−2 s", "+3 min 5 s": of a clock; no more digits than the uncertainty lets be known. */
char *op_format_offset   (gint64 offset_us, gint64 uncertainty_us);
/** A measured value with as many digits as people read: "9.42", "1013.2", "NAN"; whole ones with all of them. */
char *op_format_value    (OpType type, double value);
/** Something worked out of values: "29.5", "101325000150"; seven digits that count, or all before the point. */
char *op_format_result   (double number, gboolean has_sign);
/** "+0.31 s ± 0.02 s" */
char *op_format_offset_bounds (gint64 offset_us, gint64 uncertainty_us);
/** "UTC", "UTC+1", "UTC−3:30" */
char *op_format_utc_offset (gint utc_offset_s);
/** The date and time of a logger's clock as @format (of g_date_time_format()) wants it. */
char *op_format_time     (OpTime time, const char *format);

G_END_DECLS
