/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OpTime:
 *
 * Logger time: nanoseconds since 1990-01-01 00:00:00 of the logger's own clock. It has no zone: the
 * station's offset from UTC is a setting of the station, applied only where time is shown or exported.
 * (BMP5 manual, Appendix A, type NSec; pakbus-facts F5.) Range: 1698 to 2282.
 */
typedef gint64 OpTime;

#define OP_TIME_UNKNOWN   G_MININT64
#define OP_SECOND         G_GINT64_CONSTANT (1000000000)
#define OP_MINUTE         (60 * OP_SECOND)
#define OP_HOUR           (60 * OP_MINUTE)
#define OP_DAY            (24 * OP_HOUR)
/* Seconds from the Unix epoch to 1990-01-01. */
#define OP_UNIX_OF_1990   G_GINT64_CONSTANT (631152000)
/* Room for "YYYY-MM-DD HH:MM:SS.nnnnnnnnn" and its NUL. */
#define OP_TIME_TEXT_SIZE 32

/** Joins a wire pair; @nsec outside 0..999999999 is ignored, as the CR200 sends nonsense there (F5). */
OpTime   op_time_from_parts   (gint64 sec, gint64 nsec);
/** Splits into floored seconds and 0 <= nsec < 1e9. */
void     op_time_to_parts     (OpTime time, gint32 *sec, gint32 *nsec);
/**
 * Writes "YYYY-MM-DD HH:MM:SS" with a fraction only if it is not zero and without trailing zeros,
 * as TOA5 wants it (file-formats.md, section 1). Returns the length without the NUL.
 * OP_TIME_UNKNOWN gives an empty text.
 */
gsize    op_time_format       (OpTime time, char text[OP_TIME_TEXT_SIZE]);
/** Reads what op_time_format() writes; a "T" between date and time, date only, and 24:00 are accepted. */
gboolean op_time_parse        (const char *text, OpTime *time);
/** Converts from microseconds since the Unix epoch (UTC) to logger time @utc_offset_s east of UTC. */
OpTime   op_time_from_unix_us (gint64 unix_us, gint utc_offset_s);
/** The reverse of op_time_from_unix_us(). */
gint64   op_time_to_unix_us   (OpTime time, gint utc_offset_s);

G_END_DECLS
